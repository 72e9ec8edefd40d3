"""Files from outside: what is read, and what is refused before it can cost anything."""

import io
import random
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.exchange.reading import UnreadableFile, read_table
from portfolio.exchange.reading.limits import COLUMN_LIMIT, ROW_LIMIT, UPLOAD_LIMIT

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MANY_ROWS = "".join(f"<row spans='{number % 977}'/>" for number in range(60_000))
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def rows_of(source, filename="lista.csv", **choice):
    return [list(row.cells) for row in read_table(source, filename, **choice).rows]


def refusal(source, filename="lista.xlsx", **choice):
    """The refusal of a file, with its code and its Swedish message."""
    with pytest.raises(UnreadableFile) as caught:
        read_table(source, filename, **choice)
    return caught.value


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*rows, epoch=None):
    """An Excel file as openpyxl writes it, with these rows on its first sheet."""
    book = openpyxl.Workbook()
    book.active.title = "Lista"
    if epoch:
        book.epoch = epoch
    for row in rows:
        book.active.append(row)
    return saved(book)


def package(sheet, shared="", book_properties=""):
    """An Excel file written by hand: the inside of its sheet, of its shared texts, and before its sheets."""
    return zipped(parts_of(sheet, shared, book_properties))


def parts_of(sheet, shared="", book_properties=""):
    """The parts of such a file by name."""
    return {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book_properties}'
        '<sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    }


