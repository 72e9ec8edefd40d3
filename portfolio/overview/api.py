"""The API's load map and event log."""

from portfolio.base.errors import Invalid, NotPermitted
from portfolio.base.time import this_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.load import load_map
from portfolio.outbox.queries import events_after
from portfolio.overview import queries
from portfolio.overview.schemas import EventsQuery, EventsView, LoadQuery, LoadView, events_view, load_view
from portfolio.people.access import me
from portfolio.people.rules import May, may
from portfolio.units import queries as units
from portfolio.web.calls import Answer, Calls, Sent
from portfolio.web.clock import now

calls = Calls("overview")


@calls.get("/load", May.READ_DECIDED, query=LoadQuery, gives=LoadView)
def show_load(sent: Sent) -> Answer:
    """The load map. Proposals are drawn for those who may read them."""
    at, unit, rows = this_week(now()), sent.query["unit"], units.all_units()
    if sent.query["include"] and not may(me(), May.READ):
        raise NotPermitted
    if unit is not None and unit not in {row.code for row in rows}:
        raise Invalid({"unit": [f"Enheten {unit} finns inte."]})
    first = at if sent.query["first"] is None else sent.query["first"]
    weeks = range(first, first + sent.query["weeks"])
    portfolio = capacity.whole_portfolio()
    cells = load_map(portfolio, at, first, len(weeks), None if unit is None else [unit])
    proposals = queries.points_proposed(portfolio, at, weeks) if sent.query["include"] else {}
    return Answer(load_view(rows, cells, capacity.exception_covers(now()), proposals, weeks))


@calls.get("/events", May.READ_LOG, query=EventsQuery, gives=EventsView)
def list_events(sent: Sent) -> Answer:
    """Everything that has happened, in commit order, never skipping one.

    Keep the `seq` of the last event that you have dealt with and ask for what comes `after` it.
    """
    after, limit = sent.query["after"], sent.query["limit"]
    return Answer(events_view(events_after(after, limit + 1), limit))
