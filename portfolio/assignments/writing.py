"""The letter Fråga tillbaka till uppdragsgivaren as a file for Word."""

from docx import Document as new_file

from portfolio.assignments.rules.clarity import Letter
from portfolio.base.word_styles import SENDER, UNDATED, packed, prepare


def letter_docx(letter: Letter) -> bytes:
    """The whole letter; the same letter gives the same bytes each time."""
    file = new_file()
    prepare(file)
    told = file.core_properties
    told.title, told.author, told.last_modified_by = letter.heading[:255], letter.sender, ""
    told.created = told.modified = UNDATED.replace(tzinfo=None)
    told.language, told.comments = "sv-SE", ""
    file.add_paragraph(f"Till: {letter.receiver}\n{letter.day}")
    file.add_heading(letter.heading, 1)
    file.add_paragraph(letter.reference, SENDER)
    file.add_paragraph("Hej!")
    file.add_paragraph(letter.opening)
    for question in letter.asks:
        file.add_paragraph(question, "List Number")
    if letter.understood:
        file.add_heading("Så här har vi förstått resten", 2)
    for question, answer in letter.understood:
        file.add_heading(question, 3)
        file.add_paragraph(answer)
    for sentence in letter.closing:
        file.add_paragraph(sentence)
    file.add_paragraph(f"Med vänlig hälsning\n{letter.sender}")
    return packed(file)
