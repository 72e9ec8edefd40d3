"""Every letter as its reader meets it, over the demo municipality: the text, and the HTML beside it.

The letters stand in golden/. After a change that is meant: delete the file, run the test, and read what it wrote.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from portfolio.base.db import current_session, transaction
from portfolio.base.portfolio import lock_portfolio
from portfolio.base.time import today
from portfolio.base.weeks import format_week, parse_week, week_of
from portfolio.capacity.actions import claims
from portfolio.capacity.models import ExceptionRow
from portfolio.initiatives.actions.editing import edit
from portfolio.initiatives.models import DecisionRow, Initiative
from portfolio.initiatives.queries.plans import plan_of
from portfolio.initiatives.queries.stored import initiative_by_code
from portfolio.initiatives.rules.statuses import Status
from portfolio.letters.actions import queue_letters
from portfolio.letters.models import Letter
from portfolio.letters.rules import NOTHING_LEFT
from portfolio.meetings.actions import arranging
from portfolio.meetings.actions.minutes import Correction
from portfolio.meetings.models import AgendaItemRow
from portfolio.people.models import Absence, Person
from portfolio.people.queries import actor_of
from portfolio.people.rules import Actor, Role
from portfolio.receivers.actions import feel
from portfolio.reminders.actions import queue
from portfolio.reminders.jobs import Composer, materialise
from portfolio.reminders.models import Reminder
from portfolio.reminders.queries.previews import preview
from portfolio.reminders.queries.weekly import MOST_NEWS, ONE_LETTER
from portfolio.reminders.rules.catalogue import LONGEST_SUBJECT, RULES
from portfolio.reminders.rules.due import Due
from portfolio.reminders.writing import LONGEST_TITLE, Part, Signature, Written, html_of, one_line, subject_of, write
from portfolio.signals.actions import tell_of
from portfolio.signals.queries import told_since
from portfolio.units.models import LoweredLimitRow, StandstillRow
from tests.databases import SQLiteFiles
from tests.make import (
    CHAIR,
    NOW,
    make_decision,
    make_demo,
    make_initiative,
    make_lowered_limit,
    make_person,
    make_standstill,
)
from tests.meetings import held
from tests.reminders.town import Town

BASE = "https://portfolj.kommunen.example"
GOLDEN = Path(__file__).parent / "golden"
MAILBOX = "portfolj@kommunen.example"
MEETING = date(2026, 11, 24)
COORDINATOR = Actor("Portföljkoordinator", Role.COORDINATOR)


@pytest.fixture
def database_url(sqlite: SQLiteFiles) -> Iterator[str]:
    """What a letter says is the same on either database."""
    with sqlite.migrated() as url:
        yield url


@pytest.fixture
def demo(app: Flask) -> None:
    """The demo municipality with addresses and a shared mailbox."""
    make_demo()
    with transaction() as session:
        for person in session.scalars(select(Person)):
            person.email = f"p{person.id}@kommunen.example"
    with transaction():
        lock_portfolio().contact = MAILBOX


def initiative(code: str) -> Initiative:
    return current_session().scalars(select(Initiative).where(Initiative.code == code)).one()


def set_fields(code: str, **fields: object) -> None:
    with transaction():
        for name, value in fields.items():
            setattr(initiative(code), name, value)


def chief_is_needed() -> None:
    """FI-001 has been asked for in vain twice."""
    set_fields("FI-001", reported_at=NOW - timedelta(days=30))
    owner = make_person("Kanslichef").id
    with transaction() as session:
        for rule in ("report_due", "report_last_day"):
            one = {"rule": rule, "subject": "initiative/FI-001", "period": "2026-11-17", "due_at": NOW}
            row = Reminder(person_id=owner, state="sent", created_at=NOW, reason="", **one)
            row.due_at = NOW - timedelta(days=10)
            session.add(row)


def proposed_by(code: str) -> None:
    set_fields(code, proposer_id=make_person("Personalchef").id)


def proposal_is_started() -> None:
    proposed_by("FI-012")
    make_decision("FI-012", "start", start_week="2027-W10", reason="Larmen behöver en växel")


def proposal_is_rejected() -> None:
    proposed_by("FI-013")
    make_decision("FI-013", "reject", reason="Nyttan väger inte upp arbetet")


def proposal_is_deferred() -> None:
    proposed_by("FI-014")
    reason = "Vi behöver veta vad tjänsten kostar.\nOch vem som sköter den."
    make_decision("FI-014", "defer", until=date(2027, 2, 15), reason=reason)


def proposal_is_returned() -> None:
    proposed_by("FI-013")
    make_decision("FI-013", "return", until=date(2026, 12, 4), reason="Det saknas uppgift om vilka som berörs")


def limit_is_lowered() -> None:
    make_lowered_limit("SOC", "2026-W49", "2026-W51", limit=3)


def standstill_is_added() -> None:
    make_initiative("Nya radiosystem", status="ongoing", start="2026-W47", weeks=4, impacts={"RTJ": 2})
    make_initiative("Ny brandstation", status="decided", start="2026-W51", impacts={"RTJ": 2}, owner="Räddningschef")
    make_standstill("2026-W50", "2026-W50", reason="Flytt av förvaltningshuset")


def report_grows_old() -> None:
    set_fields("FI-006", reported_at=NOW - timedelta(days=10))


def somebody_asks_for_help() -> None:
    set_fields("FI-003", help_needed="Vi saknar jurist i december.")


def exception_runs_out() -> None:
    with transaction() as session:
        texts = dict.fromkeys(("why", "relief", "risk", "stance", "granted_by"), "Hemligt")
        row = ExceptionRow(initiative_id=initiative("FI-003").id, valid_to=parse_week("2026-W50"), **texts)
        row.granted_at = NOW
        session.add(row)


def last_week_passes() -> None:
    set_fields("FI-006", start_week=parse_week("2026-W30"))
    with transaction():
        row = initiative_by_code("FI-006")
        claims.bind(row.id, plan_of(row, NOW))


def initiative_is_completed() -> None:
    make_decision("FI-007", "complete", now=NOW - timedelta(days=80))


def starts_soon() -> None:
    set_fields("FI-010", start_week=parse_week("2026-W52"))


def plan_is_changed() -> None:
    """What the receiving chefs have answered was about another plan."""
    with transaction():
        edit("FI-012", {"start_week": parse_week("2027-W11")}, version=None, by=CHAIR, now=NOW)


def nothing_more() -> None:
    return


def minutes_are_completed() -> None:
    held.hold()
    held.complete()


def minutes_are_corrected() -> None:
    minutes_are_completed()
    held.correct(Correction("Platsen\nsaknades", place="Sessionssalen"))


LETTERS: dict[str, tuple[str, str, Callable[[], None]]] = {
    "1-lagesrapport": ("report_due", "Kanslichef", nothing_more),
    "2-andra-paminnelsen": ("report_last_day", "Kanslichef", report_grows_old),
    "2-andra-paminnelsen-for-sent": ("report_last_day", "Skolchef", nothing_more),
    "3-till-chefen": ("report_missing", "Kommundirektör", chief_is_needed),
    "4-veckobrev": ("weekly_letter", "Kommundirektör", somebody_asks_for_help),
    "4-veckobrev-projektagare": ("weekly_letter", "Kanslichef", nothing_more),
    "5-besked-startar": ("proposal_answered", "Personalchef", proposal_is_started),
    "5-besked-avslag": ("proposal_answered", "Personalchef", proposal_is_rejected),
    "5-besked-bordlagt": ("proposal_answered", "Personalchef", proposal_is_deferred),
    "5-besked-kompletteras": ("proposal_answered", "Personalchef", proposal_is_returned),
    "6-krock": ("collision", "Kommundirektör", limit_is_lowered),
    "6-krock-uppehall": ("collision", "Räddningschef", standstill_is_added),
    "7-undantag": ("exception_expires", "Kommunikationschef", exception_runs_out),
    "kvittera": ("acknowledge", "Räddningschef", plan_is_changed),
    "beslut-drojer": ("decision_waits", "Portföljkoordinator", nothing_more),
    "drar-over": ("past_last_week", "Kanslichef", last_week_passes),
    "startar-snart": ("start_soon", "Socialchef", starts_soon),
    "8-anteckningar-ansvarig": ("minutes_completed", "Skolchef", minutes_are_completed),
    "8-anteckningar-rattade": ("minutes_completed", "Kommundirektör", minutes_are_corrected),
    "hur-ar-belastningen": ("felt_load", "Socialchef", nothing_more),
    "folj-upp": ("follow_up_due", "Kultur- och fritidschef", initiative_is_completed),
}


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_says_what_it_has_said(demo: None, app: Flask, name: str) -> None:
    rule, function, happens = LETTERS[name]
    happens()
    found = preview(rule, make_person(function).id, NOW, BASE)
    assert found is not None
    written = found.written
    assert len(written.subject) <= LONGEST_SUBJECT
    assert "Hemligt" not in written.text
    ensure_same(f"{name}.txt", f"Ämne: {written.subject}\n\n{written.text}")
    ensure_same(f"{name}.html", written.html)
    ensure_links_lead_somewhere(app, written.text)


def ensure_same(name: str, text: str) -> None:
    path = GOLDEN / name
    if not path.exists():
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        pytest.fail(f"{name} is new: read it")
    assert text == path.read_text("utf-8")


def ensure_links_lead_somewhere(app: Flask, text: str) -> None:
    addresses = re.findall(rf"{BASE}(/\S*)", text)
    assert addresses
    for address in addresses:
        try:
            app.url_map.bind("").match(address.partition("?")[0], method="GET")
        except HTTPException:
            pytest.fail(f"no page at {address}")


def test_every_rule_has_a_letter_in_the_collection() -> None:
    assert {rule for rule, _, _ in LETTERS.values()} == set(RULES)


class Structure(HTMLParser):
    """What a listener hears of a page: its language, headings and links."""

    def __init__(self) -> None:
        super().__init__()
        self.lang, self.tags = "", []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.lang = dict(attrs).get("lang") or self.lang
        self.tags.append(tag)


@pytest.mark.parametrize("name", LETTERS)
def test_the_html_has_a_language_headings_and_real_links_and_nothing_that_tracks(name: str) -> None:
    html = (GOLDEN / f"{name}.html").read_text("utf-8")
    read = Structure()
    read.feed(html)
    assert read.lang == "sv"
    assert read.tags.count("h1") == 1
    assert "a" in read.tags
    assert {"img", "script", "link", "iframe"} & set(read.tags) == set()
    assert len(html) < 102_000  # a longer one is cut off by some readers


NASTY = 'x\r\nBcc: a@b.se\r\n\r\n<img src=x onerror=alert(1)> "a", b: https://evil.example/\x00'


def test_a_title_can_neither_add_a_header_nor_a_heading_nor_a_link(demo: None) -> None:
    """Faults EM-1 and EM-2."""
    set_fields("FI-001", title=NASTY)
    found = preview("report_due", make_person("Kanslichef").id, NOW, BASE)
    assert found is not None
    assert "\n" not in found.written.subject
    assert "\r" not in found.written.subject + found.written.text
    assert "<img" not in found.written.html
    assert 'href="https://evil.example' not in found.written.html
    assert one_line("a\r\nb") == "a b"
    assert "<h2" not in html_of("FI-001 hej\n\n- FI-001 x: https://evil.example/\n", "t", BASE)


EVIL = (
    "Bra skäl\r\nBcc: a@b.se\n\n<b>x</b>\n-----\n1. y\n- z\u2028\x00 https://evil.example/ och " + f"{BASE}/initiativ"
)


def ask_for_help_badly() -> None:
    set_fields("FI-003", help_needed=f"{EVIL} {'lång ' * 100}")


def say_badly(table: type[DecisionRow | LoweredLimitRow | StandstillRow]) -> Callable[[], None]:
    """The latest of some rows gets such a reason."""

    def happens() -> None:
        with transaction() as session:
            session.scalars(select(table).order_by(table.id.desc()).limit(1)).one().reason = EVIL

    return happens


def item_is_added() -> None:
    with transaction():
        arranging.add_item(MEETING, "FI-002", "Hur går det med utbildningen?", by=COORDINATOR, now=NOW)


def add_badly() -> None:
    with transaction() as session:
        session.scalars(select(AgendaItemRow).where(AgendaItemRow.added_by != "")).one().sentence = EVIL


FREE_TEXTS: dict[str, tuple[str, str, Callable[[], None], Callable[[], None]]] = {
    "help": ("weekly_letter", "Kommundirektör", somebody_asks_for_help, ask_for_help_badly),
    "added": ("weekly_letter", "Socialchef", item_is_added, add_badly),
    "limit": ("weekly_letter", "Socialchef", limit_is_lowered, say_badly(LoweredLimitRow)),
    "reason": ("proposal_answered", "Personalchef", proposal_is_rejected, say_badly(DecisionRow)),
    "lowered": ("collision", "Kommundirektör", limit_is_lowered, say_badly(LoweredLimitRow)),
    "standstill": ("collision", "Räddningschef", standstill_is_added, say_badly(StandstillRow)),
}


def shape_of(written: Written) -> list[int]:
    counts = [written.html.count(tag) for tag in ("<a ", "<li>", "<h2", "<p>")]
    return [len(written.text.splitlines()), *counts]


@pytest.mark.parametrize("name", FREE_TEXTS)
def test_a_reason_is_one_line_and_neither_a_header_nor_a_heading_nor_a_link(demo: None, name: str) -> None:
    """Faults EM-1 and EM-2: the letter has the same lines and links whatever somebody wrote."""
    rule, function, well, badly = FREE_TEXTS[name]
    well()
    good = preview(rule, make_person(function).id, NOW, BASE)
    badly()
    bad = preview(rule, make_person(function).id, NOW, BASE)
    assert good is not None
    assert bad is not None
    text, html = bad.written.text, bad.written.html
    assert "ra skäl Bcc: a@b.se <b>x</b> ----- 1. y - z [länk] och [länk]" in text
    assert "evil.example" not in text + html
    assert "<b>" not in html
    assert "\r" not in text + bad.written.subject
    assert all(len(line.partition("”")[2]) <= LONGEST_TITLE + 1 for line in text.splitlines())
    assert shape_of(bad.written) == shape_of(good.written)


@pytest.mark.parametrize("number", [1, 2, 5, 12])
@pytest.mark.parametrize("rule", sorted(set(RULES) - {"weekly_letter", "proposal_answered"}))
def test_no_subject_is_longer_than_a_phone_shows(rule: str, number: int) -> None:
    item = {
        "code": "FI-1234567890",
        "last_day": "onsdag 30 september",
        "late": False,
        "who": "Socialförvaltningen och arbetsmarknadsförvaltningen i hela kommunen",
        "weeks": "vecka 24–34, 37, 39 och 41–52",
        "week": 52,
        "form": "Anteckningarna",
        "day": "30 september",
        "done": "rättade",
        "unit": "Socialförvaltningen och arbetsmarknadsförvaltningen i hela kommunen",
    }
    subject = subject_of([Part(rule, tuple([item] * number))])
    assert len(subject) <= LONGEST_SUBJECT
    assert subject.endswith(f" och {number - 1} till") == (number > 1)


@pytest.mark.parametrize("kind", ["start", "reject", "defer", "return"])
@pytest.mark.parametrize("number", [1, 12])
def test_no_answer_has_a_longer_subject_either(kind: str, number: int) -> None:
    item = {"code": "FI-1234567890", "kind": kind, "week": 52, "until": "30 september"}
    subject = subject_of([Part("proposal_answered", tuple([item] * number))])
    assert len(subject) <= LONGEST_SUBJECT


@pytest.mark.parametrize("decisions", [0, 1, 10, 123])
@pytest.mark.parametrize("over", ["", "1 förvaltning", "12 förvaltningar", "123 enheter"])
@pytest.mark.parametrize("day", ["", "torsdag"])
def test_no_veckobrev_has_a_longer_subject_either(decisions: int, over: str, day: str) -> None:
    item = {"to_decide": [""] * decisions, "more_to_decide": 0, "meeting_day": day, "over_count": over}
    subject = subject_of([Part("weekly_letter", (item | {"week": 53, "own": [""] * 12},))])
    assert subject.startswith("Portföljen vecka 53: ")
    assert len(subject) <= LONGEST_SUBJECT


def compose(town: Town, now: datetime) -> dict[str, str]:
    """{function: text} of the letters that leave now."""
    town.now = town.box.now = now
    town.clock()
    functions = {person.email: person.function for person in current_session().scalars(select(Person))}
    return {functions[to]: letter.text for at, to, letter in town.box.letters if at == now}


def test_one_letter_tells_of_everything(demo: None) -> None:
    texts = compose(Town(), NOW)
    assert "Lägesrapport saknas\n---" in texts["Skolchef"]
    assert "Kvittera påverkan\n---" in texts["Skolchef"]
    assert "Till beslut tisdag 24 november\n---" in texts["Skolchef"]
    assert "FI-011" in texts["Kommundirektör"]


def weekly_letter(function: str = "Kommundirektör") -> str:
    found = preview("weekly_letter", make_person(function).id, NOW, BASE)
    return "" if found is None else found.written.text


# S3-09
def test_what_is_worth_knowing_follows_the_veckobrev_along_without_a_letter_of_its_own(demo: None) -> None:
    def told(title: str, function: str, days: int) -> None:
        who = actor_of(make_person(function))
        with transaction():
            tell_of(title, "Den gäller från juli.", "https://skr.se/ny", (), by=who, now=NOW - timedelta(days=days))

    told("Ny språklag\n1. Falsk rubrik", "Skolchef", 2)
    told("För gammalt", "Skolchef", 8)
    told("Eget", "Kommundirektör", 1)
    text = weekly_letter()
    assert "Värt att veta\n-------------" in text
    assert "- Ny språklag 1. Falsk rubrik. Den gäller från juli. (Skolchef)" in text
    assert f"Läs mer: {BASE}/vart-att-veta" in text
    assert ("För gammalt" in text, "Eget" in text, "skr.se" in text) == (False, False, False)
    set_rhythm("Kommundirektör", "fortnightly")
    assert "För gammalt" in weekly_letter()
    make_person("Enhetschef", role=Role.RECEIVER)
    assert weekly_letter("Enhetschef") == "", "nothing waits for them, so no letter comes"


def test_nobody_fills_the_veckobrev_of_the_others_with_what_is_worth_knowing(demo: None) -> None:
    functions = ("Skolchef", "Socialchef", "Ekonomichef", "HR-chef")
    for function, number in product(functions, range(5)):
        who = actor_of(make_person(function))
        with transaction():
            tell_of(f"Nyhet {number}", "Den gäller från juli.", "", (), by=who, now=NOW - timedelta(hours=5 - number))
    text = weekly_letter()
    news = re.findall(r"^- Nyhet (\d).*\((.+)\)$", text, re.MULTILINE)
    assert Counter(function for _, function in news).most_common(1)[0][1] == 3
    assert len(news) == 10
    assert {number for number, _ in news} == {"2", "3", "4"}, "the newest of each"
    more = len([one for one in told_since(NOW - ONE_LETTER) if one.row.written_by != "Kommundirektör"]) - MOST_NEWS
    assert f"\noch {more} till.\n\nLäs mer:" in text


def set_rhythm(function: str, rhythm: str) -> None:
    with transaction():
        make_person(function).letter_rhythm = rhythm


def listed_in(text: str) -> list[str]:
    """What each line of the list says it is about."""
    return re.findall(r"^\d+\. (Krock|FI-\d+)", text, re.MULTILINE)


def test_the_veckobrev_of_the_week_of_the_meeting_is_its_agenda_in_its_order(demo: None) -> None:
    assert listed_in(weekly_letter()) == ["Krock", "FI-003", "FI-011", "FI-012", "FI-014"]
    with transaction():
        arranging.move_item(MEETING, "proposal/FI-014", 1, by=COORDINATOR, now=NOW)
        arranging.hold_back(MEETING, "proposal/FI-012", True, by=COORDINATOR, now=NOW)
        arranging.add_item(MEETING, "FI-002", "Hur går det med utbildningen?", by=COORDINATOR, now=NOW)
    text = weekly_letter()
    assert listed_in(text) == ["FI-014", "Krock", "FI-003", "FI-011", "FI-002"]
    assert "FI-002 Nytt verksamhetssystem i äldreomsorgen. Hur går det med utbildningen?\n" in text
    assert f"Öppna dagordningen: {BASE}/dagordning/2026-11-24\n" in text


def test_a_projektagare_is_not_told_what_the_ledningsgrupp_is_to_decide(demo: None) -> None:
    assert "dagordning" not in weekly_letter("Kanslichef")


def test_a_veckobrev_of_a_week_without_a_meeting_has_no_agenda(demo: None) -> None:
    with transaction():
        lock_portfolio().meeting_rhythm = "odd"
    text = weekly_letter()
    assert "Över taket" in text
    assert "Till beslut" not in text
    assert "dagordning" not in text


def test_once_the_weeks_meeting_is_over_letters_name_the_next_one(demo: None) -> None:
    with transaction():
        row = arranging.plan_next(by=COORDINATOR, now=NOW)
        assert row is not None
        row.began_at = row.ended_at = NOW
    limit_is_lowered()
    found = preview("collision", make_person("Kommundirektör").id, NOW, BASE)
    assert found is not None
    assert "De tas upp på mötet den 1 december." in found.written.text
    assert "Till beslut" not in weekly_letter()


def test_a_meeting_that_a_holiday_has_moved_is_named_by_its_real_day(demo: None) -> None:
    monday = datetime.fromisoformat("2027-01-04T08:00:00+01:00")
    with transaction():
        lock_portfolio().meeting_weekday = 3  # 6 January is trettondedagen
    make_lowered_limit("SOC", "2027-W02", "2027-W04", limit=3, now=monday)
    found = preview("collision", make_person("Kommundirektör").id, monday, BASE)
    assert found is not None
    assert "De tas upp på mötet den 7 januari." in found.written.text


def test_a_substitute_gets_the_letter_and_is_told_why(demo: None) -> None:
    absent, substitute = make_person("Skolchef").id, make_person("Socialchef").id
    with transaction() as session:
        days = {"first_day": date(2026, 11, 20), "last_day": date(2026, 12, 1)}
        session.add(Absence(person_id=absent, substitute_id=substitute, **days))
    texts = compose(Town(), NOW)
    assert "Skolchef" not in texts
    assert "Lägesrapport saknas: du är ersättare för Skolchef\n---" in texts["Socialchef"]
    assert reasons("weekly_letter")["mottagaren är borta"] == 1


def test_whoever_is_away_without_a_substitute_gets_no_letter_meanwhile(demo: None) -> None:
    with transaction() as session:
        days = {"first_day": date(2026, 11, 20), "last_day": date(2026, 12, 1)}
        session.add(Absence(person_id=make_person("Skolchef").id, **days))
    assert "Skolchef" not in compose(Town(), NOW)


def reasons(rule: str) -> dict[str, int]:
    rows = current_session().scalars(select(Reminder).where(Reminder.rule == rule, Reminder.state == "suppressed"))
    found: dict[str, int] = {}
    for row in rows:
        found[row.reason] = found.get(row.reason, 0) + 1
    return found


def test_what_is_done_between_queueing_and_sending_is_not_told(demo: None) -> None:
    materialise(NOW, real_now=NOW, base_url=BASE)
    set_fields("FI-008", reported_at=NOW, reported_state="on_track")
    texts = compose(Town(), NOW)
    assert "Lägesrapport saknas" not in texts["Skolchef"]
    assert reasons("report_last_day") == {"ärendet är klart": 1}


def test_a_pause_between_queueing_and_sending_is_respected(demo: None) -> None:
    materialise(NOW, real_now=NOW, base_url=BASE)
    set_fields("FI-008", status=Status.PAUSED)
    compose(Town(), NOW)
    assert reasons("report_last_day") == {"initiativet är pausat": 1}


def test_whoever_may_no_longer_read_proposals_is_not_told_of_them(demo: None) -> None:
    """Fault PR-5."""
    plan_is_changed()
    materialise(NOW, real_now=NOW, base_url=BASE)
    with transaction():
        current_session().get_one(Person, make_person("Räddningschef").id).role = Role.READER
    texts = compose(Town(), NOW)
    assert "FI-012" not in texts.get("Räddningschef", "")


def test_whoever_is_out_of_the_portfolio_or_has_no_address_is_not_written_to(demo: None) -> None:
    """Fault SCH-15."""
    materialise(NOW, real_now=NOW, base_url=BASE)
    with transaction():
        gone = current_session().get_one(Person, make_person("Skolchef").id)
        gone.active, gone.email = False, None
    compose(Town(), NOW)
    assert reasons("report_last_day") == {"personen är inte kvar": 1}


def test_a_matter_is_queued_once_however_many_clocks_there_are(demo: None) -> None:
    for _ in range(3):
        materialise(NOW, real_now=NOW, base_url=BASE)
    one = Due(1, "start_soon", "initiative/FI-010", format_week(week_of(date(2027, 2, 1))), NOW)
    with transaction():
        assert queue([one, one], now=NOW) == 1
    with transaction():
        assert queue([one], now=NOW) == 0
    keys = [(row.person_id, row.rule, row.subject, row.period) for row in current_session().scalars(select(Reminder))]
    assert len(keys) == len(set(keys))


def test_a_composer_looks_again_once_something_has_happened(demo: None) -> None:
    composer = Composer(BASE, str)
    first = composer._moment(NOW)
    assert composer._moment(NOW) is first
    make_decision("FI-003", "pause")
    assert composer._moment(NOW) is not first


def test_a_chef_who_has_told_how_heavy_it_is_gets_no_question(demo: None) -> None:
    with transaction():
        feel("SOC", 3, by=actor_of(make_person("Socialchef")), now=NOW)
    texts = compose(Town(), NOW)
    assert "Hur är belastningen i Barn- och utbildningsförvaltningen i november?" in texts["Skolchef"]
    assert "Hur är belastningen" not in texts["Socialchef"]


def test_a_substitute_of_another_unit_is_not_asked_how_heavy_it_is(demo: None) -> None:
    absent, substitute = make_person("Skolchef").id, make_person("Socialchef").id
    with transaction() as session:
        days = {"first_day": date(2026, 11, 20), "last_day": date(2026, 12, 1)}
        session.add(Absence(person_id=absent, substitute_id=substitute, **days))
    texts = compose(Town(), NOW)
    assert texts["Socialchef"].count("Svara från 1, mycket lätt") == 1
    assert "Barn- och utbildningsförvaltningen i november" not in texts["Socialchef"]


def cancelled() -> list[tuple[date, str]]:
    rows = current_session().scalars(select(Letter).where(Letter.state == "cancelled"))
    return [(row.day, row.error) for row in rows]


def owner_has_nothing_left(town: Town) -> datetime:
    """Kanslichef alone is to be written to, and what it was about is done before the letter leaves; the next hour."""
    thursday = NOW + timedelta(days=3, hours=1)
    owner = make_person("Kanslichef").id
    town.now = town.box.now = NOW - timedelta(days=1)
    town.clock()  # a Sunday: what has happened is heard of, and nobody is written to
    town.now = town.box.now = thursday
    with transaction() as session:
        for row in session.scalars(select(Reminder)):
            row.state = "suppressed"
    with transaction() as session:
        for person in session.scalars(select(Person).where(Person.id != owner)):
            person.email = None
        session.get_one(Person, owner).letter_rhythm = "never"
    with transaction():
        queue([Due(owner, "start_soon", "initiative/FI-404", "2026-W50", thursday)], now=thursday)
        queue_letters([owner], today(thursday), thursday)
    set_fields("FI-006", reported_at=thursday)
    set_fields("FI-001", reported_at=thursday)
    town.clock()
    assert cancelled() == [(today(thursday), NOTHING_LEFT)]
    return thursday + timedelta(hours=1)


def make_news_for_owner(at: datetime) -> None:
    set_fields("FI-013", proposer_id=make_person("Kanslichef").id)
    make_decision("FI-013", "reject", reason="Nyttan är liten", now=at - timedelta(minutes=5))


def test_a_letter_that_was_not_needed_leaves_the_day_to_what_falls_due_later(demo: None) -> None:
    town = Town()
    later = owner_has_nothing_left(town)
    make_news_for_owner(later)
    compose(town, later)
    texts = compose(town, later + timedelta(minutes=1))
    assert "Skäl: Nyttan är liten." in texts["Kanslichef"]
    assert cancelled() == []
    assert compose(town, later + timedelta(minutes=2)) == {}


def test_what_falls_due_on_a_day_that_is_taken_is_late_and_never_lost(demo: None) -> None:
    """An administrator has written off the day's letter: what comes later that day waits for the next working day."""
    town = Town()
    later = owner_has_nothing_left(town)
    with transaction() as session:
        session.scalars(select(Letter).where(Letter.state == "cancelled")).one().error = "Avskrivet av chefen."
    make_news_for_owner(later)
    assert [compose(town, later + timedelta(minutes=number)) for number in range(3)] == [{}, {}, {}]
    assert "Skäl: Nyttan är liten." in compose(town, later + timedelta(days=1))["Kanslichef"]


