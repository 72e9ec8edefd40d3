"""Who reacts to which event: the product's whole nervous system on one screen.

A handler's name is stored with every delivery of it: to rename one strands what is on its way.
"""
