"""Meetings of the ledningsgrupp, their agendas and their minutes."""

from dataclasses import dataclass

from portfolio.events.event import Event, Json


@dataclass(frozen=True, kw_only=True)
class AboutMeeting(Event):
    """The base of events about a meeting of the ledningsgrupp: `meeting` is its day, as `2026-11-24`."""

    meeting: str

    @property
    def subject(self) -> str:
        """The meeting."""
        return f"meeting/{self.meeting}"


@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(AboutMeeting):
    """The next meeting was put in the calendar; it begins at `starts_at`."""

    name = "meeting.planned"
    starts_at: str
    place: str


@dataclass(frozen=True, kw_only=True)
class MeetingMoved(AboutMeeting):
    """A planned meeting was moved, with all that is prepared for it: when it would have begun, and when it will."""

    name = "meeting.moved"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AgendaItemAdded(AboutMeeting):
    """Somebody put an initiative on the agenda, and said why."""

    name = "agenda.item_added"
    item: str
    initiative: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AgendaItemCarriedOver(AboutMeeting):
    """What somebody had added to an earlier meeting, on the day `before`, and it did not take up, came along."""

    name = "agenda.item_carried_over"
    item: str
    before: str


@dataclass(frozen=True, kw_only=True)
class AgendaItemMoved(AboutMeeting):
    """An item got another place on the agenda, 1 first."""

    name = "agenda.item_moved"
    item: str
    place: int


@dataclass(frozen=True, kw_only=True)
class AgendaItemHeldBack(AboutMeeting):
    """An item is not to be taken up at this meeting, or (`held_back` false) is to be after all."""

    name = "agenda.item_held_back"
    item: str
    held_back: bool


@dataclass(frozen=True, kw_only=True)
class AgendaFrozen(AboutMeeting):
    """The agenda was frozen and can be sent out: whatever changes from now on is marked. `items` are their keys."""

    name = "agenda.frozen"
    items: list[Json]


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(AboutMeeting):
    """A member asked something about an item before the meeting."""

    name = "agenda.question_asked"
    item: str
    text: str


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(AboutMeeting):
    """A question about an item was taken away, by whoever had asked it or leads the meeting."""

    name = "agenda.question_withdrawn"
    item: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MeetingBegan(AboutMeeting):
    """The meeting began; `items` are the keys of what it is to take up.

    `secretary` is the function that writes its minutes, `participants` who was expected there, as when it is noted.
    """

    name = "meeting.began"
    items: list[Json]
    secretary: str
    participants: list[Json]


@dataclass(frozen=True, kw_only=True)
class ItemShown(AboutMeeting):
    """Every screen of the meeting shows this item from now on; empty for none."""

    name = "meeting.item_shown"
    item: str


@dataclass(frozen=True, kw_only=True)
class ItemDecided(AboutMeeting):
    """An item ended with a decision, which has its own event: `decision` is its number, `basis` its kind.

    `point` is that of the delegationsordning, `remark` what somebody wanted noted; an item that is `withheld` is kept
    out of the general minutes.
    """

    name = "meeting.item_decided"
    item: str
    initiative: str
    decision: int
    basis: str
    point: str
    remark: str
    withheld: bool


@dataclass(frozen=True, kw_only=True)
class ItemReopened(AboutMeeting):
    """The decision that had ended an item was taken back at the meeting: the item waits again."""

    name = "meeting.item_reopened"
    item: str
    initiative: str
    decision: int


@dataclass(frozen=True, kw_only=True)
class MeetingEnded(AboutMeeting):
    """The meeting is over; `deferred` are the keys of what it did not have time for."""

    name = "meeting.ended"
    deferred: list[Json]


@dataclass(frozen=True, kw_only=True)
class MeetingReopened(AboutMeeting):
    """The ending of the meeting was taken back some seconds later: what it had deferred waits again."""

    name = "meeting.reopened"


@dataclass(frozen=True, kw_only=True)
class ParticipantsNoted(AboutMeeting):
    """Who was there and stood in for whom, where, and who wrote it down.

    `participants` is [{function, present, substitute}].
    """

    name = "meeting.participants_noted"
    participants: list[Json]
    place: str
    secretary: str


@dataclass(frozen=True, kw_only=True)
class MinutesCompleted(AboutMeeting):
    """The minutes were completed and locked: from now on they are a public record (allmän handling)."""

    name = "minutes.completed"
    number: str
    version: int
    correction: str
