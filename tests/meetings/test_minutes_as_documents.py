"""The minutes as a page, as a PDF and as a file for Word.

The documents stand in golden/. After a change that is meant: delete the file, run the test, and read what it wrote.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from portfolio.meetings.pages.files import as_file
from portfolio.meetings.rules.minutes import Minutes, as_json, from_json
from portfolio.meetings.writing.docx import document_docx
from portfolio.meetings.writing.page import document_html
from portfolio.meetings.writing.pdf import PdfNotInstalled, document_pdf
from portfolio.meetings.writing.words import document_of
from tests.house.sources import ROOT
from tests.meetings.examples import DRAFT, FULL, START
from tests.meetings.reading import (
    Heard,
    drawn_pdf,
    languages,
    pdf_fonts,
    pdf_of,
    pdf_tags,
    pdf_words,
    repeated_rows,
    word_file,
    word_headings,
    word_lines,
)

GOLDEN = Path(__file__).parent / "golden"
FORMS: dict[str, Callable[[Minutes], str]] = {
    ".html": document_html,
    ".txt": lambda minutes: pdf_words(drawn_pdf(minutes)),
    "_docx.txt": lambda minutes: word_lines(document_docx(minutes)),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("name", "minutes"), [("minutes", FULL), ("draft", DRAFT)], ids=["minutes", "draft"])
def test_the_document_is_as_it_was_read_last(name: str, minutes: Minutes, form: str) -> None:
    path, text = GOLDEN / f"{name}{form}", FORMS[form](minutes)
    if not path.exists():
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        pytest.fail(f"{path.name} is new: read it")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("draw", [document_html, document_pdf, document_docx])
def test_what_was_stored_is_drawn_as_the_same_bytes_for_ever(draw: Callable[[Minutes], str | bytes]) -> None:
    assert draw(FULL) == draw(from_json(as_json(FULL)))


def test_minutes_that_were_stored_under_the_first_name_of_a_field_are_still_read() -> None:
    stored = as_json(FULL)
    stored["held_back"] = stored.pop("withheld_count")
    assert from_json(stored) == FULL


def test_no_form_speaks_of_voting() -> None:
    said = word_lines(document_docx(FULL)).lower()
    assert [word for word in ("omröst", "votering", "röst", "majoritet", "bifall") if word in said] == []


def ensure_steps(levels: list[int]) -> None:
    """A document has one first heading, and no heading is more than one level below the one before it."""
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("minutes", [FULL, DRAFT], ids=["full", "draft"])
def test_the_page_has_a_language_headings_in_steps_and_named_headers(minutes: Minutes) -> None:
    heard = Heard(document_html(minutes))
    ensure_steps(heard.headings)
    assert heard.lang == "sv"
    assert set(heard.scopes) <= {"col", "row"}
    assert {"style", "script", "img"} & set(heard.tags) == set()


@pytest.mark.parametrize("minutes", [FULL, DRAFT], ids=["full", "draft"])
def test_the_pdf_is_tagged_with_language_title_and_headings_in_steps(minutes: Minutes) -> None:
    made = drawn_pdf(minutes)
    root, told = pdf_of(made).root_object, pdf_of(made).metadata
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert told is not None
    assert told.title == f"{document_of(minutes).title} – Norrsunda kommun, Ledningsgruppen"
    assert told.author == "Norrsunda kommun, Ledningsgruppen"
    assert told.creation_date == minutes.completed_at
    ensure_steps([int(tag[1]) for tag in pdf_tags(made) if re.fullmatch("H[1-6]", tag)])


def test_the_pdf_has_the_table_with_its_headers_and_every_fact_as_one_item() -> None:
    tags = pdf_tags(drawn_pdf(FULL))
    facts = sum(
        len(block.facts)
        for section in document_of(FULL).sections
        for part in section.parts
        for block in part.blocks
        if block.kind == "facts"
    )
    assert tags.count("TH") >= 3 + len(FULL.not_now)
    assert tags.count("TD") == 2 * len(FULL.not_now)
    assert tags.count("LI") > facts
    assert "Figure" not in tags


@pytest.mark.parametrize("minutes", [FULL, DRAFT], ids=["full", "draft"])
def test_word_has_real_headings_in_steps_swedish_and_properties(minutes: Minutes) -> None:
    made = document_docx(minutes)
    told = word_file(made).core_properties
    ensure_steps(word_headings(made))
    assert languages(made) == {"sv-SE"}
    assert told.title == document_of(minutes).title
    assert (told.author, told.language) == ("Norrsunda kommun, Ledningsgruppen", "sv-SE")
    assert (told.comments, told.last_modified_by) == ("", "")
    assert minutes.completed_at is None or told.created == minutes.completed_at


def test_the_table_in_word_repeats_its_header() -> None:
    assert repeated_rows(document_docx(FULL)) == [["Initiativ", "Besked", "Skäl"]]


def test_sixty_items_take_a_sane_number_of_pages() -> None:
    many = replace(FULL, items=tuple(replace(START, number=number) for number in range(1, 61)))
    assert 15 <= len(pdf_of(drawn_pdf(many)).pages) <= 30


def test_a_machine_without_fonts_shows_swedish_letters_too(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>", "utf-8")
    draw = (
        "import sys; from portfolio.meetings.writing.pdf import document_pdf;"
        "from tests.meetings.examples import DRAFT;"
        "sys.stdout.buffer.write(document_pdf(DRAFT))"
    )
    bare = os.environ | {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", draw], cwd=ROOT, env=bare, capture_output=True, check=True)
    said = " ".join(pdf_words(done.stdout).split())
    assert all(words in said for words in ("det här är ett utkast", "Färdigställt", "§ 6", "kl. 08.30"))
    assert all(font.startswith("Source-Sans-3") for font in pdf_fonts(done.stdout))


def test_the_same_minutes_are_drawn_once_however_often_the_pdf_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes = replace(FULL, place="Rosa rummet")
    first = as_file(minutes, "pdf").data
    monkeypatch.setattr("portfolio.meetings.writing.typesetting.HTML", None)
    assert as_file(minutes, "pdf").data == first
    with pytest.raises(TypeError):
        as_file(replace(FULL, place="Gula rummet"), "pdf")


def test_a_server_without_the_libraries_says_what_to_do_instead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "weasyprint.py").write_text('raise OSError("cannot load library libpango-1.0-0")', "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.startswith("weasyprint") or name.endswith(".typesetting")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(PdfNotInstalled, match="spara den som pdf"):
        document_pdf(DRAFT)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_of_our_pages_shows_the_same_words(app: Flask) -> None:
    page = (
        '{% extends "base.html" %}{% block sheets %}<link rel="stylesheet" href="{{ asset("minutes.css") }}">'
        '{% endblock %}{% block content %}{% include "meetings/_minutes.html" %}{% endblock %}'
    )
    with app.test_request_context("/"):
        shown = render_template_string(page, document=document_of(FULL))
    inner = re.search("<article.*</article>", document_html(FULL), re.DOTALL)
    assert inner is not None
    assert inner[0] in shown
    assert re.search(r'href="/static/minutes.css\?v=[0-9a-f]{12}"', shown)
