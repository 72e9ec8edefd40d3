"""What a document is put together from, whoever draws it: headings with facts, sentences, lists and tables below."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fact:
    """What is called something: `Skäl` and the reason. What is `weighty` is what the reader looks for."""

    label: str
    text: str
    weighty: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts below one another."""

    facts: tuple[Fact, ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph. What is `noticed` must not be read past: a draft, a correction, something kept out."""

    text: str
    noticed: bool = False
    kind: Literal["sentence"] = "sentence"


@dataclass(frozen=True, slots=True)
class Lines:
    """A list, one thing a line."""

    lines: tuple[str, ...]
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its header. The first cell of a row says what the row is about; `name` is what it is called."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["table"] = "table"


Block = Facts | Sentence | Lines | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it. `parts` have headings one level further down; `id` is its address."""

    id: str
    heading: str
    blocks: tuple[Block, ...] = ()
    parts: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The whole document. `heading` is its first; `opening` stands below it, before the sections.

    `title`, `author` and `made_at` (None in a draft) are told to whoever keeps the file. `reference` stands on
    every page: which document this is.
    """

    title: str
    author: str
    made_at: datetime | None
    version: int
    sender: tuple[str, str]
    heading: str
    reference: str
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
