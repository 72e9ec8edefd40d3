"""How a foreign list is understood: pure functions from cells to drafts of initiatives.

tables    a sheet as rows of cells: where the header is, what the columns are called
headers   which column holds which field, guessed from Swedish and English headers
dates     how a date cell is read, and when it is refused as ambiguous
words     statuses, impacts and units as people write them
rows      one source row becomes a `Draft`, or is `Refused` with its reasons
"""
