"""Pure functions of a trial: `moves` (what it would change), `comparison` (how the map then differs)."""
