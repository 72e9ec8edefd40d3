"""Half-years, what happened in each of them, and how it is said."""
