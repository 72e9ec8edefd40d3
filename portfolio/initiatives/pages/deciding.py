"""The form of a decision and what stands beside it: the same on an initiative's own page and at a meeting."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import url_for

from portfolio.base.text import shortened
from portfolio.base.time import this_week, today
from portfolio.base.weeks import Week, parse_week
from portfolio.capacity.rules.ways import AskException
from portfolio.initiatives.decisions import plans
from portfolio.initiatives.decisions.asked import responsible_by_default
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.asking import FIELDS, GATED, read_as_far_as_possible, wished_in
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.outcomes import due_words, outcome_told
from portfolio.initiatives.pages.preview import Tried, doors_of, tried, tried_plan
from portfolio.initiatives.pages.proposal import chosen, people_choices, plan_context
from portfolio.initiatives.pages.ways import Doors
from portfolio.initiatives.queries.gate import Known
from portfolio.initiatives.queries.plans import phases_of, plan_of
from portfolio.initiatives.queries.states import status_of
from portfolio.initiatives.rules.ending import LESSON_WORDS
from portfolio.initiatives.rules.kinds import Kind, kind_word
from portfolio.initiatives.rules.starting import MISSING_WORDS
from portfolio.initiatives.rules.statuses import UNDECIDED, Status
from portfolio.outbox.queries import newest_seq
from portfolio.people.access import me
from portfolio.people.rules import May, may
from portfolio.units import queries as units
from portfolio.web.clock import now
from portfolio.web.forms import Errors

WAITING_LENGTH = 140
"""Signs of what happens if one waits, beside the verdict: more would push verdict and button apart."""

SAY_WHY = "Skriv varför det måste starta fast något saknas."

UNTIL_LABELS = {
    Kind.DEFER: "Tas upp igen",
    Kind.RETURN: "Kompletteras senast",
    Kind.REFER: "Besked väntas",
    Kind.PAUSE: "Återupptas omkring",
}


REASON_LABELS = {
    Kind.NOTE: "Anteckning",
    Kind.COMPLETE: "Vad blev effekten hittills?",
    Kind.CLOSE: "Vad blev effekten?",
}
"""What is written with a decision, of the kinds where that is no reason."""


def first_values(initiative: Initiative, kind: Kind, start_written: str | None = None) -> Values:
    """The form as it opens: the wished plan, the owner as responsible, and the start week that was asked for.

    The last day is left empty: unless one is written it is the first day of the start week, whichever that becomes.
    """
    start = _start_in(start_written) or _first_start(initiative, kind)
    phases = drafts.phase_values(phases_of(initiative)) if "phases" in FIELDS.get(kind, ()) else {}
    values = {
        "kind": kind.value,
        "version": str(initiative.version),
        "seen": str(newest_seq()),
        "start_week": drafts.week_text(start),
        "responsible": responsible_by_default(initiative),
        "rank": str(initiative.rank or "") if kind is Kind.RERANK else "",
    }
    return values | phases


def _first_start(initiative: Initiative, kind: Kind) -> Week | None:
    return this_week(now()) if kind is Kind.RESUME else initiative.start_week


def _start_in(written: str | None) -> Week | None:
    with suppress(ValueError):
        return parse_week(written or "")
    return None


def with_choice(values: Values, choice: str) -> Values:
    """The form after one of its own buttons was pressed."""
    if choice == "exception":
        return values | {"excepted": "on"}
    changed = chosen(values, choice)
    moved = changed.get("start_week") != values.get("start_week")
    return {name: text for name, text in changed.items() if not (moved and name == "excepted")}


def if_we_wait(initiative: Initiative) -> str:
    """What happens if one waits, in at most WAITING_LENGTH signs; empty of what is decided, or where nobody knows."""
    return shortened(initiative.if_we_wait, WAITING_LENGTH) if initiative.status in UNDECIDED else ""


def missing_of(initiative: Initiative) -> list[str]:
    """What an initiative still lacks before it may start, in words."""
    return missing_told(plans.missing_of(initiative, phases_of(initiative)))


def missing_told(missing: Sequence[str]) -> list[str]:
    """What a start lacks, in words, from its code words."""
    return [MISSING_WORDS[word] for word in missing]


def word_of(initiative: Initiative, kind: Kind) -> str:
    """What the decision is called; one that is decided already has a start, which can only be moved."""
    return kind_word(kind, status_of(initiative, now()))


def _doors() -> Doors:
    """Where the ways forward lead; only whoever decides may grant an exception."""
    return replace(doors_of(me()), may_except=may(me(), May.DECIDE))


def _try(initiative: Initiative, kind: Kind, values: Values, doors: Doors, known: Known | None) -> Tried:
    """The gate's answer to what stands in the form; nothing for kinds that add no load."""
    if kind not in GATED:
        return Tried(None)
    if kind is not Kind.RESUME:
        return tried(values, initiative, doors, now(), known)
    left, start = plans.left_of(initiative), read_as_far_as_possible(values)["start_week"]
    if not left:
        return Tried(None, "Inget är kvar av planen. Ändra ramen först.")
    if start is None:
        return Tried(None, "Skriv vilken vecka initiativet ska återupptas.")
    plan = plan_of(initiative, now(), start=start, phases=left)
    return tried_plan(plan, doors, now(), known=known)


