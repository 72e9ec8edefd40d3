"""Förändringsportföljen: a municipality's change portfolio and the load it puts on every unit."""
