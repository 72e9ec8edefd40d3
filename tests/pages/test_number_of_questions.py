"""A page asks its database as many questions about many initiatives as about few."""

import pytest
from flask.testing import FlaskClient

from tests.cast import form_token, look_again
from tests.make import make_initiative
from tests.questions import questions

PLAN = {"title": "E-arkiv", "start_week": "v. 2 2027", "phases.0.kind": "implement", "phases.0.weeks": "8"}
PREVIEW = PLAN | {"phases.0.impacts.KLF": "3", "phases.0.impacts.BUF": "3"}


def asked_by(client: FlaskClient, address: str) -> int:
    """How many questions it takes to answer."""
    fields = PREVIEW | {"csrf_token": form_token(client)}
    look_again()
    with questions() as asked:
        answer = client.post(address, data=fields) if address.endswith("prova") else client.get(address)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")
@pytest.mark.parametrize(
    "address",
    ["/", "/?forslag=1", "/initiativ", "/initiativ/prova", "/prioritering", "/bedom", "/kvittera", "/enheter"],
)
def test_a_page_asks_no_more_when_there_is_more_to_show(chair: FlaskClient, address: str) -> None:
    few = asked_by(chair, address)
    for number in range(8):
        make_initiative(
            f"Pågår {number}", status="ongoing", start="2026-W47", weeks=9, impacts={"AMF": None, "RTJ": 1}
        )
        make_initiative(f"Förslag {number}", status="proposed", impacts={"RTJ": None, "KLF": 1})
    assert asked_by(chair, address) == few


@pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")
@pytest.mark.parametrize(("address", "most"), [("/tillganglighet", 4), ("/", 20), ("/initiativ", 16)])
def test_a_page_that_is_opened_all_day_asks_few_questions(chair: FlaskClient, address: str, most: int) -> None:
    assert asked_by(chair, address) <= most
