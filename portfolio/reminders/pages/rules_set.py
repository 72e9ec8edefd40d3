"""Påminnelser: every rule with what it does, whether it is on and when, and how its letter would look."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.people import queries
from portfolio.people.access import me, requires
from portfolio.people.rules import May
from portfolio.reminders import actions
from portfolio.reminders.pages.blueprint import reminders
from portfolio.reminders.queries.facts import settings as rule_settings
from portfolio.reminders.queries.previews import preview
from portfolio.reminders.rules.catalogue import RULES, Setting, checked
from portfolio.web.clock import now, settings
from portfolio.web.flashes import tell
from portfolio.web.forms import number_in
from portfolio.web.fragments import see, show


@reminders.get("/paminnelser")
@requires(May.MANAGE_PEOPLE)
def rules() -> Response:
    """The rules; with `?regel=&person=` also how the letter would look for somebody."""
    return _page(_as_typed(rule_settings()), {})


@reminders.post("/paminnelser")
@requires(May.MANAGE_PEOPLE)
def set_rules() -> BaseResponse:
    """Set every rule as the form says; all of them or none."""
    try:
        wanted = _read(request.form)
    except Invalid as error:
        return _page(request.form, error.errors, status=422)
    with transaction():
        for name, setting in wanted.items():
            actions.set_rule(name, setting, by=me(), now=now())
    tell("Reglerna är sparade.")
    return see("reminders.rules")


def _read(form: "MultiDict[str, str]") -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    errors: dict[str, list[str]] = {}
    for name, rule in RULES.items():
        try:
            days, clock = checked(rule, number_in(form.get(f"{name}-days")), form.get(f"{name}-time", ""))
            found[name] = Setting(f"{name}-active" in form, days, clock)
        except Invalid as error:
            errors |= {f"{name}-{field}": said for field, said in error.errors.items()}
    if errors:
        raise Invalid(errors)
    return found


def _as_typed(found: Mapping[str, Setting]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, setting in found.items():
        values |= {f"{name}-days": setting.days, f"{name}-time": setting.time.replace(":", ".")}
        values |= {f"{name}-active": "on"} if setting.active else {}
    return values


def _page(values: Mapping[str, Any], errors: Mapping[str, Sequence[str]], *, status: int = 200) -> Response:
    rule, person_id = request.args.get("regel", ""), number_in(request.args.get("person"))
    asked = rule in RULES and person_id is not None
    functions = queries.functions()
    return show(
        "reminders/rules.html",
        status=status,
        rules=list(RULES.values()),
        choices=[(one.name, one.title) for one in RULES.values()],
        values=values,
        errors=errors,
        labels={key: _label(key) for key in errors},
        active=sum(setting.active for setting in rule_settings().values()),
        persons=[(one.id, one.function) for one in queries.persons(active_only=True)],
        chosen={"regel": rule, "person": person_id},
        shown_for=functions.get(person_id or 0) if asked else None,
        letter=preview(rule, person_id or 0, now(), settings().base_url) if asked else None,
    )


def _label(key: str) -> str:
    name, _, field = key.rpartition("-")
    return f"{RULES[name].title}, {'dagar' if field == 'days' else 'klockslag'}"
