"""Värt att veta: the group's feed, which follows what others tell, and the form to tell something."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid
from portfolio.initiatives.models import Initiative
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.signals import actions, queries
from portfolio.signals.models import SignalRow
from portfolio.signals.queries import Signal
from portfolio.signals.rules import codes_in, may_hide
from portfolio.signals.schemas import SignalForm
from portfolio.web.clock import now
from portfolio.web.flashes import tell
from portfolio.web.forms import Errors, read
from portfolio.web.fragments import see, show
from portfolio.web.live import is_unchanged, unchanged, version_shown

signals = Blueprint("signals", __name__)


class Shown(NamedTuple):
    """A signal as the feed shows it, and whether this visitor may take it away."""

    signal: Signal
    may_hide: bool


@signals.get("/vart-att-veta")
@requires(May.READ)
def index() -> Response:
    """The feed. It is live: an open page asks for it again. `?initiativ=` fills in what it touches."""
    return _page({"initiatives": request.args.get("initiativ", "")[:200]}, {})


@signals.post("/vart-att-veta")
@requires(May.TELL_NEWS)
def add() -> BaseResponse:
    """Tell the others something."""
    try:
        fields = read(SignalForm())
        codes = codes_in(fields["initiatives"])
        with transaction():
            actions.tell_of(fields["title"], fields["text"], fields["link"], codes, by=me(), now=now())
    except Invalid as error:
        return _page(request.form, error.errors, status=422)
    tell(f"”{fields['title']}” syns nu för alla, och följer med i nästa veckobrev.")
    return see("signals.index")


@signals.post("/vart-att-veta/<int:signal_id>/ta-bort")
@requires(May.READ)
def hide(signal_id: int) -> BaseResponse:
    """Take something away that one has told oneself; whoever leads the meetings takes away anything."""
    with transaction():
        title = actions.hide(signal_id, by=me(), now=now())
    tell(f"”{title}” är borttaget.")
    return see("signals.index")


@signals.app_context_processor
def _offered() -> dict[str, object]:
    """For templates/initiatives/show.html, which lies below this noun and cannot ask it."""
    return {"told_about": told_about}


def told_about(initiative: Initiative) -> Sequence[SignalRow]:
    """What is worth knowing that touches an initiative."""
    return queries.told_about(initiative.id)


def _page(values: Mapping[str, str], errors: Errors, *, status: int = 200) -> Response:
    by, here = me(), url_for("signals.index")
    version = version_shown(here, by.name, by.role)
    if is_unchanged(version):
        return unchanged(version)
    return show(
        "signals/index.html",
        "signals",
        status=status,
        version=version,
        here=here,
        shown=[Shown(one, may_hide(by, one.row.author_id)) for one in queries.newest()],
        may_tell=may(by, May.TELL_NEWS),
        values=values,
        errors=errors,
    )
