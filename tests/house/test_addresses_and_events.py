"""Addresses that somebody may have kept, and events that are kept for ever."""

import ast
import re
from dataclasses import fields

from portfolio.events.event import Event
from portfolio.outbox.rules import handlers_of
from portfolio.subscriptions import HISTORY_ONLY, SUBSCRIPTIONS
from tests.house.golden import (
    EVENTS,
    HANDLERS,
    ROUTES,
    TYPE_WORDS,
    catalogue,
    event_classes,
    handlers,
    read,
    routes,
)
from tests.house.sources import trees


def test_no_address_disappears_or_comes_unseen() -> None:
    """Give a removed address a redirect, then: .venv/bin/python -m tests.house.golden"""
    assert routes() == read(ROUTES)


def test_no_event_is_renamed_or_loses_a_field_unseen() -> None:
    """An event that has been stored is never renamed; then: .venv/bin/python -m tests.house.golden"""
    assert catalogue() == read(EVENTS)


def test_no_file_of_events_is_left_out_of_the_catalogue() -> None:
    """An event of a file that FILES lacks would be stored and never reach anybody."""
    written = {
        node.name
        for _, tree in trees("portfolio/events")
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(ast.unparse(one).startswith("name = ") for one in node.body)
    }
    assert {one.__name__ for one in event_classes()} == written


def test_no_handler_is_renamed_or_taken_off_an_event_unseen() -> None:
    """Its name is stored with what is on its way to it; then: .venv/bin/python -m tests.house.golden"""
    assert handlers() == read(HANDLERS)


def test_somebody_reacts_to_every_event_or_it_is_known_to_be_history_only() -> None:
    assert SUBSCRIPTIONS.keys() & HISTORY_ONLY == set()
    assert SUBSCRIPTIONS.keys() | HISTORY_ONLY == set(event_classes())
    assert [event.__name__ for event, few in SUBSCRIPTIONS.items() if not few] == []


def test_no_two_handlers_have_the_same_name() -> None:
    assert {*handlers_of(SUBSCRIPTIONS).values()} == {one for few in SUBSCRIPTIONS.values() for one in few}


def test_a_handler_is_a_function_of_a_nouns_handlers() -> None:
    strange = [name for name, one in handlers_of(SUBSCRIPTIONS).items() if not one.__module__.endswith(".handlers")]
    assert strange == []


def test_every_event_says_in_a_sentence_what_it_tells_of() -> None:
    silent = [one.__name__ for one in event_classes() if not (one.__doc__ or "").strip().endswith(".")]
    assert silent == []


def test_every_event_has_a_dotted_name_of_its_own() -> None:
    names = [one.name for one in event_classes()]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)] == []


def test_events_hold_nothing_but_json_values() -> None:
    strange = [one.__name__ for one in event_classes() if {field.type for field in fields(one)} - set(TYPE_WORDS)]
    assert strange == []


def test_every_event_knows_its_subject() -> None:
    assert [one.__name__ for one in event_classes() if one.subject is Event.subject] == []
