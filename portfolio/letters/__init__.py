"""The one road to e-mail: one letter a person and day, never lost."""
