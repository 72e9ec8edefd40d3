"""The demo municipality has what its readers look for in it."""

from tests.demo_portfolio import DEMO

UNITS = {row["code"]: row for row in DEMO["units"]}
INITIATIVES = {row["code"]: row for row in DEMO["initiatives"]}
BOLAG = {"Lumire", "Lulebo", "Luleå Energi", "Luleå Business Region", "LLT", "Luleå Hamn"}


# S1-06
def test_the_kansli_has_24_medarbetare_and_is_one_of_seven_kontor() -> None:
    below = [code for code, row in UNITS.items() if row["parent"] == "KLF"]
    assert len(below) == 7
    assert {UNITS[code]["kind"] for code in below} == {"kontor"}
    assert UNITS["KAN"]["headcount"] == 24
    assert "KAN" in below


# S0-09, S4-13
def test_the_six_bolag_are_units_that_have_not_set_a_limit() -> None:
    bolag = [row for row in UNITS.values() if row["kind"] == "bolag"]
    assert {row["name"] for row in bolag} == BOLAG
    assert {row["limit"] for row in bolag} == {None}


# S1-19
def test_the_schools_carry_less_when_the_autumn_term_starts() -> None:
    [lowered] = [row for row in DEMO["lowered_limits"] if row["unit"] == "BUF"]
    assert (lowered["from_week"], lowered["to_week"]) == ("2027-W33", "2027-W37")
    assert lowered["limit"] < UNITS["BUF"]["limit"]
    assert lowered["reason"] == "Höstterminen startar"


# S2-14, S3-14
def test_one_projektagare_answers_for_what_two_forvaltningar_do_together() -> None:
    alarm = INITIATIVES["FI-012"]
    assert alarm["owner"] == "Räddningschef"
    assert {unit for phase in alarm["phases"] for unit in phase["impacts"]} == {"RTJ", "SOC"}


# S2-16
def test_the_libraries_open_without_staff() -> None:
    assert INITIATIVES["FI-007"]["title"] == "Meröppna bibliotek"
