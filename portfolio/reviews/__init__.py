"""Portföljen i backspegeln: what half a year came to, and what was changed in the way of working."""
