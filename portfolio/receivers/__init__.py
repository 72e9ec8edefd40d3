"""Mottagande chefer: whether they can carry a change, how ready their people are, and how heavy it feels."""
