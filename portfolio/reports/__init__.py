"""Lägesrapporter: how an initiative goes, told by the one who knows."""
