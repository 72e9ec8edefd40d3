"""Prepare, hold and end a meeting."""
