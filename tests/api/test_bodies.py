"""What is sent must be JSON, readable, and not too much."""

import json

import pytest

from tests.api.caller import Caller

pytestmark = pytest.mark.environment(PORTFOLIO_NOW="2026-11-23T08:00:00+01:00")

UNREADABLE = [
    b"",
    b"{",
    b"nonsense",
    b'{"title": "A", "title": "B"}',
    b'{"phases": [{"kind": "a", "kind": "b"}]}',
    b'{"title": "\xff"}',
    b"[" * 1000 + b"]" * 1000,
    b'{"a":' * 1000 + b"1" + b"}" * 1000,
    b"[" * 100_000,
    b'{"title": ' + b"9" * 5000 + b"}",
]


def test_what_is_not_json_is_told_as_such(api: Caller) -> None:
    for text in UNREADABLE:
        refused = api.call("POST", "/initiatives", data=text, content_type="application/json")
        assert (refused.status_code, refused.get_json()["type"]) == (400, "/problems/unreadable"), text[:40]


def test_json_of_another_shape_is_told_at_the_whole(api: Caller) -> None:
    for sent in ([], "title", 7, None, True):
        refused = api.call("POST", "/initiatives", data=json.dumps(sent), content_type="application/json")
        assert (refused.status_code, [*refused.get_json()["errors"]]) == (422, ["_form"])


def test_another_content_type_is_refused(api: Caller) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"):
        refused = api.call("POST", "/initiatives", data=b'{"title": "A"}', content_type=kind)
        assert (refused.status_code, refused.mimetype) == (415, "application/problem+json"), kind
    accepted = api.call(
        "POST", "/initiatives", data=b'{"title": "A"}', content_type="application/json; charset=utf-8"
    )
    assert accepted.status_code == 201


def test_ten_megabytes_are_too_much(api: Caller) -> None:
    sent = json.dumps({"title": "A" * 10_000_000})
    refused = api.call("POST", "/initiatives", data=sent, content_type="application/json")
    assert (refused.status_code, refused.get_json()["status"]) == (413, 413)


def test_text_comes_back_as_it_was_written_and_markup_is_only_text(api: Caller) -> None:
    title = 'Åäö “citat” <script>alert(1)</script> {{7*7}} 🙂 &amp; "x"'
    made = api.post("/initiatives", {"title": title})
    assert made.get_json()["title"] == title
    assert made.headers["X-Content-Type-Options"] == "nosniff"
    half = api.call("POST", "/initiatives", data=b'{"\\ud800": 1, "title": "A"}', content_type="application/json")
    assert half.status_code == 422
