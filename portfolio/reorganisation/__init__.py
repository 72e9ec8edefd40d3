"""Organisationen ändras: units that are renamed, moved, merged or split from a week on."""
