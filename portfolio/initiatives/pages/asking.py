"""What the form of a decision asks for: read strictly to decide, and as far as possible to look ahead."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portfolio.base.errors import Invalid
from portfolio.base.time import this_week
from portfolio.base.weeks import Week
from portfolio.capacity.actions.exceptions import Ground
from portfolio.capacity.rules.calendar import Phase
from portfolio.initiatives.decisions.asked import Asked, due_by_default, responsible_by_default
from portfolio.initiatives.decisions.memory import start_before
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.pages import drafts
from portfolio.initiatives.pages.drafts import Values
from portfolio.initiatives.pages.forms import DecisionForm
from portfolio.initiatives.pages.outcomes import Wished, seen_to_told
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.rules.ending import Handover, Lesson
from portfolio.initiatives.rules.kinds import BEGINNING, Kind
from portfolio.web.clock import now
from portfolio.web.forms import check
from portfolio.web.weeks import as_iso_week

FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PREPARE: ("why",),
    Kind.START: ("start_week", "phases", "responsible", "due"),
    Kind.RESUME: ("start_week", "responsible", "due"),
    Kind.RESCOPE: ("start_week", "phases", "responsible", "due"),
    Kind.DEFER: ("until", "responsible"),
    Kind.RETURN: ("until", "responsible"),
    Kind.REFER: ("until", "responsible"),
    Kind.PAUSE: ("until", "responsible"),
    Kind.RERANK: ("rank",),
    Kind.COMPLETE: ("lesson", "handover", "responsible", "due"),
    Kind.CANCEL: ("lesson",),
}
"""What each kind asks for beside its reason."""

LEFT_BEHIND = ("lesson", "handover")
"""What a completion and a stop leave behind: the boxes of each are named `lesson.text` and so on."""

GATED = frozenset({Kind.START, Kind.RESUME, Kind.RESCOPE})
"""The kinds that add load, and therefore are tried while they are filled in."""

INTERNAL = "Intern nytta"
"""How what becomes better begins, where it does so only for the municipality itself."""

RISK_ASSESSED = {"yes": "Riskbedömning har gjorts.", "no": "Riskbedömning har inte gjorts."}


def read_as_far_as_possible(values: Values) -> dict[str, Any]:
    """The form as far as it can be read: what cannot is left out, for the sentence and the preview."""
    form = DecisionForm()
    sent = drafts.nested(values, this_week(now()), form.fields)
    try:
        return check(form, sent)
    except Invalid as error:
        wrong = {name.split(".")[0] for name in error.errors}
        return check(form, {name: value for name, value in sent.items() if name not in wrong})


def asked_in(initiative: Initiative, kind: Kind, values: Values, also: Sequence[str] = ()) -> Asked:
    """The decision that the form asks for; Invalid names each box that cannot be read.

    `also` are boxes that this form has beside those of FIELDS.
    """
    form, wanted = DecisionForm(), (*FIELDS.get(kind, ()), *also)
    sent = drafts.nested(values, this_week(now()), form.fields)
    sent |= {name: _boxes_of(name, values) for name in LEFT_BEHIND if name in wanted}
    if values.get("excepted"):
        sent["exception"] = _exception_sent(values)
    read = check(form, sent)
    return Asked(
        kind,
        read["reason"],
        start_week=read["start_week"] if "start_week" in wanted else None,
        phases=_new_phases(initiative, read["phases"]) if "phases" in wanted else None,
        until=read["until"] if "until" in wanted else None,
        rank=read["rank"] if "rank" in wanted else None,
        responsible=read["responsible"] if "responsible" in wanted else None,
        due=read["due"] if "due" in wanted else None,
        despite=read["despite"],
        exception=_ground(read, values) if kind in GATED else None,
        lesson=_lesson(read["lesson"]),
        handover=_handover(read["handover"]),
        why=_why(read["why"], values) if "why" in wanted and not initiative.why.strip() else None,
    )


def _why(written: str, values: Values) -> str:
    """What becomes better for those who live here, or for the municipality itself."""
    return f"{INTERNAL}: {written}" if written and values.get("why_internal") else written


def _boxes_of(name: str, values: Values) -> dict[str, str]:
    """What stands in the boxes of one part of the form; what is empty is absent."""
    start = f"{name}."
    return {box.removeprefix(start): text for box, text in values.items() if box.startswith(start) and text.strip()}


def _lesson(read: Mapping[str, Any] | None) -> Lesson | None:
    if read is None:
        return None
    useful = None if read["useful"] is None else read["useful"] == "yes"
    return Lesson(read["text"], read["tag"], useful, read["use"])


def _handover(read: Mapping[str, Any] | None) -> Handover | None:
    if read is None:
        return None
    ends = None if read["how"] is None else read["how"] == "ends"
    return Handover(ends, read["unit"], read["function"], read["on"])


def _new_phases(initiative: Initiative, sent: Sequence[Mapping[str, Any]]) -> tuple[Phase, ...] | None:
    """The steps of the form; None if they are those that are stored, so that nothing is changed by looking."""
    phases = drafts.phases_from(sent)
    return None if phases == phases_of(initiative) else phases


def _exception_sent(values: Values) -> dict[str, Any]:
    sent = _boxes_of("exception", values)
    if "valid_to_week" in sent:
        sent["valid_to_week"] = as_iso_week(sent["valid_to_week"].strip(), this_week(now()))
    return sent


def _ground(read: Mapping[str, Any], values: Values) -> Ground | None:
    given = read["exception"]
    if given is None:
        return None
    risk = f"{given['risk']} {RISK_ASSESSED[given['assessed']]}"
    return Ground(
        given["why"], given["relief"], risk, given["stance"], given["valid_to_week"], values.get("granted_for", "")
    )


def wished_of(initiative: Initiative, kind: Kind, asked: Asked) -> Wished:
    """What a checked decision comes to, for the sentence that tells it."""
    start = asked.start_week if asked.start_week is not None else initiative.start_week
    rank = initiative.rank if kind is Kind.RERANK else None
    responsible, due = _seen_to(initiative, kind, asked.responsible, asked.due, start)
    return Wished(kind, initiative.code, start, asked.until, rank, responsible, due)


def wished_in(initiative: Initiative, kind: Kind, values: Values) -> Wished:
    """What the form as typed so far would come to, for the sentence that tells it beforehand."""
    read, wanted = read_as_far_as_possible(values), FIELDS.get(kind, ())
    start: Week | None = read["start_week"] if "start_week" in wanted else None
    if kind in (Kind.START, Kind.RESCOPE) and not values.get("start_week", "").strip():
        start = initiative.start_week
    responsible, due = _seen_to(initiative, kind, read["responsible"], read["due"], start)
    return Wished(
        kind,
        initiative.code,
        start,
        read["until"] if "until" in wanted else None,
        read["rank"] if "rank" in wanted else None,
        responsible,
        due,
    )


def _seen_to(
    initiative: Initiative, kind: Kind, responsible: str | None, due: date | None, start: Week | None
) -> tuple[str, date | None]:
    """Who sees to it and by when, with what is stored where the form is left empty."""
    wanted = FIELDS.get(kind, ())
    day = due if "due" in wanted else None
    if kind in BEGINNING:
        day = day or due_by_default(start)
    if "responsible" not in wanted:
        return "", day
    return responsible or responsible_by_default(initiative), day


def chosen_of(rows: Sequence[DecisionRow], initiative: Initiative) -> dict[int, str]:
    """Who sees to each decision and by when, by its id: only what its form asks for or somebody has written.

    `rows` are the decisions on the initiative that stand, the newest first.
    """
    told, after = {}, initiative.start_week
    for row in rows:
        kind, before = Kind(row.kind), start_before(row)
        by_itself = {due_by_default(before), due_by_default(after)}
        due = row.due if kind in BEGINNING or row.due not in by_itself else None
        is_chosen = "responsible" in FIELDS.get(kind, ())
        is_chosen = is_chosen or row.responsible != responsible_by_default(initiative)
        told[row.id] = seen_to_told(kind, row.responsible if is_chosen else "", due)
        after = before
    return told
