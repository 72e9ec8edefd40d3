"""Anteckningar: the draft for those who lead the meeting, and once it is completed the locked document for all."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotAllowedNow, NotFound, Stale
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import long_date
from portfolio.meetings.actions import holding
from portfolio.meetings.actions import minutes as minuting
from portfolio.meetings.models import MinutesRow
from portfolio.meetings.pages.blueprint import meetings
from portfolio.meetings.pages.correcting import attendance_in, correction_in, kept_in, written_in
from portfolio.meetings.pages.files import as_file
from portfolio.meetings.queries.completed import document_in, for_everybody, versions_of
from portfolio.meetings.queries.meetings import Meeting, on
from portfolio.meetings.queries.minutes import draft_of
from portfolio.meetings.queries.people import noted_version, participants_of
from portfolio.meetings.rules.minutes import FORM_WORDS, THE_FORM, Minutes
from portfolio.meetings.writing.pdf import PdfNotInstalled
from portfolio.meetings.writing.words import document_of, said_of
from portfolio.people.access import me, requires
from portfolio.people.rules import May, ensure_may, may
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, number_in
from portfolio.web.fragments import see, show

LOCKED = "{The} är {completed} och kan inte ändras. Gör en rättelse i stället."
NOTED_MEANWHILE = (
    "Någon annan ändrade det här medan du skrev. Läs utkastet. Sparar du igen gäller det du har skrivit."
)


@meetings.get("/anteckningar/<day:day>")
@requires(May.READ)
def minutes(day: date) -> Response:
    """One meeting's minutes: the version in force, or `?version=`; for those who lead meetings `?fullstandig=1`."""
    meeting = _begun(day)
    versions = _versions(meeting)
    if not versions:
        return _draft(meeting, {}) if _leads() else _not_yet(meeting)
    return _locked(meeting, versions)


@meetings.get("/anteckningar/<day:day>/<any(html, pdf, docx, json):kind>")
@requires(May.READ)
def export(day: date, kind: str) -> BaseResponse:
    """The same as a file."""
    meeting = _begun(day)
    versions = _versions(meeting)
    if not versions and not _leads():
        raise NotFound
    whole = document_in(_asked_for(versions)) if versions else draft_of(meeting, now())
    try:
        return as_file(_copy_of(whole, meeting), kind)
    except PdfNotInstalled as missing:
        tell(str(missing), kind="watch")
        return see("meetings.minutes", day=day)


@meetings.post("/anteckningar/<day:day>/deltagare")
@requires(May.LEAD_MEETINGS)
def note_participants(day: date) -> BaseResponse:
    """Note who was there and where, and who wrote it down."""
    meeting = _begun(day)
    assert meeting.row is not None
    try:
        noted = attendance_in(request.form, participants_of(meeting.row))
        with transaction():
            holding.note_participants(day, noted, version=_version_read(), by=me(), now=now())
    except Invalid as error:
        return _draft(meeting, error.errors, status=422, typed=request.form)
    except Stale as error:
        return _draft(meeting, {"_form": [NOTED_MEANWHILE]}, status=412, typed=_upon(error))
    except NotAllowedNow:
        return _locked_already(meeting)
    tell("Närvaro, plats och sekreterare är sparade.")
    return see("meetings.minutes", day=day)


@meetings.post("/anteckningar/<day:day>/fardigstall")
@requires(May.LEAD_MEETINGS)
def complete(day: date) -> BaseResponse:
    """Complete and lock the minutes."""
    meeting = _begun(day)
    try:
        with transaction():
            minuting.complete(day, by=me(), now=now())
    except Invalid as error:
        return _draft(meeting, error.errors, status=422)
    except NotAllowedNow:
        return _locked_already(meeting)
    tell(said_of(the_portfolio().minutes_form, "{The} är {completed}. Gruppen och de ansvariga får ett brev."))
    return see("meetings.minutes", day=day)


@meetings.get("/anteckningar/<day:day>/ratta")
@requires(May.LEAD_MEETINGS)
def correct(day: date) -> Response:
    """The form for a correction."""
    before = document_in(_latest(_begun(day)))
    return _correcting(day, before, written_in(before), {})


@meetings.post("/anteckningar/<day:day>/ratta")
@requires(May.LEAD_MEETINGS)
def store_correction(day: date) -> BaseResponse:
    """Store a new version."""
    before = document_in(_latest(_begun(day)))
    try:
        correction = correction_in(request.form, before)
        with transaction():
            minuting.correct(day, correction, version=_version_read(), by=me(), now=now())
    except Invalid as error:
        return _correcting(day, before, request.form, error.errors, status=422)
    except Stale as error:
        return _correcting(day, before, _upon(error), {"_form": [_corrected_meanwhile(before)]}, status=412)
    tell("Rättelsen är sparad som en ny version.")
    return see("meetings.minutes", day=day)


