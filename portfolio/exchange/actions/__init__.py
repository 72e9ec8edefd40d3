"""Read a list in, and undo that.

batches   a list on its way: uploaded, mapped, previewed, thrown away
storing   every good row in one transaction
undoing   within 24 hours: what was created disappears, what was updated is as before
"""
