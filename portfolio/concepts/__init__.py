"""Förändringskoncept: what one part of the municipality has learnt to do, written so that another can do it too."""
