"""Files for Word: their paper, language and looks, set once so that the text itself carries none of them."""

import io
import zipfile
from datetime import UTC, datetime

from docx.document import Document as File
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

LANGUAGE = "sv-SE"
FONT = "Calibri"
"""It is where Word is; other programs have a font of the same widths for it."""
SENDER, NOTICE, FACT, LABEL, WEIGHTY = "Avsändare", "Obs", "Uppgift", "Ledord", "Viktigt"
PAGE_NUMBER, NUMBER_OF_PAGES = "PAGE", "NUMPAGES"

_INK, _MUTED, _BLUE = RGBColor(0x1B, 0x1F, 0x2A), RGBColor(0x52, 0x5A, 0x6B), RGBColor(0x0B, 0x4A, 0x75)
_HEADINGS = {1: (20, _INK, 0), 2: (14, _BLUE, 18), 3: (12, _INK, 12)}
"""For each level its size, its colour and the space before it."""
_PAPER, _MARGIN = (Mm(210), Mm(297)), Mm(22)
_INDENT = Mm(38)
_OLDEST_WORD = "15"

UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
"""When a draft was made, and every file inside a .docx: nothing in it may tell when it happened to be drawn."""


def prepare(file: File) -> None:
    """Make the empty file ours: A4, Swedish, our styles, and nothing left of the template that it was made from."""
    _set_paper(file)
    _set_language(file)
    _set_defaults(file)
    _add_styles(file)
    _drop_thumbnail(file)


def add_field(line: Paragraph, name: str) -> None:
    """A number that Word counts itself: the page, or how many there are."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    line._p.append(field)


def name_table(table: Table, name: str) -> None:
    """What a screen reader says when it comes to the table."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), name)
    table._tbl.tblPr.append(caption)


def mark_as_header(row: _Row) -> None:
    """The row is the table's header: said with every cell, and repeated on the next page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def packed(file: File) -> bytes:
    """The file's parts in the order that they were given, each with the same date: the same text, the same bytes."""
    written, kept_in = io.BytesIO(), io.BytesIO()
    file.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(kept_in, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in parts.namelist():
            kept.writestr(zipfile.ZipInfo(name, UNDATED.timetuple()[:6]), parts.read(name), zipfile.ZIP_DEFLATED)
    return kept_in.getvalue()


def _set_paper(file: File) -> None:
    paper = file.sections[0]
    paper.page_width, paper.page_height = _PAPER
    paper.left_margin = paper.right_margin = paper.top_margin = paper.bottom_margin = _MARGIN


def _set_language(file: File) -> None:
    """Proofing and speech in Swedish, whatever the reader's own Word is set to."""
    for language in (*file.styles.element.iter(qn("w:lang")), *file.settings.element.iter(qn("w:themeFontLang"))):
        language.set(qn("w:val"), LANGUAGE)
    for setting in file.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), _OLDEST_WORD)


def _set_defaults(file: File) -> None:
    for fonts in file.styles.element.iter(qn("w:rFonts")):
        _set_font(fonts)
    normal = _paragraph_style(file, "Normal")
    normal.font.size, normal.font.color.rgb = Pt(11), _INK
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.15
    for level, (size, colour, before) in _HEADINGS.items():
        heading = _paragraph_style(file, f"Heading {level}")
        heading.font.size, heading.font.color.rgb = Pt(size), colour
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(before), Pt(6)
    footer = _paragraph_style(file, "Footer")
    footer.font.size, footer.font.color.rgb = Pt(9), _MUTED
    footer.paragraph_format.tab_stops.clear_all()
    footer.paragraph_format.tab_stops.add_tab_stop(_PAPER[0] - 2 * _MARGIN, WD_TAB_ALIGNMENT.RIGHT)
    for side in ("w:left", "w:right", "w:insideV"):
        for line in file.styles["Table Grid"].element.iter(qn(side)):
            line.set(qn("w:val"), "nil")


def _set_font(fonts: BaseOxmlElement) -> None:
    # A theme's font would win over ours, so its names are taken away.
    fonts.attrib.clear()
    for kind in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(kind), FONT)


def _add_styles(file: File) -> None:
    sender = _new_paragraph_style(file, SENDER)
    sender.font.color.rgb = _MUTED
    notice = _new_paragraph_style(file, NOTICE)
    notice.font.bold = True
    fact = _new_paragraph_style(file, FACT)
    fact.paragraph_format.left_indent, fact.paragraph_format.first_line_indent = _INDENT, -_INDENT
    fact.paragraph_format.tab_stops.add_tab_stop(_INDENT)
    fact.paragraph_format.space_after, fact.paragraph_format.keep_together = Pt(3), True
    _new_character_style(file, LABEL).font.color.rgb = _MUTED
    _new_character_style(file, WEIGHTY).font.bold = True


def _paragraph_style(file: File, name: str) -> ParagraphStyle:
    style = file.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _new_paragraph_style(file: File, name: str) -> ParagraphStyle:
    style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = file.styles["Normal"]
    style.style_id = name.encode("ascii", "ignore").decode()  # as Word itself does with å, ä and ö
    return style


def _new_character_style(file: File, name: str) -> CharacterStyle:
    style = file.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    assert isinstance(style, CharacterStyle)
    return style


def _drop_thumbnail(file: File) -> None:
    """The template's picture of its own first page, which file managers would show."""
    rels = file.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]
