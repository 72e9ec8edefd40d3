"""The description of the API can be read in a browser, with nothing from another host."""

import pytest
from playwright.sync_api import Page, expect


def test_the_calls_of_the_api_are_shown(page: Page) -> None:
    page.goto("/api/v1/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    expect(page.get_by_text("Try a plan: may it start, and if not, what can be done instead.")).to_be_visible()
    page.locator("#operations-overview-show_load button").first.click()
    expect(page.get_by_text("Proposals are drawn for those who may read them").first).to_be_visible()


@pytest.mark.parametrize("context", ["without JavaScript"], indirect=True)
def test_without_javascript_the_description_itself_is_a_link(page: Page) -> None:
    page.goto("/api/v1/docs")
    link = page.get_by_role("link", name="/api/v1/openapi.json")
    with page.expect_response("**/openapi.json") as answered:
        link.click()
    assert answered.value.status == 200
