"""What every event is, and of what its fields are made."""

from dataclasses import asdict, dataclass
from typing import ClassVar

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """The base of all events."""

    name: ClassVar[str]

    @property
    def subject(self) -> str:
        """What the event is about, as `kind/key`."""
        raise NotImplementedError

    def data(self) -> dict[str, Json]:
        """The fields as they are stored and sent."""
        return asdict(self)
