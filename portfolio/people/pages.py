"""Sign in and out, choose a password, and the administrator's page of persons."""

from typing import Any

from flask import Blueprint, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, NotFound
from portfolio.base.portfolio import the_portfolio
from portfolio.base.time import real_now
from portfolio.people import queries
from portfolio.people.access import forget, held, me, public, remember, requires, signed_in, stay_signed_in, visitor
from portfolio.people.actions import invitations, persons, sessions
from portfolio.people.models import Person
from portfolio.people.rules import ROLE_WORDS, May, Role
from portfolio.people.schemas import (
    INVITATION_PATH,
    DemoSignInForm,
    EditPersonForm,
    PasswordForm,
    PersonForm,
    SignInForm,
)
from portfolio.web.addresses import own_page
from portfolio.web.clock import now, settings
from portfolio.web.flashes import tell
from portfolio.web.forms import read
from portfolio.web.fragments import see, show
from portfolio.web.passwords import hash_password, is_outdated, is_password

people = Blueprint("people", __name__)

NEW_LINK = "new_link"
WRONG = {"_form": ["E-postadressen eller lösenordet stämmer inte."]}


@people.get("/logga-in")
@public
def sign_in() -> BaseResponse:
    """The way in: by password, in the demo by picking a function."""
    if visitor() is not None:
        return redirect(own_page(request.args.get("next")))
    return _sign_in_page({"next": own_page(request.args.get("next"))}, {})


@people.post("/logga-in")
@public
def sign_in_by_password() -> BaseResponse:
    """Sign in. Unknown, uninvited and wrong all look and take the same."""
    form, address, at = read(SignInForm()), request.remote_addr or "", real_now()
    with transaction():
        sessions.count_attempt(form["email"], address, real_now=at)
    person = queries.person_by_email(form["email"])
    kept = person.password_hash if person else None
    if not is_password(kept, form["password"]):
        return _sign_in_page({"email": form["email"], "next": own_page(form["next"])}, WRONG, status=422)
    assert person is not None
    assert kept is not None
    person_id, new_hash = person.id, hash_password(form["password"]) if is_outdated(kept) else None
    with transaction():
        sessions.sign_out(held())
        token = sessions.sign_in_with_password(person_id, form["email"], address, new_hash=new_hash, real_now=at)
    return _enter(token, form["next"])


@people.post("/logga-in/demo")
@public
def sign_in_to_demo() -> BaseResponse:
    """In the demo: be the one who holds a function."""
    if not _demo_is_open():
        raise NotFound
    form = read(DemoSignInForm())
    with transaction():
        sessions.sign_out(held())
        token = sessions.sign_in(form["person"], real_now=real_now())
    return _enter(token, form["next"])


@people.post("/logga-in/fortsatt")
@signed_in
def stay() -> BaseResponse:
    """Stay signed in: the page has warned that the session is about to end."""
    stay_signed_in()
    return Response(status=204)


@people.post("/logga-ut")
@signed_in
def sign_out() -> BaseResponse:
    """End this session."""
    with transaction():
        sessions.sign_out(held())
    forget()
    tell("Du är utloggad.", kind="info")
    return see("people.sign_in")


@people.get(INVITATION_PATH.format("<token>"))
@public
def invitation(token: str) -> Response:
    """The page behind a one-time link. Reading it uses nothing up: mail scanners read links too."""
    found = queries.open_invitation(token, real_now())
    if found is None:
        return show("people/invitation_over.html", status=404)
    return _invitation_page(found[1], {})


@people.post(INVITATION_PATH.format("<token>"))
@public
def choose_password(token: str) -> BaseResponse:
    """Keep the chosen password and sign in. Whoever is here for the first time is shown how it works."""
    found = queries.open_invitation(token, real_now())
    if found is None:
        return show("people/invitation_over.html", status=404)
    try:
        form = read(PasswordForm())
    except Invalid as error:
        return _invitation_page(found[1], error.errors, status=422)
    is_first, password_hash = found[1].password_hash is None, hash_password(form["password"])
    with transaction():
        sessions.sign_out(held())
        person = invitations.choose_password(token, password_hash, real_now=real_now())
        sign_in_token = sessions.sign_in(person.id, real_now=real_now())
    return _enter(sign_in_token, url_for("about.how_it_works", bild=1) if is_first else None)


@people.get("/personer")
@requires(May.MANAGE_PEOPLE)
def index() -> Response:
    """Everybody, and the form to add somebody."""
    return _list_page({}, {})


