"""The pictures of the documentation can be taken anew, and none is left over."""

from playwright.sync_api import Page

from tests.browser.pictures import FOLDER, PICTURES, name_of
from tests.browser.steps import sign_in


def test_every_picture_of_the_documentation_can_be_taken_anew(page: Page) -> None:
    sign_in(page, "Kommundirektör")
    for show in PICTURES:
        show(page)
    assert {name_of(show) for show in PICTURES} == {path.name for path in FOLDER.iterdir()}
