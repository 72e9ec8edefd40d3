"""Who someone is and what they may do: persons, roles, sessions, tokens, sign-in."""