@people.post("/personer")
@requires(May.MANAGE_PEOPLE)
def add() -> BaseResponse:
    """Add somebody; with an e-mail address they get a one-time link."""
    try:
        form = read(PersonForm())
        with transaction():
            person = persons.add_person(**_with_role(form), by=me(), now=now())
            link = _invitation_link(person) if person.email else None
    except Invalid as error:
        return _list_page(request.form, error.errors, status=422)
    tell(f"{form['function']} är tillagd.")
    return _show_link(form["function"], link)


@people.get("/personer/<int:person_id>")
@requires(May.MANAGE_PEOPLE)
def edit(person_id: int) -> Response:
    """One person, to change."""
    return _edit_page(queries.person(person_id), None, {})


@people.post("/personer/<int:person_id>")
@requires(May.MANAGE_PEOPLE)
def save(person_id: int) -> BaseResponse:
    """Change a person."""
    try:
        form = read(EditPersonForm())
        version = form.pop("version")
        with transaction():
            could_sign_in = queries.person(person_id).password_hash is not None
            one = persons.edit_person(person_id, _with_role(form), version=version, by=me(), now=now())
            is_locked_out = could_sign_in and one.password_hash is None
    except Invalid as error:
        return _edit_page(queries.person(person_id), request.form, error.errors, status=422)
    tell(f"{form['function']} är sparad.")
    if is_locked_out:
        tell("Adressen är ny, så den förra inloggningen gäller inte längre. Gör en ny länk.", kind="watch")
    return see("people.index")


@people.post("/personer/<int:person_id>/lank")
@requires(May.MANAGE_PEOPLE)
def invite(person_id: int) -> BaseResponse:
    """Make a new one-time link; the earlier one is over."""
    person = queries.person(person_id)
    function = person.function
    try:
        with transaction():
            link = _invitation_link(person)
    except Invalid as error:
        return _edit_page(queries.person(person_id), None, error.errors, status=422)
    return _show_link(function, link)


@people.post("/personer/<int:person_id>/ta-bort")
@requires(May.MANAGE_PEOPLE)
def deactivate(person_id: int) -> BaseResponse:
    """Take the person out of the portfolio; history keeps the function."""
    try:
        with transaction():
            function = persons.deactivate(person_id, by=me(), now=now()).function
    except Invalid as error:
        return _edit_page(queries.person(person_id), None, error.errors, status=422)
    tell(f"{function} kan inte längre logga in.")
    return see("people.index")


def _enter(token: str, wanted: str | None) -> BaseResponse:
    remember(token)
    return redirect(own_page(wanted), 303)


def _demo_is_open() -> bool:
    return not settings().production and the_portfolio().demo_calendar is not None


def _sign_in_page(values: dict[str, str], errors: dict[str, list[str]], *, status: int = 200) -> Response:
    functions = queries.persons(active_only=True) if _demo_is_open() else []
    return show(
        "people/sign_in.html",
        status=status,
        values=values,
        errors=errors,
        functions=functions,
        role_words=ROLE_WORDS,
        needs_first_person=queries.is_empty() and not settings().production,
    )


def _invitation_page(person: Person, errors: dict[str, list[str]], *, status: int = 200) -> Response:
    return show("people/invitation.html", status=status, person=person, values={}, errors=errors)


def _list_page(values: Any, errors: dict[str, list[str]], *, status: int = 200) -> Response:
    return show(
        "people/list.html",
        status=status,
        persons=queries.persons(),
        unit_codes=queries.unit_codes(),
        new_link=session.pop(NEW_LINK, None),
        values=values,
        errors=errors,
        **_choices(),
    )


def _edit_page(person: Person, sent: Any, errors: dict[str, list[str]], *, status: int = 200) -> Response:
    if not person.active:
        raise NotFound
    unit = queries.unit_codes().get(person.unit_id or 0)
    kept = {"function": person.function, "email": person.email, "role": person.role, "unit": unit}
    values = kept | {"version": person.version} if sent is None else sent
    return show("people/edit.html", status=status, person=person, values=values, errors=errors, **_choices())


def _choices() -> dict[str, object]:
    roles = [(role.value, ROLE_WORDS[role]) for role in Role]
    return {"roles": roles, "units": queries.unit_choices(), "role_words": ROLE_WORDS}


def _with_role(form: dict[str, Any]) -> Any:
    return form | {"role": Role(form["role"])}


def _invitation_link(person: Person) -> str:
    token = invitations.invite(person.id, by=me(), real_now=real_now())
    return settings().base_url + INVITATION_PATH.format(token)


def _show_link(function: str, link: str | None) -> BaseResponse:
    """The list shows the link once: it waits in the administrator's own session until then."""
    if link is not None:
        session[NEW_LINK] = {"function": function, "link": link}
    return see("people.index")
