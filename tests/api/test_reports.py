"""Lägesrapporter, as programs give and read them."""

from tests.api.caller import Caller


def test_a_program_gives_a_report_and_reads_it_back(town: Caller) -> None:
    body = {"state": "watch", "text": "Vi byter leverantör.", "help": "En jurist", "forecast_end_week": "2027-W30"}
    given = town.post("/initiatives/FI-001/reports", body)
    assert given.status_code == 201
    assert given.get_json() | {"id": 0, "reported_at": "", "reported_by": ""} == body | {
        "id": 0,
        "reported_at": "",
        "reported_by": "",
    }
    assert town.get("/initiatives/FI-001/reports")["items"][-1] == given.get_json()
    initiative = town.get("/initiatives/FI-001")
    assert (initiative["reported_state"], initiative["forecast_end_week"]) == ("watch", "2027-W30")


def test_nothing_new_keeps_the_state(town: Caller) -> None:
    town.post("/initiatives/FI-001/reports", {"state": "needs_decision", "text": "Välj leverantör."})
    assert town.post("/initiatives/FI-001/reports", {"state": "nothing_new"}).status_code == 201
    assert town.get("/initiatives/FI-001")["reported_state"] == "needs_decision"


def test_refusals_name_the_field(town: Caller) -> None:
    def errors(**body: object) -> set[str]:
        refused = town.post("/initiatives/FI-001/reports", body)
        assert refused.status_code == 422
        return set(refused.get_json()["errors"])

    assert errors() == {"state"}
    assert errors(state="watch") == {"text"}
    assert errors(state="fint") == {"state"}
    assert errors(state="on_track", forecast_end_week="v. 7") == {"forecast_end_week"}
    assert errors(state="on_track", forecast_end_week="2099-W07") == {"forecast_end_week"}
    assert errors(state="on_track", läge="bra") == {"läge"}


def test_what_does_not_run_is_not_reported_on(town: Caller) -> None:
    refused = town.post("/initiatives/FI-011/reports", {"state": "on_track"})
    assert refused.status_code == 409
    assert refused.get_json()["type"].endswith("/not-allowed-now")


def test_only_who_may_edit_everything_reports_by_token(town: Caller) -> None:
    for role in ("member", "owner", "delegate", "reader"):
        program = Caller(town.client, role)
        assert program.post("/initiatives/FI-001/reports", {"state": "on_track"}).status_code == 403, role
    assert Caller(town.client, "reader").call("GET", "/initiatives/FI-001/reports").status_code == 403
    assert Caller(town.client, "member").get("/initiatives/FI-001/reports")["next"] is None


def test_a_program_appoints_the_delegate(town: Caller) -> None:
    assert town.get("/initiatives/FI-001")["delegate"] is None
    changed = town.patch("/initiatives/FI-001", {"delegate": "Registrator"})
    assert changed.get_json()["delegate"] == "Registrator"
    assert town.patch("/initiatives/FI-001", {"delegate": "Ingen alls"}).get_json()["errors"].keys() == {"delegate"}
    assert town.patch("/initiatives/FI-001", {"delegate": None}).get_json()["delegate"] is None
