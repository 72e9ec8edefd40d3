"""The pages about effects: what a closing asks for."""

import pytest
from flask.testing import FlaskClient

from tests.pages.screen import look, send

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")


def test_a_closing_asks_for_the_effect_the_lesson_and_who_takes_over(chair: FlaskClient) -> None:  # S2-18 S3-01
    address = "/initiativ/FI-006/beslut"
    form = look(chair, f"{address}?kind=complete").boxes["decision"]
    refused = send(chair, address, {**form, "reason": "Brev går ut på två dagar."})
    assert refused.code == 422
    assert "Välj om arbetet tas över eller upphör." in refused.text
    assert "Skriv minst en lärdom." in refused.text
    kept = refused.boxes["decision"]
    assert kept["reason"] == "Brev går ut på två dagar."
    learnt = {
        "lesson.text": "Börja med de som skriver under mest.",
        "lesson.tag": "innovation",
        "handover.how": "line",
    }
    taken = {"handover.unit": "KLF", "handover.function": "Kanslichef", "handover.on": "2027-02-01"}
    useful = {"lesson.useful": "yes", "lesson.use": "Alla nämndsekreterare."}
    page = send(chair, address, {**kept, **learnt, **taken, **useful})
    assert "Tas över av kommunledningsförvaltningen, Kanslichef, från 1 februari 2027." in page.text
    assert "Börja med de som skriver under mest. Innovation" in page.text
    assert "Andra kan ha nytta av det: Alla nämndsekreterare." in page.text
    assert "avslutade initiativet. Effekten följs upp. Effekten hittills: Brev går ut på två dagar." in page.text


def test_a_stop_asks_what_was_learnt_and_is_told_as_in_time(chair: FlaskClient) -> None:  # S3-16
    address = "/initiativ/FI-006/beslut"
    form = look(chair, f"{address}?kind=cancel").boxes["decision"]
    assert "Skriv minst en lärdom." in send(chair, address, {**form, "reason": "Behovet försvann."}).text
    page = send(
        chair, address, {**form, "reason": "Behovet försvann.", "lesson.text": "Fråga dem som ska använda det."}
    )
    assert "avbröt initiativet i tid. Skäl: Behovet försvann. Lärdom: Fråga dem som ska använda det." in page.text
