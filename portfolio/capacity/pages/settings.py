"""Inställningar: the municipality's name and mailbox, its limits, how long a lägesrapport holds, the meetings."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Stale
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import this_week
from portfolio.capacity import queries
from portfolio.capacity.actions import settings as actions
from portfolio.capacity.models import ConflictRow
from portfolio.capacity.pages.blueprint import units as pages
from portfolio.capacity.pages.clashes import shown_clashes, tell_what_follows
from portfolio.capacity.pages.forms import (
    MINUTES_WORDS,
    NO_ERRORS,
    RHYTHM_WORDS,
    WEEKDAY_WORDS,
    OwnerLimitForm,
    SettingsForm,
)
from portfolio.people import queries as people
from portfolio.people.access import me, requires
from portfolio.people.actions.persons import PersonChanges
from portfolio.people.rules import May
from portfolio.web.clock import now
from portfolio.web.forms import Errors, read
from portfolio.web.fragments import see, show


@pages.get("/installningar")
@requires(May.MANAGE_PEOPLE)
def settings() -> Response:
    """The settings, and each owner's own limit."""
    return _settings_page(_kept(), NO_ERRORS)


@pages.post("/installningar")
@requires(May.MANAGE_PEOPLE)
def change_settings() -> BaseResponse:
    """Change the settings; what collides because of them is shown at once."""
    try:
        form = read(SettingsForm())
        with transaction():
            opened = actions.change_settings(form, by=me(), now=now())
    except Invalid as error:
        return _settings_page(request.form, error.errors, status=422)
    tell_what_follows("Inställningarna är sparade.", opened, now())
    return see("units.settings")


@pages.post("/installningar/agare/<int:person_id>")
@requires(May.MANAGE_PEOPLE)
def set_owner_limit(person_id: int) -> BaseResponse:
    """Set how many initiatives one person may own at a time."""
    function = people.person(person_id).function
    try:
        form = read(OwnerLimitForm())
        changes = PersonChanges(max_owned=form["max_owned"])
        with transaction():
            _, opened = actions.edit_person(person_id, changes, version=form["version"], by=me(), now=now())
    except Invalid as error:
        texts = [text for told in error.errors.values() for text in told]
        return _owner_page(person_id, texts, status=422)
    except Stale:
        return _owner_page(person_id, ["Någon annan ändrade personen nyss. Spara en gång till."], status=412)
    tell_what_follows(f"Gränsen för {function} är sparad.", opened, now())
    return see("units.settings")


def _owner_page(person_id: int, texts: Sequence[str], *, status: int) -> Response:
    """The page again with what was typed for one owner."""
    typed = {person_id: request.form.get("max_owned", "")}
    return _settings_page(_kept(), {f"owner-{person_id}": texts}, typed=typed, status=status)


def _kept() -> Mapping[str, Any]:
    """The settings as they are, the chosen days one on each line."""
    row = the_portfolio()
    values = {name: getattr(row, name) for name in SettingsForm().fields}
    return values | {"meeting_days": row.meeting_days.replace(" ", "\n")}


def _settings_page(
    values: Mapping[str, Any],
    errors: Errors,
    *,
    typed: Mapping[int, str] | None = None,
    status: int = 200,
) -> Response:
    at = now()
    portfolio = queries.whole_portfolio(since=this_week(at))
    owned = [commitment.owner for commitment in portfolio.commitments.values()]
    return show(
        "units/settings.html",
        status=status,
        values=values,
        errors=errors,
        weekdays=list(WEEKDAY_WORDS.items()),
        rhythms=list(RHYTHM_WORDS.items()),
        minutes_forms=list(MINUTES_WORDS.items()),
        typed=typed or {},
        owners=[(person, owned.count(person.id)) for person in people.persons(active_only=True)],
        default=the_portfolio().max_owned,
        clashes=shown_clashes(queries.open_conflicts(at, ConflictRow.unit_id.is_(None)), portfolio, at),
    )
