"""Which column is which, guessed from the headers of Swedish and English lists."""

import pytest

from portfolio.base.errors import Invalid
from portfolio.exchange.rules.headers import check_mapping, guess_mapping, header_words


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("start_date", "start date"),
        ("EstimatedQuarterProjectRangeStart", "estimated quarter project range start"),
        ("Startdatum (prel.)", "startdatum"),
        ("  PÄ ", "pa"),
        ("Fr.o.m.", "fr o m"),
        ("colour_rating (2)", "colour rating"),
    ],
)
def test_a_header_is_read_as_plain_words(header, words):
    assert header_words(header) == words


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        (
            ["Nr", "Initiativ", "Berörda förvaltningar", "Projektägare", "Påbörjas", "Klart", "Läge", "Påverkan"],
            {
                "id": "Nr", "title": "Initiativ", "unit": "Berörda förvaltningar", "owner": "Projektägare",
                "start": "Påbörjas", "end": "Klart", "status": "Läge", "impact": "Påverkan",
            },
        ),
        (
            ["Projekt", "Ansvarig", "Ansvarig enhet", "Beräknad start", "Beräknat slutdatum", "Status", "Prio"],
            {
                "title": "Projekt", "owner": "Ansvarig", "unit": "Ansvarig enhet", "start": "Beräknad start",
                "end": "Beräknat slutdatum", "status": "Status",
            },
        ),
        (
            ["year", "project_number", "project_name", "department", "colour_rating", "start_date", "end_date"],
            {
                "id": "project_number", "title": "project_name", "unit": "department", "start": "start_date",
                "end": "end_date",
            },
        ),
        (
            ["Project Id", "Project Status", "Project Name", "Implementing Agency", "Board Approval Date",
             "Project Closing Date", "Project Development Objective"],
            {
                "id": "Project Id", "status": "Project Status", "title": "Project Name",
                "unit": "Implementing Agency", "start": "Board Approval Date", "end": "Project Closing Date",
                "summary": "Project Development Objective",
            },
        ),
        (
            ["_id", "PrimaryKey", "ProcuringAgencyOrganisation", "ProjectName", "EstimatedQuarterProcurementStart",
             "EstimatedQuarterProjectRangeStart", "EstimatedQuarterProjectRangeCompletion"],
            {
                "id": "PrimaryKey", "unit": "ProcuringAgencyOrganisation", "title": "ProjectName",
                "start": "EstimatedQuarterProjectRangeStart", "end": "EstimatedQuarterProjectRangeCompletion",
            },
        ),
        (["Name", "LinkName", "ObjectId"], {"title": "Name", "id": "ObjectId"}),
        (["deptAcronym", "department", "estimatedCompletionDate", "asOfDate"],
         {"unit": "department", "end": "estimatedCompletionDate"}),
    ],
)  # fmt: skip
def test_the_columns_of_known_lists_are_recognised(header, mapping):
    status = {"Läge": "Pågår", "Status": "Klar", "Project Status": "Active"}
    assert guess_mapping(header, [[status.get(name, "x") for name in header]]) == mapping


def test_of_two_columns_that_mean_the_same_the_one_with_content_is_taken():
    header = ["Startdatum", "Start date"]
    assert guess_mapping(header, [[None, "2027-02-15"]])["start"] == "Start date"


@pytest.mark.parametrize("header", ["Status", "Projektstatus"])
def test_traffic_lights_are_not_taken_for_a_status(header):
    colours = [["Bygga skola", "Grön"], ["Bygga väg", "Gul"], ["Bygga bro", "Röd"]]
    assert "status" not in guess_mapping(["Namn", header], colours)


def test_a_column_of_places_is_not_taken_for_a_status():
    assert "status" not in guess_mapping(["Namn", "Läge"], [["Ny skola", "Centrum"], ["Ny väg", "Hamnen"]])


def test_every_column_is_given_to_one_field_only():
    taken = list(guess_mapping(["Projekt", "Projektnamn", "Namn", "Titel"], []).values())
    assert taken == ["Projektnamn"]


def test_a_mapping_names_known_fields_and_columns_and_the_title():
    check_mapping({"title": "Namn", "start": "Start"}, ["Namn", "Start"])
    with pytest.raises(Invalid) as refusal:
        check_mapping({"start": "Börjar", "rang": "Namn"}, ["Namn", "Start"])
    assert set(refusal.value.errors) == {"start", "rang", "title"}
    assert "Namn, Start" in refusal.value.errors["start"][0]
