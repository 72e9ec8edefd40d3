"""Every page for everybody (WCAG 2.2 AA): by axe, by the keyboard, on a phone, in both themes, in grey.

What a page is, is asked of the product itself: a new page that is not in the table below fails a test.
"""

import re
from collections import Counter

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.inspection import faint_texts_of, problems_of
from tests.browser.server import ENVIRONMENT
from tests.browser.steps import decide, sign_in
from tests.make import make_demo

PAGES = {
    "about.accessibility": "/tillganglighet",
    "about.how_it_works": "/sa-fungerar-det",
    "about.privacy": "/personuppgifter",
    "assignments.groundwork": "/initiativ/FI-012/underlag",
    "assignments.letter": "/initiativ/KF-118/uppdrag/fraga",
    "assignments.order": "/initiativ/KF-118/uppdrag",
    "concepts.change": "/koncept/1/andra",
    "concepts.conceptualise": "/initiativ/KLF-12/koncept",
    "concepts.index": "/lardomar",
    "concepts.new": "/koncept/nytt",
    "concepts.sheet": "/koncept/1/blad",
    "concepts.show": "/koncept/2",
    "concepts.spread": "/initiativ/FI-007/sprid",
    "concepts.use": "/koncept/2/anvand?leder=BUF&tar_emot=AMF",
    "effects.goal": "/initiativ/FI-012/effektmal/0",
    "effects.index": "/effekter",
    "effects.indicator": "/initiativ/FI-005/nyckeltal/2",
    "effects.new_indicator": "/initiativ/FI-005/effektmal/2/nyckeltal",
    "exchange.upload": "/las-in",
    "goals.index": "/mal",
    "goals.show": "/mal/15",
    "initiatives.acknowledge": "/kvittera",
    "initiatives.begin": "/initiativ/nytt/borja",
    "initiatives.decide": "/initiativ/FI-011/beslut",
    "initiatives.edit": "/initiativ/FI-013/andra",
    "initiatives.index": "/initiativ",
    "initiatives.new": "/initiativ/nytt",
    "initiatives.rating": "/bedom",
    "initiatives.show": "/initiativ/FI-011",
    "initiatives.triage": "/initiativ/FI-011/sortering",
    "letters.index": "/utskick",
    "meetings.agenda": "/dagordning/2026-11-24",
    "meetings.beforehand": "/dagordning/2026-11-24/infor",
    "meetings.meeting": "/mote/2026-11-24",
    "meetings.minutes_list": "/anteckningar",
    "meetings.not_now": "/inte-nu",
    "overview.cell": "/belastning/KLF/2027-W02",
    "overview.load_map": "/",
    "overview.paper": "/oversikt",
    "people.edit": "/personer/2",
    "people.index": "/personer",
    "priorities.assess": "/initiativ/FI-011/bedomning",
    "priorities.index": "/prioritering",
    "priorities.mine": "/prioritering/min",
    "planning.index": "/prova",
    "receivers.conditions": "/initiativ/FI-011/forutsattningar/BUF",
    "receivers.feeling": "/upplevd-belastning",
    "receivers.felt": "/enheter/SOC/upplevd-belastning",
    "receivers.readiness": "/initiativ/FI-004/redo/BUF",
    "reminders.mine": "/mina-brev",
    "reminders.rules": "/paminnelser?regel=report_due&person=7",
    "reorganisation.index": "/enheter/organisation",
    "reorganisation.prepare": "/enheter/organisation/merge",
    "reports.new": "/initiativ/FI-001/lagesrapport",
    "reviews.index": "/backspegeln",
    "signals.index": "/vart-att-veta",
    "units.calendar": "/kalender",
    "units.edit": "/enheter/SOC/andra",
    "units.edit_happening": "/handelser/1",
    "units.index": "/enheter",
    "units.new": "/enheter/ny",
    "units.new_happening": "/enheter/SOC/handelser/ny",
    "units.new_lowered_limit": "/kalender/sankt-tak",
    "units.new_standstill": "/kalender/uppehall",
    "units.settings": "/installningar",
    "units.show": "/enheter/KLF",
    "workplaces.changes": "/hos-oss?enhet=SOC",
    "workplaces.paper": "/hos-oss/apt?enhet=SOC",
}
"""An address for each page of the product, as the chair visits it."""

OTHER_STATES = (
    "/?visa=lista",
    "/?forslag=1&oppna=KLF&ordning=niva",
    "/kvittera?alla=1",
    "/initiativ?q=finns+inte",
    "/initiativ/KF-118",
    "/initiativ/nytt/borja?svar=1&everyday=no",
    "/initiativ/nytt?everyday=no&one_department=yes&known_way=yes&needed=yes",
    "/initiativ/FI-001",
    "/initiativ/KLF-12",
    "/initiativ/FI-007/beslut?kind=pause",
    "/lardomar?q=finns+inte",
    "/initiativ/FI-006/beslut?kind=complete",
    "/prioritering?visa=forslag",
    "/enheter/RTJ/upplevd-belastning",
    "/initiativ/FI-011/beslut?kind=start",
    "/initiativ/FI-014/beslut?kind=start",
    "/finns-inte",
)
"""The same pages in other states, and what is shown where there is none."""

