"""Races: many processes against one database, and the canaries that must oversell without the lock."""
