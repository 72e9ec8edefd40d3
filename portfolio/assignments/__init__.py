"""The assignments behind the initiatives: who ordered what, how clearly, and what is laid before a decision."""