BEFORE_SIGNING_IN = {
    "people.sign_in": "/logga-in",
    "people.invitation": "/valkommen/ett-ord",
    "reminders.unsubscribe": "/avbestall/ett-ord",
}

INSPECTED_ELSEWHERE = {
    "effects.follow_up",
    "exchange.columns",
    "exchange.preview",
    "exchange.result",
    "goals.change",
    "goals.new",
    "goals.scorecard_list",
    "meetings.correct",
    "meetings.minutes",
    "planning.show",
}
"""They exist once a list is uploaded, a meeting held or a trial begun: test_import_and_rating.py, test_minutes.py,
test_trials.py. Or an initiative completed: test_effects.py. Or the chair may not visit them: test_goals.py.
"""

NO_PAGES = re.compile(r"(api|health)\.|static$|.*\.(example|export|favicon|following|report)$")
"""What answers with something else than a page of its own: files, figures, the API and its Swagger UI, a way on."""

WIDTHS = (1280, 320)
"""Pixels: a laptop, and then a phone or a page enlarged four times."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_is_in_the_table_above(app: Flask) -> None:
    read = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {endpoint for endpoint in read if not NO_PAGES.match(endpoint)}
    assert pages == PAGES.keys() | BEFORE_SIGNING_IN.keys() | INSPECTED_ELSEWHERE


# S4-18
def test_no_page_shuts_anybody_out(page: Page) -> None:
    found = {address: problems_at(page, address) for address in BEFORE_SIGNING_IN.values()}
    sign_in(page, "Kommundirektör")
    found |= {address: problems_at(page, address) for address in (*PAGES.values(), *OTHER_STATES)}
    assert {address: problems for address, problems in found.items() if problems} == {}


def test_a_faint_text_is_found_among_others_of_its_kind(page: Page) -> None:
    page.set_content("<main><p>Svart</p><p>Svart</p><p style='color: #aaa'>Grå</p><p hidden>Dold</p></main>")
    [found] = faint_texts_of(page)
    assert "p:nth-child(3)" in found
    page.set_content("<main><p>På vitt</p><div style='background: #333'><p>På mörkt</p></div></main>")
    [found] = faint_texts_of(page)
    assert "div > p" in found


def test_what_only_a_phone_shows_is_judged_there(page: Page) -> None:
    hidden = "<style>@media (min-width: 600px) { .phone { display: none } }</style>"
    page.set_content(
        f"<html lang='sv'><title>Meny</title>{hidden}<main><h1>Meny</h1><button class='phone'></button></main>"
    )
    problems = problems_everywhere(page)
    assert [problem.split(" (")[0] for problem in problems if "button-name" in problem] == ["320 pixels: button-name"]


def problems_at(page: Page, address: str) -> list[str]:
    page.goto(address)
    return problems_everywhere(page)


def problems_everywhere(page: Page) -> list[str]:
    """What is wrong with a page, on a laptop and on a phone, in the light theme and in the dark one."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    problems = []
    for width in WIDTHS:
        widen(page, width)
        problems += [f"{width} pixels: {problem}" for problem in problems_of(page, narrower=width < WIDTHS[0])]
    page.emulate_media(color_scheme="dark")
    for width in reversed(WIDTHS):
        widen(page, width)
        problems += [f"{width} pixels, dark: {problem}" for problem in faint_texts_of(page)]
    return problems


def widen(page: Page, width: int) -> None:
    """Let the window be so wide, which a browser takes its time for even if it is."""
    if page.viewport_size != {"width": width, "height": 900}:
        page.set_viewport_size({"width": width, "height": 900})


def test_a_refused_start_and_the_form_of_an_exception_shut_nobody_out(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    decide(page, "FI-014", "Starta", "Byggarna väntar")
    expect(page.locator("#refusal")).to_be_focused()
    assert problems_everywhere(page) == []
    page.locator("#preview").get_by_role("button", name="Begär undantag").click()
    expect(page.get_by_role("heading", name="Motiverat undantag")).to_be_visible()
    assert problems_everywhere(page) == []


def test_what_is_wrong_in_a_form_is_said_at_its_field_and_above_the_form(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ/nytt")
    page.get_by_label("Antal veckor, Genomföra").fill("många")
    page.get_by_label("Kort sagt").fill("Det jag redan har skrivit")
    page.get_by_role("button", name="Skicka förslag").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    assert problems_everywhere(page) == []
    expect(page.get_by_label("Namn", exact=True)).to_have_accessible_description(
        re.compile("Skriv vad som ska förändras")
    )
    expect(page.get_by_label("Kort sagt")).to_have_value("Det jag redan har skrivit")
    summary.get_by_role("link", name=re.compile("Skriv vad som ska förändras")).click()
    expect(page.get_by_label("Namn", exact=True)).to_be_focused()


@pytest.mark.environment(PORTFOLIO_NOW=ENVIRONMENT["PORTFOLIO_NOW"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_has_a_title_of_its_own(app: Flask) -> None:
    make_demo()
    chair = cast.sign_in(app.test_client(), "Kommundirektör")
    titles = Counter(title_of(chair.get(address).text) for address in PAGES.values())
    assert [title for title, times in titles.items() if times > 1] == []


def title_of(html: str) -> str:
    [title] = re.findall("<title>(.*?)</title>", html, re.DOTALL)
    return " ".join(title.split())
