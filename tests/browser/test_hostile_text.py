"""Whatever somebody writes is shown as text: no form is a way to run a script in a colleague's browser."""

import io
import re
from urllib.parse import quote

from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in
from tests.browser.test_accessibility import PAGES

HOSTILE = """'"><img src=x onerror=alert(1)><script>alert(2)</script>"""
ESCAPED = "&lt;img src=x onerror=alert(3)&gt;<script>alert(4)</script>"
"""As a cell of a foreign list may hold it; the import takes real tags of formatting away and unescapes the rest."""
UNESCAPED = "<img src=x onerror=alert(3)><script>alert(4)</script>"

GOAL = ("/mal/styrkort/nytt/area", {"parent": "Ekonomi", "name": HOSTILE, "text": HOSTILE}, "Spara")
"""What the administrator writes, and everybody else may choose."""

FORMS = (
    ("/enheter/ny", {"code": "ONT", "name": HOSTILE, "limit": "1"}, "Lägg till"),
    ("/enheter/ny", {"code": "OND", "name": f"Kontoret {HOSTILE}", "parent": "ONT"}, "Lägg till"),
    (
        "/kalender/sankt-tak",
        {"unit": "ONT", "reason": HOSTILE, "from_week": "2027-W02", "to_week": "2027-W08", "limit": "0"},
        "Sänk taket",
    ),
    ("/kalender/uppehall", {"reason": HOSTILE, "from_week": "2027-W40", "to_week": "2027-W40"}, "Lägg till"),
    ("/installningar", {"municipality": HOSTILE}, "Spara"),
    (
        "/personer",
        {"function": HOSTILE, "email": "ont@kommun.example", "role": "owner", "unit": "ONT"},
        "Lägg till",
    ),
    (
        "/initiativ/nytt",
        {
            "title": HOSTILE,
            "summary": HOSTILE,
            "why": HOSTILE,
            "if_we_wait": HOSTILE,
            "phases.1.weeks": "4",
            "phases.1.impacts.ONT": "2",
            "start_week": "v. 3 2027",
            "owner": HOSTILE,
            "diarienummer": HOSTILE,
            "goal_area": HOSTILE,
        },
        "Skicka förslag",
    ),
    ("/initiativ/FI-015/andra", {"title": f"Åter {HOSTILE}"}, "Spara"),
    ("/initiativ/FI-015/beslut?kind=note", {"reason": HOSTILE}, "Notera"),
    ("/initiativ/FI-015/beslut?kind=prepare", {"reason": HOSTILE}, "Ta upp i beredning"),
    (
        "/koncept/nytt",
        dict.fromkeys(("title", "problem", "fits", "steps", "pitfalls", "source_name"), HOSTILE),
        "Spara",
    ),
    ("/vart-att-veta", {"title": HOSTILE, "text": HOSTILE, "initiatives": "FI-015"}, "Visa för alla"),
    ("/backspegeln", {"text": HOSTILE}, "Anteckna"),
)
"""An address, what is filled in by the names of the fields, and the button."""

WHERE_IT_SHOWS = (
    "/mal",
    "/?oppna=ONT&forslag=1",
    "/?visa=lista",
    "/belastning/ONT/2027-W03",
    "/bedom",
    "/enheter",
    "/enheter/ONT",
    "/initiativ",
    f"/initiativ?q={quote(HOSTILE)}",
    "/initiativ/FI-015",
    "/initiativ/FI-015/andra",
    "/initiativ/FI-015/beslut?kind=start",
    "/kalender",
    "/koncept/4",
    "/koncept/4/anvand",
    "/koncept/4/blad",
    "/kvittera?alla=1",
    "/las-in",
    "/las-in/1/resultat",
    "/lardomar",
    "/personer",
    "/vart-att-veta",
    "/backspegeln",
)


def send(page: Page, address: str, fields: dict[str, str], button: str) -> None:
    """Fill in a form and send it; it must be taken."""
    page.goto(address)
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    for name, value in fields.items():
        field = page.locator(f'main form [name="{name}"]').first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form = page.locator("main form").filter(has=page.locator(f'[name="{next(iter(fields))}"]')).first
    with page.expect_navigation():
        form.get_by_role("button", name=button, exact=True).last.click()
    expect(page.locator("#error-summary")).to_have_count(0)


def read_in_a_hostile_list(page: Page) -> None:
    """A file whose name, header, unit and cells are hostile."""
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Namn", "Förvaltning", "Läge", HOSTILE])
    book.active.append([f"Inläst {ESCAPED}", "KFF", "Pågår", HOSTILE])
    book.active.append([HOSTILE, "Okänd <script>alert(5)", "Pågår", HOSTILE])
    book.active.append([HOSTILE, "KFF", HOSTILE, HOSTILE])
    book.save(file)
    page.goto("/las-in")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = f"{HOSTILE.replace('/', '')}.xlsx"
    page.get_by_label("Fil med er lista").set_input_files({"name": name, "mimeType": kind, "buffer": file.getvalue()})
    page.get_by_role("button", name="Läs filen").click()
    expect(page.locator("main")).to_contain_text(HOSTILE)
    page.get_by_role("button", name="Visa vad som händer").click()
    expect(page.locator("main")).to_contain_text(UNESCAPED)
    expect(page.locator("main")).to_contain_text("Okänd <script>alert(5)")
    assert elements_made_of_it(page) == 0
    page.get_by_role("button", name="Läs in 1 rad").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stämmer bilden?")


MADE_OF_IT = "img[src=x], script:not([src])"

# The browser reads what the server has sent, and neither draws it nor fetches what belongs to it.
WITH_ELEMENTS_MADE_OF_IT = f"""async (addresses) => {{
  const found = [];
  for (const address of addresses) {{
    const answer = await fetch(address);
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !read.querySelector("h1") || read.querySelector("{MADE_OF_IT}")) found.push(address);
  }}
  return found;
}}"""
"""Of some pages, those that do not come, or that have elements made of the text."""


def elements_made_of_it(page: Page) -> int:
    """How many elements of a page come from the text."""
    return page.locator(MADE_OF_IT).count()


def test_text_stays_text_on_every_page(page: Page) -> None:
    boxes: list[str] = []
    page.on("dialog", lambda dialog: (boxes.append(page.url), dialog.dismiss()))
    sign_in(page, "Administratör")
    send(page, *GOAL)
    sign_in(page, "Kommundirektör")
    for address, fields, button in FORMS:
        send(page, address, fields, button)
        assert elements_made_of_it(page) == 0, address
    read_in_a_hostile_list(page)
    for address in WHERE_IT_SHOWS:
        page.goto(address)
        assert elements_made_of_it(page) == 0, address
        expect(page.locator("body")).to_contain_text(re.compile(r"<script>alert\(\d\)"))
    assert boxes == []
    assert page.evaluate(WITH_ELEMENTS_MADE_OF_IT, [*PAGES.values()]) == []
