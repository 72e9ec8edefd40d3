"""Styrkortet: what the municipality wants, in the words of each year. Goals are written in `goals`."""
