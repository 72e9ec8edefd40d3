"""Mål: the styrkort is written here, and it is seen how the portfolio is spread over it."""