def test_a_collision_that_outlasts_the_week_is_told_after_it(demo: None) -> None:
    """The day was taken, and the week is over: the unit still goes over, so it is not too late."""
    town = Town()
    friday = NOW + timedelta(days=4)
    town.now = town.box.now = friday
    owner = make_person("Socialchef").id
    with transaction():
        queue_letters([owner], today(friday), friday)
    with transaction() as session:
        session.scalars(select(Letter).where(Letter.person_id == owner)).one().state = "cancelled"
    make_lowered_limit("SOC", "2026-W48", "2026-W51", limit=3, now=friday)
    compose(town, friday + timedelta(hours=1))
    texts = compose(town, friday + timedelta(days=3))
    assert "Taket för Socialförvaltningen sänks vecka\xa048–51 (sjukskrivningar)." in texts["Socialchef"]


def test_a_letter_of_one_matter_has_no_headings_and_ends_with_why_and_where_to_ask() -> None:
    item = {"code": "FI-010", "named": "FI-010 Heltid", "week": 5, "url": f"{BASE}/initiativ/FI-010"}
    written = write([Part("start_soon", (item,))], Signature("Demokommunen", MAILBOX, BASE), "")
    assert "---" not in written.text
    assert written.text.endswith(f"Det går inte att svara på det här brevet. Frågor: {MAILBOX}\n")
    assert "Du får brevet för att du är projektägare." in written.text
