"""The minutes as a page, as a PDF and as a file for Word.

The documents stand in golden/. After a change that is meant: delete the file, run the test, and read what it wrote.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from portfolio.meetings.rules.minutes import Minutes, NotNow, Participant, as_json, from_json
from portfolio.meetings.writing.docx import document_docx
from portfolio.meetings.writing.page import SHEETS, document_html
from portfolio.meetings.writing.pdf import PdfNotInstalled, document_pdf
from portfolio.meetings.writing.words import document_of
from tests.house.sources import ROOT
from tests.meetings.examples import ATTACK, DRAFT, FULL, START
from tests.meetings.reading import (
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
drawn_pdf = cache(document_pdf)
"""A PDF that several tests look at is drawn once."""
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


def test_no_form_speaks_of_voting() -> None:
    said = word_lines(document_docx(FULL)).lower()
    assert [word for word in ("omröst", "votering", "röst", "majoritet", "bifall") if word in said] == []


class Heard(HTMLParser):
    """What a listener hears of a page: its language, its headings and the headers of its tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang, self.tags, self.scopes = "", [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.lang = dict(attrs).get("lang") or self.lang
        self.scopes += [dict(attrs).get("scope")] if tag == "th" else []

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag in self.tags if re.fullmatch("h[1-6]", tag)]


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


UNSHOWN = "a\x00b\x0bc\ud800d\uffffe\u202ef\u2066g\x1bh"
LONG = "Ö" * 300
RIGHT_TO_LEFT = "מערכת נוכחות وحدة"


def with_text(text: str) -> Minutes:
    """Minutes that hold a text wherever somebody can have written one."""
    item = replace(
        START, code=text, title=text, diarienummer=text, decision=text, reason=text, responsible=text, basis=text
    )
    return replace(
        FULL,
        number=text,
        municipality=text,
        group=text,
        place=text,
        participants=(Participant(text, False, text), Participant(text, True)),
        items=(replace(item, exception=text, remark=text),),
        not_now=(NotNow(text, text, text, text),),
        outdated=(text,),
        secretary=text,
        completed_by=text,
        correction=text,
    )


@pytest.mark.parametrize("text", [ATTACK, "{{ 7 * 7 }}{% include 'x' %}", "<w:p/>&amp;]]>", RIGHT_TO_LEFT])
def test_whatever_was_written_stays_text(text: str) -> None:
    minutes = with_text(text)
    heard = Heard(document_html(minutes))
    assert {"img", "w:p"} & set(heard.tags) == set()
    assert "Figure" not in pdf_tags(drawn_pdf(minutes))
    assert text in word_lines(document_docx(minutes))
    if text != RIGHT_TO_LEFT:  # a PDF holds the signs in the order in which they are drawn
        assert text.replace(" ", "") in pdf_words(drawn_pdf(minutes)).replace(" ", "")


def test_signs_that_cannot_be_shown_or_that_turn_the_text_are_left_out() -> None:
    minutes = with_text(UNSHOWN)
    assert "abcdefgh" in document_html(minutes)
    assert "abcdefgh" in pdf_words(drawn_pdf(minutes))
    assert "abcdefgh" in word_lines(document_docx(minutes))


def test_nothing_but_unseen_signs_leaves_an_empty_place_and_no_fault() -> None:
    minutes = with_text("\x00\r\n ")
    assert pdf_words(drawn_pdf(minutes))
    assert word_headings(document_docx(minutes))
    assert "Skäl" not in document_html(replace(minutes, not_now=()))


def test_a_word_without_end_is_broken_and_stays_on_the_paper() -> None:
    pages = pdf_of(drawn_pdf(with_text(LONG))).pages
    assert sum(page.extract_text().count("Ö") for page in pages) >= 20 * len(LONG)
    assert LONG in word_lines(document_docx(with_text(LONG)))


def test_sixty_items_take_a_sane_number_of_pages() -> None:
    many = replace(FULL, items=tuple(replace(START, number=number) for number in range(1, 61)))
    assert 15 <= len(pdf_of(drawn_pdf(many)).pages) <= 30


def test_the_pdf_reads_our_own_files_and_nothing_else(tmp_path: Path) -> None:
    from portfolio.meetings.writing.typesetting import STATIC, OwnFiles, typeset

    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'secret' }", "utf-8")
    fetch = OwnFiles(allowed_protocols=("file",)).fetch
    assert fetch((STATIC / "minutes.css").as_uri()).read()
    strangers = ("https://example.org/x.css", "http://127.0.0.1:9/", "data:text/css,a", "ftp://example.org/")
    outside = (
        secret.as_uri(),
        f"{STATIC.as_uri()}/../app.py",
        f"{STATIC.as_uri()}-other/x",
        "file://host/etc/passwd",
    )
    for address in (*strangers, *outside):
        with pytest.raises(ValueError, match="not one of our own files"):
            fetch(address)
    links = "".join(f"<link rel=stylesheet href='{one}'><img alt='' src='{one}'>" for one in (*strangers, *outside))
    assert "secret" not in pdf_words(typeset(f"<html lang=sv><title>x</title>{links}<p>ord</p>", SHEETS, "1"))


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
