"""The menu shows where one is: the very page, or the group that it belongs to."""

import re

import pytest
from flask import Flask

from tests.cast import sign_in
from tests.make import make_demo

MONDAY = {"PORTFOLIO_NOW": "2026-11-23T08:00:00+01:00"}


def marked(html: str) -> set[str]:
    """The groups of the menu that are marked as those one is in; a page has the menu twice, wide and narrow."""
    return set(re.findall('<summary class="current">(.*?)</summary>', html))


@pytest.mark.environment(**MONDAY)
def test_a_page_of_the_meeting_that_the_menu_does_not_name_stands_under_the_meeting(app: Flask) -> None:
    make_demo()
    chair = sign_in(app.test_client(), "Kommundirektör")
    for address in ("/dagordning/2026-11-24", "/mote/2026-11-24", "/inte-nu", "/prioritering"):
        assert marked(chair.get(address).text) == {"Mötet"}, address
    assert marked(chair.get("/installningar").text) == {"Administration"}
    assert marked(chair.get("/enheter").text) == marked(chair.get("/").text) == set()
