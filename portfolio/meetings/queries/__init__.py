"""Which meeting is next, and what it is to talk about."""