def zipped(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def sheet_data(*cells):
    """A header "Namn" in A1 and these cells, written as XML, in the second row."""
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>Namn</t></is></c></row>'
    return f'<sheetData>{header}<row r="2">{"".join(cells)}</row></sheetData>'


class TestCsv:
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_a_list_is_read_whatever_its_encoding_and_delimiter(self, encoding, delimiter):
        text = f"Namn{delimiter}Förvaltning\r\nSpråkstöd – år 1{delimiter}Barn\r\n"
        table = read_table(text.encode(encoding), "lista.csv")
        assert table.header == ("Namn", "Förvaltning")
        assert [list(row.cells) for row in table.rows] == [["Språkstöd – år 1", "Barn"]]
        assert (table.encoding, table.delimiter) == (encoding, delimiter)

    def test_a_byte_that_windows_never_had_is_read_as_latin_1(self):
        assert rows_of(b"Namn;Status\nSpr\xe5k\x81st\xf6d;Klar\n") == [["Språk\x81stöd", "Klar"]]

    def test_commas_in_the_texts_of_a_semicolon_list_do_not_split_it(self):
        text = 'Namn;Syfte\nE-arkiv;Bevara, gallra, söka\nSpråkstöd;"Öva, läsa; skriva"\n'
        assert rows_of(text.encode())[1] == ["Språkstöd", "Öva, läsa; skriva"]

    def test_line_breaks_of_every_kind_stay_inside_a_quoted_cell(self):
        text = 'Namn;Syfte\r\nE-arkiv;"först\r\r\nsedan\nsist"\r\nSpråkstöd;kort\r\n'
        table = read_table(text.encode(), "lista.csv")
        assert [row.number for row in table.rows] == [2, 3]
        assert table.rows[0].cells[1].split() == ["först", "sedan", "sist"]

    def test_a_quote_within_a_cell_is_only_a_sign(self):
        assert rows_of('Namn;Syfte\nProjekt "Nova";5" rör\n'.encode()) == [['Projekt "Nova"', '5" rör']]

    def test_a_title_row_above_and_blank_rows_between_keep_the_row_numbers(self):
        text = "Projektlista 2026\n\nNamn;Status\nE-arkiv;Pågår\n;\n\nSpråkstöd;Klar\n"
        table = read_table(text.encode(), "lista.csv")
        assert table.header_row == 3
        assert [row.number for row in table.rows] == [4, 7]

    def test_excels_own_line_about_the_delimiter_is_obeyed(self):
        table = read_table(b"sep=;\r\nNamn;Status\r\nE-arkiv, etapp 1;Klar\r\n", "lista.csv")
        assert table.delimiter == ";"
        assert [list(row.cells) for row in table.rows] == [["E-arkiv, etapp 1", "Klar"]]

    def test_empty_columns_to_the_right_are_no_columns(self):
        table = read_table(b"Namn;Status" + b";" * 300 + b"\nE-arkiv;Klar" + b";" * 300 + b"\n", "lista.csv")
        assert table.header == ("Namn", "Status")

    def test_a_formula_and_a_control_character_are_only_text(self):
        assert rows_of(b"Namn;Status\n=HYPERLINK(1);@a\x07b\n") == [["=HYPERLINK(1)", "@ab"]]

    def test_fifty_thousand_rows_are_read_and_not_one_more(self):
        rows = "Projekt;Status\n" + "E-arkiv;Klar\n" * ROW_LIMIT
        assert len(read_table(rows.encode(), "lista.csv").rows) == ROW_LIMIT
        refused = refusal((rows + "En till;Klar\n").encode(), "lista.csv")
        assert refused.code == "too_many_rows"
        assert "50\u00a0000 rader" in refused.message

    def test_a_hundred_columns_are_read_and_not_one_more(self):
        wide = ";".join(["Namn"] + ["x"] * (COLUMN_LIMIT - 1))
        assert len(read_table(f"{wide}\n{wide}1\n".encode(), "lista.csv").header) == COLUMN_LIMIT
        assert refusal(f"{wide};x\n{wide};y\n".encode(), "lista.csv").code == "too_many_columns"
        assert refusal(b"Namn;Status\n" + b";" * 19_000_000, "lista.csv").code == "too_many_columns"

    def test_a_quote_that_never_ends_is_refused_with_its_row(self):
        text = 'Namn;Status\nE-arkiv;Klar\n"Språkstöd;Klar\n' + "Ny skola;Pågår\n" * 20_000
        refused = refusal(text.encode(), "lista.csv")
        assert refused.code == "unclosed_quote"
        assert "rad 3" in refused.message


class TestWorkbook:
    def test_cells_come_as_what_they_are(self):
        table = read_table(
            workbook(
                ["Namn", "Start", "Antal", "Andel", "Klar", "Tid"],
                ["E-arkiv", date(2027, 2, 15), 12, 0.5, True, datetime(2027, 2, 15, 8, 30)],  # noqa: DTZ001
                ["Språkstöd\u00a0nu"],
            ),
            "lista.xlsx",
        )
        assert table.rows[0].cells == ["E-arkiv", date(2027, 2, 15), 12, 0.5, "SANT", datetime(2027, 2, 15, 8, 30)]  # noqa: DTZ001
        assert table.rows[1].cells == ["Språkstöd\u00a0nu"]

    def test_days_counted_from_1904_are_the_same_days(self):
        book = workbook(
            ["Namn", "Start"], ["E-arkiv", date(2027, 2, 15)], epoch=openpyxl.utils.datetime.CALENDAR_MAC_1904
        )
        assert rows_of(book, "lista.xlsx") == [["E-arkiv", date(2027, 2, 15)]]

    def test_a_date_is_known_by_its_format_and_an_amount_or_a_duration_is_none(self):
        book = openpyxl.Workbook()
        book.active.append(["Namn", "Start", "Kostnad", "Timmar"])
        book.active.append(["E-arkiv", 46433, 46433, 46433])
        for cell, code in zip(book.active[2][1:], ['d" "mmm" "åååå;@', '# ##0" mdkr"', "[h]:mm"], strict=True):
            cell.number_format = code
        assert rows_of(saved(book), "lista.xlsx") == [["E-arkiv", date(2027, 2, 15), 46433, 46433]]

    def test_a_formula_is_its_saved_result_and_never_more(self):
        cells = (
            '<c r="A2" t="str"><f>HYPERLINK("http://x","E-arkiv")</f><v>E-arkiv</v></c>',
            '<c r="B2"><f>1+1</f></c>',
        )
        book = package(sheet_data(*cells, '<c r="C2"><f>1+1</f><v>2</v></c>', '<c r="D2" t="e"><v>#REF!</v></c>'))
        assert rows_of(book, "lista.xlsx") == [["E-arkiv", None, 2, "#REF!"]]

    def test_merged_cells_hold_their_text_once(self):
        book = openpyxl.Workbook()
        book.active.append(["Namn", "Förvaltning"])
        book.active.append(["E-arkiv", "Social"])
        book.active.append(["Språkstöd"])
        book.active.merge_cells("B2:B3")
        assert rows_of(saved(book), "lista.xlsx") == [["E-arkiv", "Social"], ["Språkstöd"]]

    def test_rich_text_is_one_text_without_its_phonetic_reading(self):
        shared = "<si><r><t>E-</t></r><r><t xml:space='preserve'>arkiv </t></r><rPh><t>ljud</t></rPh></si>"
        book = package(sheet_data('<c r="A2" t="s"><v>0</v></c>'), shared)
        assert rows_of(book, "lista.xlsx") == [["E-arkiv "]]

    def test_escaped_line_ends_are_read_and_escaped_control_characters_are_gone(self):
        book = package(sheet_data('<c r="A2" t="inlineStr"><is><t>E_x000A_ark_x0000_iv_xD800_</t></is></c>'))
        assert rows_of(book, "lista.xlsx") == [["E\narkiv"]]

    def test_a_writer_that_leaves_out_references_and_uses_prefixes_is_understood(self):
        rows = "<x:row><x:c t='inlineStr'><x:is><x:t>Namn</x:t></x:is></x:c></x:row>"
        rows += "<x:row><x:c/><x:c t='str' s='99'><x:v>E-arkiv</x:v></x:c></x:row>"
        sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
        book = zipped(parts_of("") | {"xl/worksheets/sheet1.xml": sheet})
        assert rows_of(book, "lista.xlsx") == [[None, "E-arkiv"]]

    def test_the_first_visible_sheet_is_read_unless_another_is_chosen(self):
        book = openpyxl.Workbook()
        book.active.title = "Dold"
        book.active.sheet_state = "hidden"
        for title in ("Projekt", "Arkiv"):
            book.create_sheet(title).append(["Namn"])
            book[title].append([title])
        table = read_table(saved(book), "lista.xlsx")
        assert (table.sheet, table.sheets) == ("Projekt", ("Projekt", "Arkiv"))
        assert rows_of(saved(book), "lista.xlsx", sheet="Arkiv") == [["Arkiv"]]
        assert (
            refusal(saved(book), sheet="Dold").message
            == "Bladet ”Dold” finns inte i filen. Bladen heter Projekt, Arkiv."
        )

    def test_a_title_row_above_the_header_is_passed_over(self):
        table = read_table(
            workbook(["Projekt per 2026-11-23"], ["Projekt", "Status"], ["E-arkiv", "Klar"]), "lista.xlsx"
        )
        assert (table.header_row, table.header) == (2, ("Projekt", "Status"))

    def test_a_file_on_disk_is_read_too(self, tmp_path):
        file = tmp_path / "lista.xlsx"
        file.write_bytes(workbook(["Namn"], ["E-arkiv"]))
        assert rows_of(file, "lista.xlsx") == [["E-arkiv"]]


class TestRefusals:
    @pytest.mark.parametrize(
        ("filename", "chosen"),
        [
            ("plan.pdf", "en .pdf"),
            ("Lista.XLS", "en .xls"),
            ("makro.xlsm", "en .xlsm"),
            ("lista", "en fil utan filändelse"),
        ],
    )
    def test_another_kind_of_file_is_refused_by_its_name(self, filename, chosen):
        assert refusal(b"x", filename).message == f"Filen måste vara Excel (.xlsx) eller csv. Du valde {chosen}."

    @pytest.mark.parametrize("filename", ["lista.xlsx", "lista.csv"])
    @pytest.mark.parametrize(
        ("content", "found"),
        [
            (b"%PDF-1.7\n...", "en pdf"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "en äldre Excelfil"),
            (b"MZ\x90\x00\x03\x00\x00\x00", "ett program"),
            (b"\n<!DOCTYPE html><html><table>", "en webbsida"),
            (b"<html><table><tr><td>Namn", "en webbsida"),
        ],
    )
    def test_another_kind_of_file_is_refused_whatever_it_is_called(self, filename, content, found):
        refused = refusal(content, filename)
        assert refused.code == "disguised"
        assert refused.message.startswith("Filen måste vara Excel (.xlsx) eller csv. Den här heter .")
        assert found in refused.message

    def test_a_list_under_the_wrong_name_is_refused(self):
        assert refusal(b"Namn;Status\nE-arkiv;Klar\n", "lista.xlsx").code == "disguised"
        assert refusal(workbook(["Namn"], ["E-arkiv"]), "lista.csv").code == "disguised"

    def test_a_locked_workbook_says_so(self):
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
        assert "lösenord" in refusal(ole).message

    def test_a_zip_that_is_no_workbook_is_refused(self):
        assert refusal(zipped({"word/document.xml": "<w/>"})).code == "disguised"

    @pytest.mark.parametrize("content", [b"", b"  \r\n", b"Namn;Status\n", b"\xef\xbb\xbf"])
    def test_a_list_without_rows_says_so(self, content):
        assert refusal(content, "lista.csv").message == "Filen innehåller inga rader."

    def test_the_refusal_belongs_to_the_file_field_of_a_form(self):
        assert refusal(b"x", "a.pdf").errors == {
            "file": ["Filen måste vara Excel (.xlsx) eller csv. Du valde en .pdf."]
        }

    def test_a_file_over_twenty_megabytes_is_refused_unread(self, tmp_path):
        file = tmp_path / "lista.csv"
        with file.open("wb") as sparse:
            sparse.truncate(UPLOAD_LIMIT + 1)
        assert refusal(file, "lista.csv").message.startswith("Filen är 21 MB. Den får vara högst 20 MB.")
        assert refusal(bytes(UPLOAD_LIMIT + 1), "lista.csv").code == "too_large"


class TestBombs:
    def test_a_zip_that_unpacks_to_more_than_a_hundred_times_its_size_is_refused(self):
        row = '<row r="2"><c r="A2"><v>1</v></c></row>'
        assert refusal(package(f"<sheetData>{row * 1_400_000}</sheetData>")).code == "unpacked_too_large"

    def test_a_zip_that_declares_over_120_megabytes_is_refused(self):
        parts = {f"{number}.bin": random.Random(number).randbytes(300_000) + bytes(30_000_000) for number in range(5)}
        assert refusal(zipped(parts)).code == "unpacked_too_large"

    def test_a_zip_that_lies_about_its_sizes_is_refused(self):
        book = bytearray(package(f"<sheetData>{'<row/>' * 5000}</sheetData>"))
        entry = book.rfind(b"xl/worksheets/sheet1.xml") - 46
        book[entry + 24 : entry + 28] = struct.pack("<I", 50)
        assert refusal(bytes(book)).code == "damaged"

    @pytest.mark.parametrize("count", [201, 3000])
    def test_a_zip_with_too_many_parts_is_refused(self, count):
        assert refusal(zipped({f"{number}.xml": "" for number in range(count)})).code == "too_many_parts"

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
    def test_a_document_type_is_refused_and_with_it_every_entity(self, part):
        parts = parts_of(sheet_data('<c r="A2" t="s"><v>0</v></c>'), "<si><t>E-arkiv</t></si>")
        entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        parts[part] = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>' + parts[part]
        assert refusal(zipped(parts)).code == "damaged"

    @pytest.mark.parametrize(
        ("sheet", "code"),
        [
            ('<dimension ref="A1:C1048576"/>', "too_many_rows"),
            ('<dimension ref="A1:XFD20"/>', "too_many_columns"),
            ('<sheetData><row r="1048576"/></sheetData>', "too_many_rows"),
            ('<sheetData><row r="1"><c r="XFD1"/></row></sheetData>', "too_many_columns"),
            (f'<sheetData><row r="1">{"<c/>" * 16_384}</row></sheetData>', "too_many_columns"),
            (f"<sheetData>{MANY_ROWS}</sheetData>", "too_many_rows"),
        ],
        ids=["declared rows", "declared columns", "far row", "far column", "many cells", "many rows"],
    )
    def test_declared_rows_and_columns_beyond_the_limit_are_refused(self, sheet, code):
        assert refusal(package(sheet)).code == code

    def test_one_long_text_shown_in_very_many_cells_is_refused(self):
        sheet = "<sheetData>" + ("<row>" + '<c t="s"><v>0</v></c>' * 50 + "</row>") * 100 + "</sheetData>"
        noise = random.Random(1).randbytes(9000).hex()
        assert refusal(package(sheet, f"<si><t>{noise + 'x' * 14_000}</t></si>")).code == "unpacked_too_large"

    @pytest.mark.parametrize(
        "sheet",
        [
            '<sheetData><row r="x"/></sheetData>',
            '<sheetData><row><c r="7A"/></row></sheetData>',
            '<sheetData><row><c t="s"><v>9</v></c></row></sheetData>',
            "<sheetData><row><c><v>tal</v></c></row></sheetData>",
            "<sheetData><row>",
        ],
    )
    def test_a_sheet_that_makes_no_sense_is_damaged(self, sheet):
        assert refusal(package(sheet)).code == "damaged"

    def test_a_part_in_an_encoding_that_nobody_knows_is_damaged(self):
        part = "xl/worksheets/sheet1.xml"
        sheet = '<?xml version="1.0" encoding="UTF-8r"?>' + parts_of("")[part]
        assert refusal(zipped(parts_of("") | {part: sheet})).code == "damaged"

    def test_a_sheet_that_cannot_be_found_is_damaged(self):
        book = f'<workbook xmlns="{MAIN}"><sheets><sheet name="Blad1" sheetId="1"/></sheets></workbook>'
        assert refusal(zipped(parts_of("") | {"xl/workbook.xml": book})).code == "damaged"

    def test_twenty_seven_thousand_rows_are_read_and_drafted_within_300_megabytes(self, tmp_path):
        header = ["Projektnummer", "Projektnamn", "Förvaltning", "Start", "Slut", "Status", "Beskrivning"]
        cells = ["P{0}", "Projekt {0}", "Socialförvaltningen", "v. 7 2027", "2027-12-31", "Pågår", "Ett projekt, {0}"]
        first, row = (
            "<row>" + "".join(f"<c t='str'><v>{cell}</v></c>" for cell in texts) + "</row>"
            for texts in (header, cells + ["Uppgift {0}"] * 13)
        )
        rows = "".join(row.format(number) for number in range(27_000))
        (tmp_path / "lista.xlsx").write_bytes(package(f"<sheetData>{first}{rows}</sheetData>"))
        command = [sys.executable, "-c", DRAFT_WITHIN_300_MB, str(tmp_path / "lista.xlsx")]
        drafted = subprocess.run(command, capture_output=True, text=True, check=True)
        assert drafted.stdout.split() == ["27000", "27000"]


DRAFT_WITHIN_300_MB = """
import resource, sys
from datetime import date
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
from portfolio.exchange.reading import read_table
from portfolio.exchange.rules.headers import guess_mapping
from portfolio.exchange.rules.rows import Draft, draft_rows
from portfolio.exchange.rules.words import KnownUnits
table = read_table(Path(sys.argv[1]), "lista.xlsx")
mapping = guess_mapping(table.header, [row.cells for row in table.rows[:200]])
outcomes = draft_rows(table, mapping, KnownUnits([]), date(2026, 11, 23))
print(len(outcomes), sum(isinstance(outcome, Draft) and outcome.end_week is not None for outcome in outcomes))
"""


def broken(content, blows):
    """The content with a few bytes struck out or written over, at places given as shares of its length."""
    pieces = bytearray(content)
    for place, debris in blows:
        at = int(place * len(pieces))
        pieces[at : at + len(debris)] = debris
    return bytes(pieces)


def read_or_refused(content, filename):
    try:
        return len(read_table(content, filename).rows) > 0
    except UnreadableFile as refused:
        return refused.message.endswith(".")


blows = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=6)
WHOLE_CSV = 'Namn;Start\r\n"Språk\r\r\nstöd";2027-02-15\r\n'.encode("cp1252")
WHOLE_WORKBOOK = workbook(["Namn", "Start"], ["E-arkiv", date(2027, 2, 15)], ["Språkstöd", "v. 7"])
WHOLE_PARTS = parts_of(
    sheet_data('<c r="A2" t="s"><v>0</v></c>', '<c r="B2"><v>7</v></c>'), "<si><t>E-arkiv</t></si>"
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(blows)
def test_a_file_that_was_broken_on_the_way_is_read_or_refused_and_nothing_else(blows):
    assert read_or_refused(broken(WHOLE_CSV, blows), "lista.csv")
    assert read_or_refused(broken(WHOLE_WORKBOOK, blows), "lista.xlsx")


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.sampled_from(sorted(WHOLE_PARTS)), blows)
def test_a_workbook_with_a_broken_part_is_read_or_refused_and_nothing_else(part, blows):
    parts = WHOLE_PARTS | {part: broken(WHOLE_PARTS[part].encode(), blows)}
    assert read_or_refused(zipped(parts), "lista.xlsx")
