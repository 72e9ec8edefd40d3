"""From a foreign list to drafts: every row has exactly one outcome."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.base.errors import Invalid
from portfolio.base.weeks import format_week, parse_week
from portfolio.exchange.rules.rows import Draft, Refused, column_notes, draft_rows, plain_text, unknown_units
from portfolio.exchange.rules.tables import SourceRow, make_table
from portfolio.exchange.rules.words import KnownUnits

TODAY = date(2026, 11, 23)
UNITS = KnownUnits([("SOC", "Socialförvaltningen"), ("BUN", "Barn- och utbildningsförvaltningen")])
HEADER = ["Nr", "Namn", "Förvaltning", "Start", "Slut", "Status", "Ansvarig", "Påverkan", "Beskrivning"]
FIELDS = ["id", "title", "unit", "start", "end", "status", "owner", "impact", "summary"]
MAPPING = dict(zip(FIELDS, HEADER, strict=True))


def table(*rows, header=HEADER):
    """A list with these rows under the header, numbered from 2 as in Excel."""
    return make_table(SourceRow(number, list(cells)) for number, cells in enumerate([header, *rows], start=1))


def row(**cells):
    """One row of the list: fields by name, the others empty; the title is there unless it is taken away."""
    return [({"title": "E-arkiv"} | cells).get(field) for field in FIELDS]


def outcomes(*rows):
    return draft_rows(table(*rows), MAPPING, UNITS, TODAY)


def outcome(**cells):
    (only,) = outcomes(row(**cells))
    return only


def test_a_full_row_becomes_a_draft():
    assert outcome(
        id="P-17",
        title="  E-arkiv\u00a0för alla ",
        unit="SOC; BUN",
        start="2027-02-15",
        end="30.6.2027",
        status="Pågår",
        owner="Kanslichef",
        impact="Stor",
        summary="Alla handlingar bevaras digitalt.",
    ) == Draft(
        row=2,
        title="E-arkiv för alla",
        external_id="P-17",
        summary="Alla handlingar bevaras digitalt.",
        unit_names=("SOC", "BUN"),
        start_week=parse_week("2027-W07"),
        end_week=parse_week("2027-W26"),
        status="ongoing",
        owner_text="Kanslichef",
        impact=3,
    )


def test_a_title_alone_is_enough_and_nothing_is_invented():
    assert outcome() == Draft(row=2, title="E-arkiv")


def test_a_row_without_a_title_is_refused():
    assert outcome(title=" ", status="Klar") == Refused(2, "", ("Namnet saknas.",))


def test_every_reason_of_a_row_is_told_at_once():
    refused = outcome(start="snart", end="2027-02-30", status="Gul")
    assert refused.title == "E-arkiv"
    assert [reason.split()[0] for reason in refused.reasons] == ["Start:", "Slut:", "Statusen"]


def test_an_end_before_the_start_is_refused():
    assert outcome(start="v. 10 2027", end="v. 9 2027").reasons == ("Slutveckan ligger före startveckan.",)
    assert isinstance(outcome(start="2027-02-19", end="2027-02-15"), Draft)


def test_a_text_where_a_date_belongs_refuses_the_row():
    (reason,) = outcome(start="2027-01-11", end="Exempt under Section 26").reasons
    assert reason.startswith("Slut: ”Exempt under Section 26” går inte att läsa som datum.")


def test_a_missing_end_is_noted_and_a_word_for_no_date_too():
    draft = outcome(start="2027-02-15", end="TBD")
    assert draft.end_week is None
    assert draft.notes == ("Slut: ”TBD” lästes som inget datum.", "Slut saknas, så inget steg läggs in.")


def test_an_end_week_without_a_year_lies_after_the_start():
    draft = outcome(start="v. 7", end="v. 50")
    assert [format_week(draft.start_week), format_week(draft.end_week)] == ["2027-W07", "2027-W50"]


def test_the_interpretation_of_a_period_is_shown():
    assert outcome(start="Q1 2027", end="hösten 2027").notes == (
        "Start: ”Q1 2027” lästes som 2027-01-01 till 2027-03-31.",
        "Slut: ”hösten 2027” lästes som 2027-09-01 till 2027-11-30.",
    )


def test_slash_dates_are_read_as_their_own_column_proves():
    rows = [row(title="Ett", start="3/4/2027", end="2027-12-31"), row(title="Två", start="15/2/2027", end="1/2/2028")]
    first, second = outcomes(*rows)
    assert format_week(first.start_week) == "2027-W13"
    assert "på två sätt" in second.reasons[0]
    assert column_notes(table(*rows), MAPPING) == [
        "Datum med snedstreck i kolumnen ”Start” läses med dagen först. Det visar ”15/2/2027” på rad 3."
    ]


def test_html_and_entities_become_plain_text():
    assert (
        plain_text("<p><strong>Vad:</strong> V&auml;g&nbsp;649<br />till &Auml;lg&aring;</p>")
        == "Vad: Väg 649 till Älgå"
    )
    assert plain_text("Budget <5 mkr & klart > 2027 <br") == "Budget <5 mkr & klart > 2027"
    assert plain_text("&lt;script&gt;") == "<script>"


def test_a_number_in_a_text_column_is_text():
    draft = outcome(id=12.0, title=2030)
    assert (draft.external_id, draft.title) == ("12", "2030")


def test_a_title_that_is_too_long_is_cut_with_a_note_and_kept_whole_in_the_summary():
    title = "Ny skola " * 25
    draft = outcome(title=title)
    assert len(draft.title) <= 200
    assert draft.title.endswith("…")
    assert draft.summary == title.strip()
    assert draft.notes == ("Namnet kortades till 200 tecken.",)


def test_a_long_summary_is_cut_with_a_note():
    draft = outcome(summary="x" * 281)
    assert len(draft.summary) == 280
    assert draft.notes == ("Beskrivningen kortades till 280 tecken.",)


def test_an_id_or_a_unit_name_that_is_too_long_is_refused_rather_than_cut():
    assert outcome(id="x" * 121).reasons == ("Id är längre än 120 tecken.",)
    assert outcome(unit="x" * 201).reasons == ("Enhetens namn är längre än 200 tecken.",)


def test_a_row_that_comes_again_is_refused_and_the_first_is_named():
    first, again, other = outcomes(row(id="7", title="Ett"), row(id="7", title="Två"), row(id="8", title="Ett"))
    assert isinstance(first, Draft)
    assert again == Refused(3, "Två", ("Id ”7” finns redan på rad 2.",))
    assert isinstance(other, Draft)


def test_without_an_id_the_title_tells_rows_apart_however_it_is_spelled():
    _, again = outcomes(row(title="Språkstöd"), row(title="SPRAKSTOD "))
    assert again.reasons == ("Namnet ”SPRAKSTOD” finns redan på rad 2.",)


def test_a_refused_row_does_not_stand_in_the_way_of_a_later_one():
    refused, draft = outcomes(row(id="7", start="snart"), row(id="7"))
    assert isinstance(refused, Refused)
    assert isinstance(draft, Draft)


def test_unknown_units_are_gathered_for_asking_each_once():
    drafts = outcomes(
        row(title="a", unit="SOC"), row(title="b", unit="Räddningstjänsten"), row(title="c", unit="RÄDDNINGSTJÄNSTEN")
    )
    assert unknown_units(drafts, UNITS) == {"Räddningstjänsten": 2}


def test_a_column_that_is_not_there_is_refused_before_any_row():
    with pytest.raises(Invalid):
        draft_rows(table(row()), {"title": "Rubrik"}, UNITS, TODAY)


def test_the_header_is_found_below_titles_and_blank_rows():
    found = make_table(
        [
            SourceRow(1, ["Projektlista 2026", None, None]),
            SourceRow(2, [None]),
            SourceRow(3, ["Projekt", "Status", "Status"]),
            SourceRow(4, ["E-arkiv", "Pågår", None, None, "sidoanteckning"]),
            SourceRow(5, [None, None]),
            SourceRow(6, ["Projekt", "Status", "Status"]),
            SourceRow(7, ["Språkstöd", "Klar"]),
        ]
    )
    assert found.header == ("Projekt", "Status", "Status (2)", "Kolumn 4", "Kolumn 5")
    assert found.header_row == 3
    assert [source.number for source in found.rows] == [4, 7]
    assert list(found.column("Status")) == [(4, "Pågår"), (7, "Klar")]
    assert found.notes == (
        "Rubrikerna står på rad 3. Raderna ovanför läses inte in.",
        "Rad 6 upprepar rubrikerna och läses inte in.",
        "Rubriken ”Status” finns flera gånger. De senare har fått en siffra.",
    )


def test_a_list_with_unknown_headers_still_has_columns_to_map():
    found = make_table([SourceRow(1, ["Lista"]), SourceRow(2, ["Foo", "Bar"]), SourceRow(3, ["E-arkiv", 1])])
    assert found.header == ("Foo", "Bar")


def test_a_list_of_one_column_is_a_list():
    assert [source.cells for source in make_table([SourceRow(1, ["Namn"]), SourceRow(2, ["E-arkiv"])]).rows] == [
        ["E-arkiv"]
    ]


cells = st.none() | st.text(max_size=12) | st.sampled_from(
    ["15/2/2027", "2/3/2027", "v. 7", "Q1 2027", "Pågår", "Klar", "SOC", "Stor", 3, 7.5, date(2027, 1, 4)]
)  # fmt: skip


@settings(deadline=None, derandomize=True)
@given(st.lists(st.lists(cells, max_size=9), max_size=12))
def test_every_row_of_any_list_has_exactly_one_outcome_under_its_own_number(rows):
    source = table(*rows)
    drafted = draft_rows(source, MAPPING, UNITS, TODAY)
    assert [one.row for one in drafted] == [one.number for one in source.rows]
    for one in drafted:
        if isinstance(one, Refused):
            assert one.reasons
        else:
            assert one.title
            assert one.start_week is None or one.end_week is None or one.start_week <= one.end_week