def _people_for(initiative: Initiative) -> list[tuple[str, str]]:
    """Who may be responsible; the owner is among them also when no longer here."""
    people, owner = people_choices(), responsible_by_default(initiative)
    return people if not owner or (owner, owner) in people else [(owner, owner), *people]


def _receivers() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in units.living(today(now()))]


def _cannot(initiative: Initiative, kind: Kind, values: Values, verdict: Tried) -> bool:
    """Whether what stands in the form would be refused for lack of room; a paused frame adds no load."""
    if verdict.answer is None or verdict.answer.verdict.fits or values.get("excepted"):
        return False
    return kind is not Kind.RESCOPE or status_of(initiative, now()) is not Status.PAUSED


def _longest_exception(verdict: Tried) -> Week | None:
    """The last week that an exception may cover; None where none can be granted."""
    ways = verdict.answer.ways if verdict.answer else ()
    return next((way.valid_to for way in ways if isinstance(way, AskException)), None)


def panel(
    initiative: Initiative,
    kind: Kind,
    values: Values,
    errors: Errors | None = None,
    *,
    look: bool = False,
    doors: Doors | None = None,
    known: Known | None = None,
) -> dict[str, Any]:
    """Everything that the form of a decision and its preview show, with what stands in the form so far tried.

    `look` puts the focus on the answer. `doors` is where the ways forward lead, by default as far as the right goes.
    `known` is what the plan is tried against, unless it is to be read.
    """
    verdict = _try(initiative, kind, values, doors or _doors(), known)
    wanted, longest = FIELDS.get(kind, ()), _longest_exception(verdict)
    if values.get("excepted"):
        values = {"exception.valid_to_week": drafts.week_text(longest)} | values
    return {
        "initiative": initiative,
        "kind": kind,
        "kind_word": word_of(initiative, kind),
        "values": values,
        "errors": errors or {},
        "look": look,
        "fields": wanted,
        "tried": verdict,
        "if_we_wait": if_we_wait(initiative),
        "sentence": outcome_told(wished_in(initiative, kind, values), this_week(now())),
        "until_label": UNTIL_LABELS.get(kind, ""),
        "reason_label": REASON_LABELS.get(kind, "Skäl"),
        "lesson_tags": list(LESSON_WORDS.items()),
        "receiving_units": _receivers() if "handover" in wanted else [],
        "people": _people_for(initiative),
        "nobody": "" if initiative.owner_id else "Ingen",
        "due_label": due_words(kind),
        "cannot": _cannot(initiative, kind, values, verdict),
        "missing": missing_of(initiative) if kind in (Kind.START, Kind.RESUME) else [],
        "fingerprint": verdict.answer.fingerprint if verdict.answer else "",
        "longest_exception": longest,
        "refusal": "",
        "changes": [],
        "read_anew": url_for("initiatives.decide", code=initiative.code, kind=kind.value),
        **plan_context(values if "phases" in wanted else {}),
    }
