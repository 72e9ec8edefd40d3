"""The letter Fråga tillbaka till uppdragsgivaren as a file for Word."""

from docx import Document as new_file

from portfolio.assignments.rules.clarity import Letter
from portfolio.base.text import several_lines
from portfolio.base.word_styles import SENDER, UNDATED, packed, prepare


def letter_docx(letter: Letter) -> bytes:
    """The whole letter; the same letter gives the same bytes each time."""
    file = new_file()
    prepare(file)
    heading, sender = several_lines(letter.heading), several_lines(letter.sender)
    told = file.core_properties
    told.title, told.author, told.last_modified_by = heading[:255], sender[:255], ""
    told.created = told.modified = UNDATED.replace(tzinfo=None)
    told.language, told.comments = "sv-SE", ""
    file.add_paragraph(f"Till: {several_lines(letter.receiver)}\n{letter.day}")
    file.add_heading(heading, 1)
    file.add_paragraph(several_lines(letter.reference), SENDER)
    file.add_paragraph("Hej!")
    file.add_paragraph(several_lines(letter.opening))
    for question in letter.asks:
        file.add_paragraph(question, "List Number")
    if letter.understood:
        file.add_heading("Så här har vi förstått resten", 2)
    for question, answer in letter.understood:
        file.add_heading(question, 3)
        file.add_paragraph(several_lines(answer))
    for sentence in letter.closing:
        file.add_paragraph(several_lines(sentence))
    file.add_paragraph(f"Med vänlig hälsning\n{sender}")
    return packed(file)
