"""The event log: written with what it tells of or not at all, sealed, and kept through a crash."""
