"""Files become tables: Excel and csv, with the limits checked before anything is unpacked or parsed.

files      the way in: `read_table`
refusal    `UnreadableFile` and the words for each reason
texts      csv in the encodings and with the delimiters that are in use
limits     how large a list may be
archive    the zip that an Excel file is, opened with care
workbook   the sheets in it, streamed row by row
"""

from portfolio.exchange.reading.files import read_table
from portfolio.exchange.reading.refusal import UnreadableFile

__all__ = ["UnreadableFile", "read_table"]
