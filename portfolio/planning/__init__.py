"""Försök: several decisions tried together on the load map before anybody takes them."""
