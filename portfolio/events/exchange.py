"""Lists that are read in."""

from dataclasses import dataclass

from portfolio.events.event import Event


@dataclass(frozen=True, kw_only=True)
class AboutImport(Event):
    """The base of events about the import of a list: `batch` is its number."""

    batch: int

    @property
    def subject(self) -> str:
        """The import."""
        return f"import/{self.batch}"


@dataclass(frozen=True, kw_only=True)
class ListImported(AboutImport):
    """A list was read in: how many of its rows were created, updated, unchanged and refused."""

    name = "import.stored"
    file: str
    created: int
    updated: int
    unchanged: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone(AboutImport):
    """An import was undone: what it created is gone, what it updated is as before."""

    name = "import.undone"
    removed: int
    restored: int
