"""A list becomes initiatives: what counts, what collides, what is changed, and what an undo takes back."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portfolio.base.db import db, transaction
from portfolio.base.errors import NotAllowedNow, NotPermitted, Stale
from portfolio.base.time import this_week
from portfolio.base.weeks import format_week, parse_week
from portfolio.capacity import queries as capacity_queries
from portfolio.capacity.actions import tree
from portfolio.capacity.rules.load import load_map
from portfolio.demo import actions as demo
from portfolio.exchange.actions.batches import upload
from portfolio.exchange.actions.storing import store
from portfolio.exchange.actions.undoing import Undone, undo
from portfolio.exchange.models import ImportBatch
from portfolio.exchange.queries.judging import Judgement, judge
from portfolio.exchange.reading import read_table
from portfolio.exchange.rules.tables import guess_columns
from portfolio.initiatives.actions import editing
from portfolio.initiatives.actions.acknowledging import acknowledge
from portfolio.initiatives.actions.proposing import propose
from portfolio.initiatives.decisions.asked import Asked
from portfolio.initiatives.decisions.taking import decide
from portfolio.initiatives.decisions.undoing import undo as undo_decision
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.queries.impacts import acknowledgements_of
from portfolio.initiatives.queries.people import function_of
from portfolio.initiatives.queries.plans import phases_of
from portfolio.initiatives.queries.stored import WITH_PLAN, initiative_by_code
from portfolio.initiatives.rules.kinds import Kind
from portfolio.outbox.models import EventRow
from portfolio.outbox.queries import first_broken_event, history_of
from portfolio.overview.checks import breached_invariants
from portfolio.people.rules import Actor, Role
from portfolio.receivers.actions import answer_conditions
from portfolio.receivers.rules.conditions import Answer, Conditions
from portfolio.units.queries import ids_by_code
from tests.make import make_demo

NOW = demo.STANDS_AT
COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR)
CHAIR = Actor("Kommundirektör", Role.CHAIR)
HEADER = "Nr;Initiativ;Förvaltning;Ansvarig;Start;Slut;Status;Påverkan;Beskrivning"

pytestmark = pytest.mark.environment(PORTFOLIO_NOW=NOW.isoformat())


@pytest.fixture(autouse=True)
def municipality(app: Flask) -> None:
    """The demo municipality."""
    make_demo()


def judged(*rows: str, create_units: bool = False, now: datetime = NOW, header: str = HEADER) -> Judgement:
    table = read_table("\n".join([header, *rows]).encode(), "lista.csv")
    return judge(table, guess_columns(table), create_units=create_units, now=now)


def read_in(
    *rows: str, create_units: bool = False, by: Actor = COORDINATOR, now: datetime = NOW, header: str = HEADER
) -> int:
    """Read in a list; the number of the import."""
    judgement = judged(*rows, create_units=create_units, now=now, header=header)
    with transaction():
        one = upload("lista.csv", b"", sheet=None, mapping={}, by=by, now=now)
        store(one.id, judgement, seen=judgement.seq, by=by, now=now)
        batch_id = one.id
    assert list(breached_invariants(now)) == []
    return batch_id


def take_back(batch_id: int, *, now: datetime = NOW) -> Undone:
    with transaction():
        undone = undo(batch_id, by=COORDINATOR, now=now)
    assert list(breached_invariants(now)) == []
    assert first_broken_event() is None
    return undone


def named(title: str) -> Initiative:
    db.session.rollback()
    wanted = select(Initiative).where(Initiative.title == title).options(WITH_PLAN)
    return db.session.scalars(wanted).one()


def known(title: str) -> bool:
    db.session.rollback()
    return db.session.scalar(select(Initiative.id).where(Initiative.title == title)) is not None


def load_of(unit: str, week: str) -> int | None:
    db.session.rollback()
    found = load_map(capacity_queries.whole_portfolio(), this_week(NOW), parse_week(week), 1)
    return found[unit][0].load


def told_of(code: str) -> list[str]:
    return [event.type for event in reversed(history_of(f"initiative/{code}"))]


def everything() -> list[tuple[object, ...]]:
    """Every initiative with its plan and what it holds, as an undo must leave it. Versions count on."""
    db.session.rollback()
    left_out = {"version", "updated_at"}
    columns = [column for column in Initiative.__table__.columns if column.name not in left_out]
    rows: Sequence[tuple[object, ...]] = [tuple(row) for row in db.session.execute(select(*columns).order_by("id"))]
    held = capacity_queries.whole_portfolio().commitments
    plans = [
        (one.code, [(phase.kind, phase.weeks, dict(phase.impacts)) for phase in phases_of(one)])
        for one in db.session.scalars(select(Initiative).options(WITH_PLAN).order_by(Initiative.id))
    ]
    return [*rows, *plans, *sorted((code, str(one.stretches), one.owner) for code, one in held.items())]


def test_what_already_runs_counts_at_once_and_is_never_refused_for_lack_of_room() -> None:
    before = load_of("SOC", "2027-W06")
    read_in("1;Stort;SOC;Kanslichef;2026-10-05;2027-06-27;Pågår;Stor;Kort")
    assert (before, load_of("SOC", "2027-W06")) == (7, 10)
    found = capacity_queries.open_conflicts(NOW)
    from_list = [row for row in found if row.cause_text == "Inläsning av lista.csv"]
    assert from_list
    assert {row.cause for row in from_list} == {"import.stored"}
    assert all(
        format_week(row.week)[-2:] not in ("52", "53") or row.week > parse_week("2027-W10") for row in from_list
    )


def test_an_imported_initiative_is_as_the_list_says() -> None:
    read_in("P-1;Bokning;SOC, KFF;Kanslichef;2026-11-23;2027-01-17;Pågår;Medel;Boka hemifrån.")
    one = named("Bokning")
    assert (one.external_id, one.status, one.summary, one.owner_text) == ("P-1", "ongoing", "Boka hemifrån.", "")
    assert function_of(one.owner_id) == "Kanslichef"
    (phase,) = phases_of(one)
    assert (phase.kind, phase.weeks, phase.impacts) == ("implement", 6, {"SOC": 2, "KFF": 2}), "v. 52–53 stand still"
    assert told_of(one.code) == ["initiative.imported"]


@pytest.mark.parametrize(
    ("word", "status", "counts", "has_rank"),
    [
        ("Förslag", "proposed", False, True),
        ("Planerad", "in_preparation", False, True),
        ("Beslutad", "decided", True, True),
        ("Pågår", "ongoing", True, True),
        ("Pausad", "paused", False, True),
        ("Uppföljning", "follow_up", False, False),
        ("Klar", "closed", False, False),
        ("Nedlagd", "cancelled", False, False),
        ("Avslagen", "rejected", False, False),
    ],
)
def test_a_status_decides_whether_it_counts_and_has_a_place(
    word: str, status: str, counts: bool, has_rank: bool
) -> None:
    read_in(f"1;Bokning;KFF;;2026-11-23;2027-03-28;{word};1;")
    one = named("Bokning")
    assert (one.status, one.rank is not None) == (status, has_rank)
    assert (one.code in capacity_queries.whole_portfolio().commitments) == counts
    assert (one.paused_week == this_week(NOW)) == (status == "paused")


def test_an_unknown_owner_is_kept_as_text_and_an_unrated_impact_as_unrated() -> None:
    read_in("1;Bokning;KFF;Anna Berg;2026-11-23;2027-03-28;Pågår;X;")
    one = named("Bokning")
    assert (one.owner_id, one.owner_text) == (None, "Anna Berg")
    assert one.phases[0].impacts[0].impact is None


def test_a_name_in_a_list_goes_into_no_event() -> None:
    read_in("1;Bokning;KFF;Anna Berg;2026-11-23;2027-03-28;Pågår;X;")
    batch_id = read_in("1;Bokning;KFF;Bo Ek;2026-11-23;2027-03-28;Pågår;X;")
    take_back(batch_id)
    assert named("Bokning").owner_text == "Anna Berg"
    events = db.session.scalars(select(EventRow).order_by(EventRow.seq)).all()
    edited = [json.loads(row.data)["changes"] for row in events if row.type == "initiative.edited"]
    assert edited == [{"owner_text": [None, None]}] * 2
    assert [row.type for row in events if "Berg" in row.text or "Bo Ek" in row.text] == []


def test_codes_follow_on_and_step_over_those_that_somebody_gave_by_hand() -> None:
    with transaction():
        propose({"title": "Egen", "code": "FI-016"}, by=CHAIR, now=NOW)
    with transaction():
        first = initiative_by_code("FI-016").id
    read_in("1;Ett;;;;;;;", "2;Två;;;;;;;", "3;Tre;;;;;;;")
    codes = [named(title).code for title in ("Ett", "Två", "Tre")]
    assert len(set(codes)) == 3
    assert "FI-016" not in codes
    assert initiative_by_code("FI-016").id == first
    with transaction():
        after = propose({"title": "Nästa"}, by=CHAIR, now=NOW)
        assert after.code not in codes


def test_a_list_read_in_again_changes_only_what_it_says() -> None:
    read_in("P-1;Bokning;KFF;Kanslichef;2027-01-11;2027-03-28;Planerad;2;Kort")
    before = named("Bokning")
    version, code = before.version, before.code
    read_in("P-1;Bokning för alla;;;;;Pågår;;")
    one = named("Bokning för alla")
    assert (one.code, one.version, one.status, one.summary) == (code, version + 1, "decided", "Kort")
    assert function_of(one.owner_id) == "Kanslichef"
    assert [(phase.weeks, dict(phase.impacts)) for phase in phases_of(one)] == [(11, {"KFF": 2})]
    assert told_of(code) == ["initiative.imported", "initiative.edited"]
    assert code in capacity_queries.whole_portfolio().commitments


def test_a_running_plan_that_the_list_has_moved_is_reality() -> None:
    read_in("P-1;Bokning;SOC;;2026-10-05;2027-01-24;Pågår;3;")
    before = load_of("SOC", "2027-W20")
    read_in("P-1;Bokning;SOC;;2026-10-05;2027-06-27;Pågår;3;")
    assert before is not None
    assert load_of("SOC", "2027-W20") == before + 3
    assert told_of(named("Bokning").code)[-1] == "initiative.plan_changed"


def test_a_plan_that_changes_forgets_what_the_receiving_chefs_answered() -> None:
    read_in("P-1;Bokning;SOC;;2027-01-11;2027-03-28;Planerad;2;")
    code = named("Bokning").code
    with transaction():
        acknowledge(code, "SOC", version=None, by=CHAIR, now=NOW)
    read_in("P-1;Bokning;SOC;;2027-01-11;2027-04-25;Planerad;2;")
    assert not acknowledgements_of(named("Bokning").id)


def test_closing_by_list_closes_the_gap_in_the_order_of_priority() -> None:
    read_in("1;Ett;;;;;;;", "2;Två;;;;;;;", "3;Tre;;;;;;;")
    rank = named("Två").rank
    assert rank is not None
    read_in("2;Två;;;;;Klar;;")
    assert named("Två").rank is None
    assert named("Tre").rank == rank


def test_units_are_added_only_where_that_was_agreed_to_and_only_those_that_are_needed() -> None:
    rows = ("1;Ett;Räddning Syd;;;;;;", "2;Två;Parkeringsbolaget;;snart;;;;")
    assert [verdict.outcome for verdict in judged(*rows).verdicts] == ["refused", "refused"]
    read_in(*rows, create_units=True)
    assert "RS" in ids_by_code()
    assert "PARKERINGSBO" not in ids_by_code(), "its only row was refused"


def test_nothing_is_written_if_something_has_happened_since_the_judgement() -> None:
    judgement, before = judged("1;Ett;;;;;;;"), everything()
    with transaction():
        propose({"title": "Emellan"}, by=CHAIR, now=NOW)
    between = everything()

    def store_it() -> None:
        with transaction():
            one = upload("lista.csv", b"", sheet=None, mapping={}, by=COORDINATOR, now=NOW)
            store(one.id, judgement, seen=judgement.seq, by=COORDINATOR, now=NOW)

    with pytest.raises(Stale):
        store_it()
    assert between != before
    assert everything() == between
    assert db.session.scalars(select(ImportBatch)).all() == []


def test_a_list_is_stored_once() -> None:
    judgement = judged("1;Ett;;;;;;;")
    with transaction():
        one = upload("lista.csv", b"", sheet=None, mapping={}, by=COORDINATOR, now=NOW)
        store(one.id, judgement, seen=judgement.seq, by=COORDINATOR, now=NOW)
        batch_id = one.id
    with pytest.raises(NotAllowedNow), transaction():
        store(batch_id, judgement, seen=judgement.seq, by=COORDINATOR, now=NOW)


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER, Role.READER, Role.REGISTRAR])
def test_only_those_who_may_import_read_in_and_undo(role: Role) -> None:
    batch_id = read_in("1;Ett;;;;;;;")
    with pytest.raises(NotPermitted):
        read_in("2;Två;;;;;;;", by=Actor("Någon", role))
    with pytest.raises(NotPermitted), transaction():
        undo(batch_id, by=Actor("Någon", role), now=NOW)


def test_an_undo_leaves_everything_as_it_was() -> None:
    read_in("P-1;Bokning;KFF;Kanslichef;2026-11-23;2027-03-28;Pågår;1;Kort", "P-2;Arkiv;;;;;Planerad;;")
    before = everything()
    batch_id = read_in(
        "P-1;Bokning två;SOC;Anna;2026-12-07;2027-05-30;Klar;3;Annat",
        "P-2;Arkiv;KFF;;2026-11-30;2027-01-31;Pågår;2;",
        "P-3;Ny;Räddning Syd;;2026-11-23;2027-03-28;Pågår;1;",
        create_units=True,
    )
    assert everything() != before
    undone = take_back(batch_id)
    assert (undone.removed, undone.restored, undone.kept) == (1, 2, [])
    assert everything() == before
    assert "RS" not in ids_by_code()
    assert told_of("FI-017")[-1] == "initiative.removed"


def test_what_somebody_has_changed_since_is_kept_and_told() -> None:
    rows = ("1;Ett;RIVA;;;;;;", "2;Två;;;;;;;", *(f"{n};{n};KFF;;2027-01-11;2027-02-28;;2;" for n in ("Tre", "Fyra")))
    batch_id = read_in(*rows, create_units=True)
    codes = {title: named(title).code for title in ("Ett", "Tre", "Fyra")}
    with transaction():
        editing.edit(codes["Ett"], {"summary": "Rört"}, version=None, by=CHAIR, now=NOW)
        acknowledge(codes["Tre"], "KFF", version=None, by=CHAIR, now=NOW)
        answer_conditions(codes["Fyra"], "KFF", Conditions(*[Answer.YES] * 3), by=CHAIR, now=NOW)
    undone = take_back(batch_id)
    assert (undone.removed, len(undone.kept)) == (1, 3)
    assert [known(title) for title in ("Ett", "Två", "Tre", "Fyra")] == [True, False, True, True]
    assert "har ändrats efter inläsningen" in undone.kept[0]


def test_a_unit_that_has_come_to_use_stays() -> None:
    batch_id = read_in("1;Ett;Räddning Syd;;;;;;", create_units=True)
    with transaction():
        tree.add_unit({"code": "RS2", "name": "Station", "kind": "kontor", "parent": "RS"}, by=CHAIR, now=NOW)
    take_back(batch_id)
    assert "RS" in ids_by_code()


def test_an_undo_adds_load_only_where_there_is_room() -> None:
    read_in("P-1;Bokning;MBF;;2026-10-05;2027-03-28;Pågår;1;")
    batch_id = read_in("P-1;Bokning;;;;;Klar;;")
    assert load_of("MBF", "2026-W49") == 4, "full again without it"
    undone = take_back(batch_id)
    assert undone.restored == 0
    assert "ryms inte längre" in undone.kept[0]
    assert named("Bokning").status == "closed"


def test_an_undo_restores_a_running_plan_where_it_has_room() -> None:
    read_in("P-1;Bokning;RTJ;;2026-10-05;2027-03-28;Pågår;1;")
    batch_id = read_in("P-1;Bokning;;;;;Klar;;")
    assert load_of("RTJ", "2026-W49") == 0
    assert take_back(batch_id).restored == 1
    assert load_of("RTJ", "2026-W49") == 1


def test_an_undo_resolves_the_conflicts_that_the_list_brought() -> None:
    before = {(row.unit_id, row.week, row.measure) for row in capacity_queries.open_conflicts(NOW)}
    batch_id = read_in("1;Stort;SOC;;2026-10-05;2027-06-27;Pågår;Stor;")
    take_back(batch_id)
    assert {(row.unit_id, row.week, row.measure) for row in capacity_queries.open_conflicts(NOW)} == before


def test_after_a_day_it_is_too_late_to_undo() -> None:
    batch_id = read_in("1;Ett;;;;;;;")
    late = NOW + timedelta(hours=24, minutes=1)
    with pytest.raises(NotAllowedNow), transaction():
        undo(batch_id, by=COORDINATOR, now=late)
    assert take_back(batch_id, now=NOW + timedelta(hours=23, minutes=59)).removed == 1
    with pytest.raises(NotAllowedNow), transaction():
        undo(batch_id, by=COORDINATOR, now=NOW)


def test_a_decision_on_an_imported_initiative_keeps_it() -> None:
    batch_id = read_in("1;Bokning;RTJ;Kanslichef;2027-01-11;2027-02-28;Planerad;1;")
    code = named("Bokning").code
    with transaction():
        decide(code, Asked(Kind.START, "Det är dags."), by=CHAIR, now=NOW)
    assert take_back(batch_id).removed == 0
    assert known("Bokning")


def test_a_list_without_ids_meets_by_title() -> None:
    header = "Initiativ;Status"
    read_in("Bokning;Planerad", header=header)
    read_in("BOKNING ;Klar", header=header)
    assert named("BOKNING").status == "closed"
    assert not known("Bokning")


def test_reading_in_the_same_list_twice_tells_of_no_change() -> None:
    rows = ("1;Ett;SOC;;2026-10-05;2027-03-28;Pågår;X;", "2;Två;KFF;;;;Klar;;")
    read_in(*rows)
    before = everything()
    assert judged(*rows).counts.line == "read 2 create 0 update 0 unchanged 2 refused 0"
    read_in(*rows)
    assert everything() == before


def test_what_is_decided_but_lies_ahead_passes_the_gate_and_is_otherwise_left_in_preparation() -> None:
    read_in(
        "1;Får plats;KFF;Kanslichef;2027-02-01;2027-03-28;Beslutad;1;",
        "2;Får inte plats;MBF;Kanslichef;2027-01-11;2027-03-28;Beslutad;3;",
    )
    fits, waits = named("Får plats"), named("Får inte plats")
    assert (fits.status, waits.status) == ("decided", "in_preparation")
    assert {fits.code} == {fits.code, waits.code} & set(capacity_queries.whole_portfolio().commitments)
    assert told_of(waits.code) == ["initiative.imported", "initiative.edited"]
    assert {event.actor for event in history_of(f"initiative/{waits.code}")} == {COORDINATOR.name}


@pytest.mark.parametrize("word", ["Beslutad", "Pågår"])
def test_a_decided_plan_that_the_list_makes_heavier_passes_the_gate_again(word: str) -> None:
    read_in("1;Bokning;RTJ;Kanslichef;2027-01-11;2027-03-28;Beslutad;1;")
    read_in(f"1;Bokning;RTJ;Kanslichef;2027-01-11;2027-03-28;{word};2;")
    one = named("Bokning")
    assert (one.status, load_of("RTJ", "2027-W06")) == ("decided", 2)
    read_in(f"1;Bokning;RTJ, MBF;Kanslichef;2027-01-11;2027-03-28;{word};3;")
    assert (named("Bokning").status, load_of("RTJ", "2027-W06")) == ("in_preparation", 0)
    assert one.code not in capacity_queries.whole_portfolio().commitments


@pytest.mark.parametrize(
    "row",
    [
        "FI-011;Nytt schema- och frånvarosystem i skolan;;;2026-11-16;2027-06-27;Pågår;;",
        "FI-012;Gemensam larmcentral;;;;;Klar;;",
        "FI-002;Nytt verksamhetssystem i äldreomsorgen;;;;;Pausad;;",
        "FI-001;E-arkiv;KLF;;2026-11-23;2027-06-27;;3;",
    ],
)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN])
def test_a_list_decides_nothing_about_what_no_list_has_brought_in(row: str, role: Role) -> None:
    before = everything()
    [verdict] = judged(row).verdicts
    assert verdict.reasons[0].startswith("Det beslutas i portföljen: ")
    read_in(row, by=Actor("Någon", role))
    assert everything() == before


def test_a_decision_in_the_portfolio_holds_against_the_next_list() -> None:
    read_in("1;Bokning;RTJ;Kanslichef;2027-01-11;2027-02-28;Planerad;1;")
    code = named("Bokning").code
    with transaction():
        decision_id = decide(code, Asked(Kind.REJECT, "Vi väntar."), by=CHAIR, now=NOW).decision.id
    row = "1;Bokning;RTJ;Kanslichef;2026-11-16;2027-02-28;Pågår;1;"
    assert judged(row).verdicts[0].reasons == ("Det beslutas i portföljen: status och plan.",)
    with transaction():
        undo_decision(decision_id, by=CHAIR, now=NOW)
    read_in(row)
    assert named("Bokning").status == "ongoing"