def _leads() -> bool:
    return may(me(), May.LEAD_MEETINGS)


def _begun(day: date) -> Meeting:
    meeting = on(day, now())
    if not meeting.began:
        raise NotFound
    return meeting


def _versions(meeting: Meeting) -> Sequence[MinutesRow]:
    return versions_of(meeting.row.id) if meeting.row is not None else []


def _latest(meeting: Meeting) -> MinutesRow:
    """The version in force; NotFound while there is only a draft."""
    versions = _versions(meeting)
    if not versions:
        raise NotFound
    return versions[0]


def _version_read() -> int:
    """The version that was shown when the form was drawn; 0, which is none, where the form does not say."""
    return number_in(request.form.get("version")) or 0


def _upon(stale: Stale) -> dict[str, str]:
    """What was typed, to be saved upon what somebody else has changed."""
    return {**request.form, "version": str(stale.current)}


def _corrected_meanwhile(current: Minutes) -> str:
    told = f"Någon annan rättade nyss (version {current.version}: {current.correction})."
    return f"{told} Läs den versionen först. Sparar du igen gäller det du har skrivit."


def _asked_for(versions: Sequence[MinutesRow]) -> MinutesRow:
    """The version that the address asks for, else the first, which is in force; NotFound of an unknown one."""
    asked = request.args.get("version")
    wanted = versions[0].version if asked is None else number_in(asked)
    found = next((row for row in versions if row.version == wanted), None)
    if found is None:
        raise NotFound
    return found


def _copy_of(whole: Minutes, meeting: Meeting) -> Minutes:
    """The copy that the address asks for and this visitor may have."""
    assert meeting.row is not None
    if request.args.get("fullstandig") == "1":
        ensure_may(me(), May.LEAD_MEETINGS)
        return whole
    return for_everybody(whole, meeting.row.id, now())


def _draft(
    meeting: Meeting, errors: Errors, *, status: int = 200, typed: Mapping[str, str] | None = None
) -> Response:
    draft = draft_of(meeting, now())
    assert meeting.row is not None
    shown = written_in(draft) | {"version": str(noted_version(meeting.row))}
    return show(
        "meetings/minutes_draft.html",
        status=status,
        day=meeting.day,
        document=document_of(draft),
        ended=meeting.ended,
        title=f"{FORM_WORDS[draft.form]} {draft.number}",
        the_form=THE_FORM[draft.form],
        participants=draft.participants,
        typed=shown if typed is None else kept_in(typed, draft),
        errors=errors,
        withheld=sum(item.withheld for item in draft.items),
    )


def _locked(meeting: Meeting, versions: Sequence[MinutesRow]) -> Response:
    whole = document_in(_asked_for(versions))
    shown = _copy_of(whole, meeting)
    is_whole = request.args.get("fullstandig") == "1"
    asked: dict[str, Any] = {name: request.args.get(name) for name in ("version", "fullstandig")}
    return show(
        "meetings/minutes.html",
        day=meeting.day,
        title=f"{FORM_WORDS[shown.form]} {shown.number}",
        document=document_of(shown),
        version=whole.version,
        versions=versions,
        leads=_leads(),
        withheld=sum(item.withheld for item in whole.items),
        is_whole=is_whole,
        locked=said_of(shown.form, LOCKED),
        files=[
            (word, url_for("meetings.export", day=meeting.day, kind=kind, **asked))
            for kind, word in (("pdf", "PDF"), ("docx", "Word"), ("html", "HTML"), ("json", "JSON"))
        ],
    )


def _not_yet(meeting: Meeting) -> Response:
    day = long_date(meeting.day, weekday=True)
    told = said_of(the_portfolio().minutes_form, f"{{The}} från mötet {day} är inte {{completed}} än.")
    return show("meetings/minutes_not_yet.html", status=404, told=told)


def _locked_already(meeting: Meeting) -> BaseResponse:
    tell(said_of(document_in(_latest(meeting)).form, LOCKED), kind="watch")
    return see("meetings.minutes", day=meeting.day)


def _correcting(
    day: date, before: Minutes, typed: Mapping[str, str], errors: Errors, *, status: int = 200
) -> Response:
    return show(
        "meetings/minutes_correction.html",
        status=status,
        day=day,
        title=f"{FORM_WORDS[before.form]} {before.number}",
        the_form=THE_FORM[before.form],
        participants=before.participants,
        items=before.items,
        typed=kept_in(typed, before),
        errors=errors,
    )
