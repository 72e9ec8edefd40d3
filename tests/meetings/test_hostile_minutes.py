"""Minutes that hold what nobody should have written: it stays text, breaks nothing and fetches nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from portfolio.meetings.rules.minutes import Minutes, NotNow, Participant
from portfolio.meetings.writing.docx import document_docx
from portfolio.meetings.writing.page import SHEETS, document_html
from tests.meetings.examples import ATTACK, FULL, START
from tests.meetings.reading import Heard, drawn_pdf, pdf_of, pdf_tags, pdf_words, word_headings, word_lines

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
        items=(replace(item, question=text, exception=text, remark=text, due_label=text),),
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
