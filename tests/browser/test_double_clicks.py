"""Somebody impatient clicks twice: a form is sent once, by the browser as by htmx."""

from playwright.sync_api import Page, Request, expect

from tests.browser.steps import sign_in

CLICK_TWICE = """async (apart) => {
  const button = [...document.querySelectorAll("main button")].find((one) => one.innerText === "Skicka förslag");
  button.click();
  await new Promise((later) => setTimeout(later, apart));
  button.click();
}"""
"""The second click comes so many milliseconds after the first."""

SUBMITTED = """() => {
  const form = document.querySelector("main form[method=post]");
  let times = 0;
  form.addEventListener("submit", (event) => { times += 1; event.preventDefault(); });
  form.requestSubmit();
  form.requestSubmit();
  return times;
}"""
"""How often a form is sent that is submitted twice at once."""


def test_two_impatient_clicks_make_one_proposal(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/initiativ/nytt")
    page.get_by_label("Namn", exact=True).fill("Gemensam växel")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/initiativ/nytt") else None)
    page.evaluate(CLICK_TWICE, 5)
    expect(page.get_by_role("heading", name="Gemensam växel")).to_be_visible()
    assert [request.method for request in sent].count("POST") == 1


def test_a_form_without_htmx_is_sent_once_too(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    page.goto("/enheter/RTJ/handelser/ny")
    page.get_by_label("Vad har hänt?").fill("Skogsbrand i väster")
    page.get_by_label("Från och med vecka").fill("v. 48")
    page.get_by_label("Märkbar").check()
    assert page.evaluate(SUBMITTED) == 1
