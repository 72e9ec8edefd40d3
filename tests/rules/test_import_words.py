"""Statuses, impacts and units in the words that lists use."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.exchange.rules.words import (
    KnownUnits,
    UnknownWord,
    is_traffic_light,
    known_status,
    read_impact,
    read_status,
)
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status

UNITS = KnownUnits(
    [
        ("SOC", "Socialförvaltningen"),
        ("BUN", "Barn- och utbildningsförvaltningen"),
        ("KUF", "Kultur och fritid"),
    ]
)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Förslag", "proposed"),
        ("Idé", "proposed"),
        ("Planerad", "in_preparation"),
        ("Ej påbörjad", "in_preparation"),
        ("Not started", "in_preparation"),
        ("Beslutad", "decided"),
        ("Klar för start", "decided"),
        ("Pågår", "ongoing"),
        ("AKTIV", "ongoing"),
        ("In progress", "ongoing"),
        ("Delvis klar", "ongoing"),
        ("Vilande", "paused"),
        ("On hold", "paused"),
        ("Effektuppföljning", "follow_up"),
        ("Klar", "closed"),
        ("färdig.", "closed"),
        ("Completed", "closed"),
        ("Stoppad", "cancelled"),
        ("Nedlagd", "cancelled"),
        ("Dropped", "cancelled"),
        ("Avslagen", "rejected"),
    ],
)
def test_status_words_in_swedish_and_english_are_known(word, status):
    assert read_status(word) == (status, None)


@pytest.mark.parametrize("status", Status)
def test_the_products_own_words_are_read_back(status):
    assert read_status(STATUS_WORDS[status]) == (status, None)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Bygge av etapp 1: Centrum–Hamnen", "ongoing"),
        ("Byggnande pågår", "ongoing"),
        ("Pågår enligt plan", "ongoing"),
        ("Upphandling av entreprenör", "in_preparation"),
        ("Framtagande av underlag", "in_preparation"),
        ("Business Case / Investment Case Development", "in_preparation"),
        ("Klar 2026-03-01", "closed"),
        ("Avslutad (mars)", "closed"),
        ("Genomförrd", "closed"),
    ],
)
def test_a_described_status_and_a_slip_of_the_pen_are_understood_with_a_note(text, status):
    found, note = read_status(text)
    assert found == status
    assert note == f"Statusen ”{text}” lästes som {STATUS_WORDS[Status(status)]}."


@pytest.mark.parametrize(
    "text", ["Klar för upphandling", "Klar 50 %", "Klar till hälften", "Avslutas", "Amber", "Fas 2"]
)
def test_a_status_that_could_mean_something_else_is_refused_with_the_words_that_do(text):
    with pytest.raises(UnknownWord, match="Skriv till exempel Förslag, Beredning, Beslutad"):
        read_status(text)


def test_pagar_ej_is_not_pagar():
    assert known_status("Pågår ej") == "in_preparation"


def test_a_list_that_says_nothing_about_status_gives_proposals():
    assert read_status("") == ("proposed", None)


@pytest.mark.parametrize("colour", ["Amber/Red", "Grön", "GREEN", "gul"])
def test_traffic_lights_are_no_statuses(colour):
    assert is_traffic_light(colour)
    assert known_status(colour) is None


@pytest.mark.parametrize(
    ("word", "impact"),
    [
        ("Låg", 1), ("liten", 1), ("Medel", 2), ("MÄRKBAR", 2), ("Hög", 3), ("Stor påverkan", 3), ("High", 3),
        ("0", 0), ("Ingen", 0), ("1", 1), ("2", 2), ("3", 3), ("3 – Stor", 3), ("Stor (3)", 3), ("2.0", 2),
        ("X", None), ("", None), ("Obedömd", None),
    ],
)  # fmt: skip
def test_impact_words_and_numbers_are_known(word, impact):
    assert read_impact(word) == (impact, None)


@pytest.mark.parametrize("word", ["4", "Alla skolor", "1 – Stor", "låg till hög"])
def test_an_impact_that_is_not_understood_is_left_unrated_and_said(word):
    assert read_impact(word) == (None, f"Påverkan ”{word}” känns inte igen. Den lämnas obedömd.")


def test_a_unit_is_found_by_code_or_name_however_it_is_spelled():
    for name in ("SOC", "soc", "SOCIALFÖRVALTNINGEN", "Socialforvaltningen"):
        assert UNITS.code_for(name) == "SOC"
    assert UNITS.code_for("Räddningstjänsten") is None


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("SOC; BUN", ("SOC", "BUN")),
        ("Socialförvaltningen, bun", ("Socialförvaltningen", "bun")),
        ("SOC och Barn- och utbildningsförvaltningen", ("SOC", "Barn- och utbildningsförvaltningen")),
        ("Kultur och fritid och SOC", ("Kultur och fritid", "SOC")),
        ("Kultur och SOC", ("Kultur och SOC",)),
        ("SOC och BUN", ("SOC", "BUN")),
        ("Kultur och fritid", ("Kultur och fritid",)),
        ("SOC, Socialförvaltningen", ("Socialförvaltningen",)),
        ("SOC, Räddningstjänsten", ("SOC, Räddningstjänsten",)),
        ("DEFRA & DFT", ("DEFRA & DFT",)),
        ("", ()),
    ],
)
def test_a_cell_with_several_units_is_taken_apart_only_if_all_are_known(cell, names):
    assert UNITS.split(cell) == names


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_no_text_breaks_the_words(text):
    assert known_status(text) in {None, *Status}
    assert read_impact(text)[0] in {None, 0, 1, 2, 3}
    assert UNITS.split(text) == ((text,) if text else ())
