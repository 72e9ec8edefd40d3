"""How things are, what is waiting to be told, and what each letter tells."""
