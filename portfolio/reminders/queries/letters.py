"""What one letter tells of: everything that its reader is to be told at this moment, rule by rule."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from portfolio.base.time import today
from portfolio.reminders.queries import facts as how_things_are
from portfolio.reminders.queries.facts import Recipient
from portfolio.reminders.queries.matters import Item, Known, Waiting
from portfolio.reminders.queries.waiting import paused
from portfolio.reminders.queries.weekly import Weekly
from portfolio.reminders.rules.catalogue import RULES, Setting
from portfolio.reminders.rules.due import Due, Key, due
from portfolio.reminders.rules.judging import DONE, NOTHING_TO_TELL, PAUSED, Standing, why_not
from portfolio.reminders.rules.manners import Absences, receiver_of
from portfolio.reminders.writing import Part

FROM_EVENTS = frozenset({"collision", "minutes_completed", "proposal_answered"})
"""The rules that something brought about: no rule of time says whether they still hold."""


@dataclass(frozen=True)
class Moment:
    """How everything is at one moment: read once, and looked at for every letter."""

    now: datetime
    base_url: str
    people: Mapping[int, Recipient]
    away: Absences
    settings: Mapping[str, Setting]
    known: Known
    dues: Sequence[Due]

    @cached_property
    def due_keys(self) -> Collection[Key]:
        """What the rules of time say is to be told."""
        return {one.key for one in self.dues}

    @cached_property
    def weekly(self) -> Weekly:
        """The veckobrev."""
        return Weekly(self.known)

    def receiver_of(self, person_id: int) -> Recipient | None:
        """Who gets a person's letter today; None while nobody does."""
        found = receiver_of(person_id, today(self.now), self.away)
        return None if found is None else self.people[found]


def moment_of(now: datetime, base_url: str) -> Moment:
    """Look at everything."""
    people, away, settings = how_things_are.recipients(), how_things_are.absences(now), how_things_are.settings()
    facts = how_things_are.facts(now, people, away)
    instead = {person_id: receiver_of(person_id, today(now), away) for person_id in away}
    readers = {person_id: people[reader] for person_id, reader in instead.items() if reader is not None}
    known = Known(now, base_url, facts, people, readers)
    return Moment(now, base_url, people, away, settings, known, due(now, facts, settings))


def not_to_be_told(rows: Sequence[Waiting], at: Moment) -> dict[int, str]:
    """{reminder's id: why it is not to be told}, of those that are not."""
    reasons = {row.id: why for row in rows if (why := why_not(_standing(row, at), at.due_keys, at.now)) is not None}
    done = {row.id: row.about for row in rows if reasons.get(row.id) == DONE}
    paused_ones = paused(set(done.values()))
    reasons |= {row_id: PAUSED for row_id, code in done.items() if code in paused_ones}
    empty = [row for row in rows if row.rule == "weekly_letter" and row.id not in reasons and row.due_at <= at.now]
    return reasons | {
        row.id: NOTHING_TO_TELL for row in empty if not at.weekly.is_anything(at.people[row.person_id], ())
    }


def _standing(row: Waiting, at: Moment) -> Standing:
    person, receiver = at.people[row.person_id], at.receiver_of(row.person_id)
    return Standing(
        key=row.key,
        due_at=row.due_at,
        useful_until=row.useful_until,
        rule_active=row.rule in at.settings and at.settings[row.rule].active,
        person_active=person.active,
        has_receiver=receiver is not None,
        is_own=receiver is person,
        has_address=receiver is not None and receiver.active and bool(receiver.email),
        bounced=receiver is not None and receiver.bounced,
        wants_weekly=person.rhythm != "never",
        is_tied=row.letter_id is not None,
        is_timed=row.rule in RULES and row.rule not in FROM_EVENTS,
    )


def told_in(rows: Sequence[Waiting], items: Mapping[int, Item | str], receiver: Recipient, at: Moment) -> list[Part]:
    """The parts of a letter: each rule's matters together, those of whom the reader stands in for by themselves."""
    parts: dict[tuple[str, str], list[Item]] = {}
    for row in sorted(rows, key=lambda one: one.due_at):
        item = items.get(row.id)
        if isinstance(item, dict):
            instead_of = "" if row.person_id == receiver.id else at.people[row.person_id].function
            parts.setdefault((row.rule, instead_of), []).append(item)
    told = [Part(rule, tuple(found), instead_of) for (rule, instead_of), found in parts.items()]
    weekly = any(row.rule == "weekly_letter" and row.person_id == receiver.id for row in rows)
    item = at.weekly.item(receiver, {(row.rule, row.subject) for row in rows}) if weekly else None
    return told if item is None else [*told, Part("weekly_letter", (item,))]
