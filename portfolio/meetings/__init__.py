"""The ledningsgrupp's weekly meeting."""
