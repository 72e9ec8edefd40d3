"""Tables become files: a workbook and JSON for people and systems, lines for a backup.

workbooks   one list as an .xlsx that no spreadsheet takes for formulas
values      what stands in a column, as JSON can say it, and back
"""
