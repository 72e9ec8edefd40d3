"""What becomes of each row of a list: the one function that dry run, preview and storing ask."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.base.text import fold
from portfolio.base.weeks import format_week, parse_week
from portfolio.capacity.rules.calendar import Calendar, Period, Phase
from portfolio.exchange.rules.memories import recalled, remembered
from portfolio.exchange.rules.rows import Draft, Refused
from portfolio.exchange.rules.unit_codes import LONGEST_CODE, codes_for
from portfolio.exchange.rules.verdicts import Content, Facts, Judge, Outcome, Stored
from portfolio.exchange.rules.words import KnownUnits

JUL = Period(parse_week("2026-W52"), parse_week("2026-W53"))
CALENDAR = Calendar((JUL,))
KANSLICHEF = 7


def week(written):
    return None if written is None else parse_week(written)


def content(title="E-arkiv", start=None, phases=(), **fields):
    return Content(title, start_week=week(start), phases=tuple(phases), **fields)


def stored(*contents):
    return [Stored(number, f"FI-{number:03d}", one) for number, one in enumerate(contents, start=1)]


def row(number=2, title="E-arkiv", start=None, end=None, **fields):
    return Draft(number, title, start_week=week(start), end_week=week(end), **fields)


def judge(*known, new_units=None, decided_here=()):
    units = KnownUnits([("SOC", "Socialförvaltningen"), ("BUF", "Barn och utbildning")])
    added = {fold(name): code for name, code in (new_units or {}).items()}
    persons = {fold("Kanslichef"): KANSLICHEF}
    return Judge(Facts(stored(*known), units, added, persons, CALENDAR, week("2026-W48"), decided_here))


def verdict(draft, *known, says_status=True, **facts):
    return judge(*known, **facts).verdict(draft, says_status=says_status)


def implement(weeks, **impacts):
    return Phase("implement", weeks, impacts)


def test_a_row_that_meets_nothing_is_created_with_one_phase_and_standstill_left_out():
    made = verdict(row(start="2026-W50", end="2027-W02", unit_names=("SOC", "Barn och utbildning"), impact=2))
    assert made.outcome is Outcome.CREATE
    assert made.content.phases == (implement(4, SOC=2, BUF=2),)
    assert format_week(made.content.start_week) == "2026-W50"


def test_an_impact_that_nobody_gave_is_unrated_and_none_at_all_is_no_impact():
    plan = {"start": "2027-W02", "end": "2027-W03", "unit_names": ("SOC",)}
    assert verdict(row(**plan)).content.phases == (implement(2, SOC=None),)
    assert verdict(row(**plan, impact=0)).content.phases == (implement(2),)


def test_a_plan_without_both_ends_has_no_phase():
    assert verdict(row(start="2027-W02")).content.phases == ()
    assert format_week(verdict(row(start="2027-W02")).content.start_week) == "2027-W02"


def test_a_plan_that_lies_in_a_standstill_as_a_whole_gets_the_first_week_after_it():
    made = verdict(row(start="2026-W52", end="2026-W53"))
    assert made.content.phases == (implement(1),)
    assert "uppehåll" in made.notes[0]


def test_a_known_owner_is_linked_and_an_unknown_one_kept_as_text():
    known, unknown = verdict(row(owner_text="KANSLICHEF")), verdict(row(owner_text="Anna"))
    assert (known.content.owner_id, known.content.owner_text) == (KANSLICHEF, "")
    assert (unknown.content.owner_id, unknown.content.owner_text) == (None, "Anna")
    assert "”Anna” är okänd" in unknown.notes[0]


def test_an_unknown_owner_never_takes_the_place_of_a_known_one():
    again = verdict(row(owner_text="Anna"), content(owner_id=KANSLICHEF))
    assert again.outcome is Outcome.UNCHANGED
    assert "Den förra står kvar" in again.notes[0]


def test_a_row_meets_by_the_lists_own_id_before_the_title():
    known = [content("Gammalt namn", external_id="P-1"), content("Nytt namn", external_id="P-2")]
    met = verdict(row(title="Nytt namn", external_id="P-1"), *known)
    assert (met.found.code, met.outcome, met.changed) == ("FI-001", Outcome.UPDATE, ("title",))


def test_a_row_meets_by_our_own_code_in_the_id_column():
    met = verdict(row(title="E-arkiv", external_id="FI-001"), content("E-arkiv"))
    assert (met.found.code, met.outcome) == ("FI-001", Outcome.UNCHANGED)


def test_without_an_id_a_row_meets_by_title_however_it_is_spelled():
    met = verdict(row(title="Sprakstod"), content("Språkstöd", external_id="P-1"))
    assert met.found.code == "FI-001"


def test_a_row_with_a_new_id_adopts_an_initiative_that_no_list_has_named_before():
    met = verdict(row(external_id="P-9"), content("E-arkiv"))
    assert (met.outcome, met.changed) == (Outcome.UPDATE, ("external_id",))
    assert verdict(row(external_id="P-9"), content("E-arkiv", external_id="P-1")).outcome is Outcome.CREATE


def test_two_initiatives_with_the_same_title_refuse_the_row():
    refused = verdict(row(), content(), content())
    assert refused.outcome is Outcome.REFUSED
    assert "FI-001, FI-002" in refused.reasons[0]


def test_two_rows_never_meet_the_same_initiative():
    judging = judge(content(external_id="P-1"))
    assert judging.verdict(row(2, external_id="P-1"), says_status=False).outcome is Outcome.UNCHANGED
    again = judging.verdict(row(3), says_status=False)
    assert again.reasons == ("Raden gäller samma initiativ som rad 2.",)


def test_an_empty_cell_changes_nothing():
    rich = content(
        summary="Kort", status="ongoing", owner_id=KANSLICHEF, start="2027-W02", phases=[implement(3, SOC=3)]
    )
    assert verdict(row(), rich, says_status=False).outcome is Outcome.UNCHANGED


def test_a_status_that_the_row_says_is_taken_over():
    met = verdict(row(status="ongoing"), content(status="in_preparation"))
    assert (met.changed, met.content.status) == (("status",), "ongoing")


@pytest.mark.parametrize(
    ("before", "says", "told"),
    [
        ("in_preparation", {"status": "ongoing"}, "status"),
        ("ongoing", {"status": "closed"}, "status"),
        ("decided", {"status": "decided", "start": "2027-W04"}, "plan"),
        ("ongoing", {"status": "paused", "owner_text": "Kanslichef"}, "status och projektägare"),
    ],
)
def test_what_is_decided_in_the_portfolio_is_not_decided_by_a_list(before, says, told):
    known = content(status=before, start="2027-W02")
    refused = verdict(row(**says), known, decided_here=(1,))
    assert (refused.outcome, refused.row) == (Outcome.REFUSED, 2)
    assert refused.reasons == (f"Det beslutas i portföljen: {told}.",)
    assert verdict(row(**says), known).outcome is Outcome.UPDATE


def test_a_list_may_change_the_texts_of_what_is_decided_and_the_wishes_of_what_is_not():
    texts = verdict(row(summary="Kort", status="closed"), content(status="closed"), decided_here=(1,))
    assert texts.changed == ("summary",)
    wish = verdict(row(start="2027-W04", owner_text="Kanslichef"), content(), decided_here=(1,))
    assert wish.changed == ("owner", "plan")


@pytest.mark.parametrize(("start", "status"), [("2026-W48", "ongoing"), ("2026-W49", "decided"), (None, "ongoing")])
def test_what_starts_ahead_is_decided_and_does_not_run_yet(start, status):
    assert verdict(row(start=start, status="ongoing")).content.status == status


PHASES = (Phase("prepare", 2, {"SOC": 1}), Phase("implement", 4, {"SOC": 3, "BUF": None}))


def test_a_list_that_agrees_with_a_plan_of_several_phases_leaves_it_alone():
    agrees = row(start="2027-W02", end="2027-W07", unit_names=("BUF", "SOC"))
    assert verdict(agrees, content(start="2027-W02", phases=PHASES)).outcome is Outcome.UNCHANGED


def test_a_list_that_moves_a_plan_keeps_its_phases():
    moved = verdict(row(start="2027-W10", end="2027-W15"), content(start="2027-W02", phases=PHASES))
    assert moved.content.phases == PHASES
    assert format_week(moved.content.start_week) == "2027-W10"


def test_a_list_that_makes_a_plan_longer_replaces_its_phases_and_keeps_what_was_rated():
    longer = verdict(row(start="2027-W02", end="2027-W20"), content(start="2027-W02", phases=PHASES))
    assert longer.content.phases == (implement(19, SOC=3, BUF=None),)
    assert "Planens steg ersätts av ett enda." in longer.notes


def test_an_unrated_cell_never_takes_a_rating_away_and_a_rated_one_changes_it():
    plan = content(start="2027-W02", phases=[implement(2, SOC=2)])
    same = {"start": "2027-W02", "end": "2027-W03", "unit_names": ("SOC",)}
    assert verdict(row(**same), plan).outcome is Outcome.UNCHANGED
    assert verdict(row(**same, impact=3), plan).content.phases == (implement(2, SOC=3),)


def test_an_end_before_the_start_that_is_already_known_refuses_the_row():
    refused = verdict(row(end="2027-W01"), content(start="2027-W02", phases=[implement(2, SOC=2)]))
    assert refused.reasons == ("Slutveckan ligger före startveckan.",)


def test_a_unit_that_nobody_knows_refuses_the_row_until_it_is_agreed_to():
    draft = row(unit_names=("Räddningstjänsten",), start="2027-W02", end="2027-W02")
    assert "Enheten ”Räddningstjänsten” finns inte." in verdict(draft).reasons[0]
    assert verdict(draft, new_units={"Räddningstjänsten": "RT"}).content.phases == (implement(1, RT=None),)


def test_a_refused_row_stays_refused_with_its_reasons():
    refused = verdict(Refused(3, "E-arkiv", ("Namnet saknas.",)))
    assert (refused.outcome, refused.reasons) == (Outcome.REFUSED, ("Namnet saknas.",))


weeks = st.integers(parse_week("2026-W40"), parse_week("2028-W40")) | st.none()
drafts = st.builds(
    lambda title, start, length, units, impact, status: Draft(
        2,
        title,
        start_week=start,
        end_week=None if start is None or length is None else start + length,
        unit_names=units,
        impact=impact,
        status=status,
    ),
    st.sampled_from(["E-arkiv", "Bokning"]),
    weeks,
    st.integers(0, 60) | st.none(),
    st.sampled_from([(), ("SOC",), ("SOC", "BUF")]),
    st.sampled_from([None, 0, 1, 3]),
    st.sampled_from(["proposed", "ongoing", "paused", "closed"]),
)


@settings(deadline=None, derandomize=True)
@given(drafts)
def test_reading_the_same_list_again_changes_nothing(draft):
    first = verdict(draft)
    assert first.outcome is Outcome.CREATE
    assert verdict(draft, first.content).outcome is Outcome.UNCHANGED


@settings(deadline=None, derandomize=True)
@given(drafts, drafts)
def test_what_a_list_changes_can_be_remembered_and_recalled(draft, other):
    before = verdict(draft).content
    text = remembered({"title": before.title, "until": None}, before.start_week, before.phases)
    columns, start, phases = recalled(text)
    assert (columns["title"], start, phases) == (before.title, before.start_week, before.phases)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Socialförvaltningen", "SOCIAL"),
        ("Stadsbyggnadskontoret", "STADSBYGGNAD"),
        ("Barn- och utbildningsförvaltningen", "BOU"),
        ("Department for Transport", "DFT"),
        ("Defra", "DEFRA"),
        ("Kultur och fritid", "KOF"),
        ("Räddningstjänst Syd", "RS"),
        ("???", "ENHET"),
    ],
)
def test_a_new_unit_gets_a_short_code_from_its_name(name, code):
    assert codes_for([name], []) == {name: code}


@settings(deadline=None, derandomize=True)
@given(st.lists(st.text(min_size=1, max_size=40), unique=True), st.sets(st.sampled_from(["SOC", "ENHET", "A", "B"])))
def test_new_codes_are_short_and_unlike_each_other_and_those_that_exist(names, taken):
    codes = codes_for(names, taken)
    assert list(codes) == names
    assert len(set(codes.values())) == len(names)
    assert not set(codes.values()) & taken
    assert all(
        0 < len(code) <= LONGEST_CODE and code.isalnum() and code.isupper() | code.isdigit()
        for code in codes.values()
    )
