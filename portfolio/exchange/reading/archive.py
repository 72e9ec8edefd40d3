"""The zip that an Excel file is, opened with care: its claims are checked first and held to afterwards."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from portfolio.exchange.reading.limits import PART_LIMIT, RATIO_LIMIT, UNPACKED_LIMIT
from portfolio.exchange.reading.refusal import UnreadableFile

_CHUNK = 64 * 1024
_END_RECORD = b"PK\x05\x06"
_END_RECORD_REACH = 22 + 0xFFFF
_LONGEST_ENTRY = 1024
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """The parts of a zip file within the limits; nothing is unpacked before it is asked for."""

    def __init__(self, data: bytes):
        """Check what the zip says about itself; raises `UnreadableFile`."""
        _check_directory(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
            raise UnreadableFile("damaged") from None
        parts = self._zip.infolist()
        if len(parts) > PART_LIMIT:
            raise UnreadableFile("too_many_parts", limit=PART_LIMIT)
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise UnreadableFile("locked")
        if any(part.compress_type not in _METHODS for part in parts):
            raise UnreadableFile("damaged")
        unpacked = sum(part.file_size for part in parts)
        if unpacked > UNPACKED_LIMIT or unpacked > RATIO_LIMIT * len(data):
            raise UnreadableFile("unpacked_too_large")

    def __contains__(self, name: object) -> bool:
        """Whether there is a part of this name."""
        return name in self._zip.NameToInfo

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of one part, never more than it declared.

        Raises `UnreadableFile` if the part is missing, damaged or larger than it said.
        """
        if name not in self:
            raise UnreadableFile("damaged")
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError):
            raise UnreadableFile("damaged") from None


def _check_directory(data: bytes) -> None:
    """Refuse a directory that is too long before it is read: a small zip can list a million parts."""
    at = data.rfind(_END_RECORD, max(0, len(data) - _END_RECORD_REACH))
    if at < 0 or len(data) - at < 22:
        raise UnreadableFile("damaged")
    entries, size = struct.unpack("<HI", data[at + 10 : at + 16])
    if entries > PART_LIMIT or size > PART_LIMIT * _LONGEST_ENTRY:
        raise UnreadableFile("too_many_parts", limit=PART_LIMIT)
