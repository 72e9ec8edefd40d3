"""How large a list may be. A larger one is refused before it can cost memory or time."""

UPLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes of the file as it is sent."""
UNPACKED_LIMIT = 120 * 1024 * 1024
"""Bytes of all parts of an Excel file, by its own account, which is then held to."""
RATIO_LIMIT = 100
"""How many times its size an Excel file may unpack to."""
PART_LIMIT = 200
"""Files inside an Excel file."""
ROW_LIMIT = 50_000
"""Rows below the header."""
COLUMN_LIMIT = 100
"""Columns of the list."""
ROW_NUMBER_LIMIT = ROW_LIMIT + 100
"""The last row number of the file: titles and blank rows around the list are no rows of it."""
