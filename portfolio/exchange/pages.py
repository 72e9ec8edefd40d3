"""Läs in: an existing list becomes initiatives, step by step, with nothing stored before it is confirmed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response, request, stream_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portfolio.base.db import transaction
from portfolio.base.errors import Invalid, Refusal, Stale
from portfolio.exchange.actions import batches, storing, undoing
from portfolio.exchange.models import ImportBatch
from portfolio.exchange.queries import batches as queries
from portfolio.exchange.queries.batches import Report
from portfolio.exchange.queries.judging import Judgement, judge, judge_in_steps
from portfolio.exchange.reading import read_table
from portfolio.exchange.reading.limits import COLUMN_LIMIT, ROW_LIMIT, UPLOAD_LIMIT
from portfolio.exchange.rules.headers import check_mapping
from portfolio.exchange.rules.reports import ReportRow, as_csv
from portfolio.exchange.rules.tables import Table, cell_text, guess_columns
from portfolio.exchange.rules.verdicts import OUTCOME_WORDS, Outcome
from portfolio.exchange.schemas import FIELD_LABELS, ColumnsForm, ConfirmForm, UnitsForm
from portfolio.exchange.writing.example import example_workbook
from portfolio.people.access import me, requires
from portfolio.people.rules import May, may
from portfolio.units.queries import all_units
from portfolio.web.clock import now
from portfolio.web.files import XLSX, download
from portfolio.web.flashes import tell
from portfolio.web.forms import read
from portfolio.web.fragments import see, show
from portfolio.web.problems import problem_of
from portfolio.web.security import accepts_upload

exchange = Blueprint("exchange", __name__)

LONG_LIST = 2000
"""A list with more rows than this is read in on a page that shows how far it has come."""
ROWS_ON_A_PAGE = 200
SAMPLES = 3
"""So many values of each column help to recognise it."""
LONGEST_SAMPLE = 40
NOTED = "noted"
"""The filter for rows in which something was interpreted."""

NO_ERRORS: Mapping[str, Sequence[str]] = {}
LIMITS = {"megabytes": UPLOAD_LIMIT // 1024**2, "rows": ROW_LIMIT, "columns": COLUMN_LIMIT}


class Column(NamedTuple):
    """A column of the list with some of what stands in it."""

    name: str
    samples: Sequence[str]


class Shown(NamedTuple):
    """A choice of rows in the preview, and how many it shows."""

    key: str
    text: str
    rows: int


@exchange.get("/las-in")
@requires(May.IMPORT)
def upload() -> Response:
    """Choose a file; the earlier lists, of which the newest can be undone."""
    return _upload_page(NO_ERRORS)


@exchange.post("/las-in")
@requires(May.IMPORT)
@accepts_upload
def send() -> BaseResponse:
    """Keep the file and guess its columns."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _upload_page({"file": ["Välj en fil, antingen Excel (.xlsx) eller csv."]}, status=422)
    content = sent.read()
    try:
        table = read_table(content, sent.filename)
    except Invalid as error:
        return _upload_page(error.errors, status=422)
    columns = guess_columns(table)
    with transaction():
        one = batches.upload(sent.filename, content, sheet=table.sheet, mapping=columns, by=me(), now=now())
        batch_id = one.id
    return see("exchange.columns", batch_id=batch_id)


@exchange.get("/las-in/mall.xlsx")
@requires(May.IMPORT)
def example() -> Response:
    """The template file with three example rows."""
    content = example_workbook([unit.name for unit in all_units()])
    return download(content, "initiativ-mall.xlsx", XLSX)


@exchange.get("/las-in/<int:batch_id>")
@requires(May.IMPORT)
def columns(batch_id: int) -> BaseResponse:
    """Which column holds what: guessed, and to be corrected. With `blad`, another sheet of the workbook."""
    one = queries.batch(batch_id)
    if one.state != "uploaded":
        return see("exchange.result", batch_id=batch_id)
    try:
        table = _table(one, request.args.get("blad"))
    except Invalid as error:
        return _upload_page(error.errors, status=422)
    mapping = json.loads(one.mapping) if table.sheet == one.sheet else guess_columns(table)
    values = {f"column_{name}": column for name, column in mapping.items()}
    return _columns_page(one, table, values, NO_ERRORS)


@exchange.post("/las-in/<int:batch_id>")
@requires(May.IMPORT)
def choose(batch_id: int) -> BaseResponse:
    """Keep the columns, and show what would become of every row."""
    one = queries.batch(batch_id)
    if one.state != "uploaded":
        return see("exchange.result", batch_id=batch_id)
    table = _table(one, request.form.get("sheet") or one.sheet)
    try:
        form = read(ColumnsForm())
        mapping = {name: form[f"column_{name}"] for name in FIELD_LABELS if form[f"column_{name}"]}
        _check_columns(mapping, table)
        judgement = judge(table, mapping, create_units=form["create_units"], now=now())
    except Invalid as error:
        return _columns_page(one, table, request.form, error.errors, status=422)
    with transaction():
        batches.choose(batch_id, sheet=table.sheet, mapping=mapping, create_units=form["create_units"], by=me())
        batches.keep_preview(batch_id, judgement, by=me())
    return see("exchange.preview", batch_id=batch_id)


@exchange.get("/las-in/<int:batch_id>/forhandsgranska")
@requires(May.IMPORT)
def preview(batch_id: int) -> BaseResponse:
    """What becomes of every row; nothing is stored yet."""
    one = queries.batch(batch_id)
    if one.state != "uploaded":
        return see("exchange.result", batch_id=batch_id)
    if not one.seen_seq and not queries.report(one).rows:
        return see("exchange.columns", batch_id=batch_id)
    return _preview_page(one)


@exchange.post("/las-in/<int:batch_id>/enheter")
@requires(May.IMPORT)
def agree_to_units(batch_id: int) -> BaseResponse:
    """Agree, or not, to the units that the municipality lacks; the preview is made anew."""
    one, form = queries.batch(batch_id), read(UnitsForm())
    if one.state != "uploaded":
        return see("exchange.result", batch_id=batch_id)
    mapping = json.loads(one.mapping)
    table = _table(one, one.sheet)
    judgement = judge(table, mapping, create_units=form["create_units"], now=now())
    with transaction():
        batches.choose(batch_id, sheet=one.sheet, mapping=mapping, create_units=form["create_units"], by=me())
        batches.keep_preview(batch_id, judgement, by=me())
    return see("exchange.preview", batch_id=batch_id)


@exchange.post("/las-in/<int:batch_id>/las-in")
@requires(May.IMPORT)
def confirm(batch_id: int) -> BaseResponse:
    """Store every good row in one transaction; nothing at all if anything has changed since the preview."""
    one, form = queries.batch(batch_id), read(ConfirmForm())
    if one.state != "uploaded":
        return see("exchange.result", batch_id=batch_id)
    if form["mark"] != queries.mark_of(one):
        return _changed_since(one)
    if one.created + one.updated + one.unchanged + one.refused > LONG_LIST:
        return _streamed(one)
    try:
        _store(one, _judge(one))
    except Stale:
        return _changed_since(one)
    tell(f"{one.file_name} är inläst.")
    return see("exchange.result", batch_id=batch_id)


@exchange.get("/las-in/<int:batch_id>/resultat")
@requires(May.IMPORT)
def result(batch_id: int) -> BaseResponse:
    """What became of the list, and what is to be done next."""
    one = queries.batch(batch_id)
    if one.state == "uploaded":
        return see("exchange.preview", batch_id=batch_id)
    report = queries.report(one)
    return show(
        "exchange/result.html",
        batch=one,
        refused=[row for row in report.rows if row.outcome == Outcome.REFUSED],
        kept=report.kept,
        conflicts=queries.conflicts_of(batch_id, now()) if one.state == "stored" else 0,
        undo_until=_undo_until(one),
    )


@exchange.post("/las-in/<int:batch_id>/angra")
@requires(May.IMPORT)
def undo(batch_id: int) -> BaseResponse:
    """Take the import back, within 24 hours."""
    with transaction():
        undone = undoing.undo(batch_id, by=me(), now=now())
    tell(f"Inläsningen är ångrad: {undone.removed} borttagna och {undone.restored} återställda.")
    return see("exchange.result", batch_id=batch_id)


@exchange.post("/las-in/<int:batch_id>/kasta")
@requires(May.IMPORT)
def throw_away(batch_id: int) -> BaseResponse:
    """The list is not to be read in after all."""
    with transaction():
        batches.throw_away(batch_id, by=me())
    tell("Filen är bortkastad. Inget lästes in.", kind="info")
    return see("exchange.upload")


@exchange.get("/las-in/<int:batch_id>/rapport.csv")
@requires(May.IMPORT)
def report(batch_id: int) -> Response:
    """What becomes, or became, of every row."""
    content = as_csv(queries.report(queries.batch(batch_id)).rows).encode()
    return download(content, f"inlasning-{batch_id}.csv", "text/csv")


def _upload_page(errors: Mapping[str, Sequence[str]], status: int = 200) -> Response:
    earlier = [(one, _undo_until(one)) for one in queries.imports()]
    return show("exchange/upload.html", errors=errors, earlier=earlier, limits=LIMITS, status=status)


def _columns_page(
    one: ImportBatch, table: Table, values: Mapping[str, Any], errors: Mapping[str, Sequence[str]], status: int = 200
) -> Response:
    return show(
        "exchange/columns.html",
        batch=one,
        table=table,
        columns=[_column(table, name) for name in table.header],
        sheets=[(name, _sheet_address(one, name), name == table.sheet) for name in table.sheets],
        choices=[(name, name) for name in table.header],
        fields=FIELD_LABELS,
        values=values,
        errors=errors,
        labels={f"column_{name}": label for name, label in FIELD_LABELS.items()},
        status=status,
    )


def _sheet_address(one: ImportBatch, name: str) -> str:
    return url_for("exchange.columns", batch_id=one.id, blad=name)


def _column(table: Table, name: str) -> Column:
    texts = (cell_text(cell) for _, cell in table.column(name))
    filled = [text for text in texts if text][:SAMPLES]
    return Column(name, [text if len(text) <= LONGEST_SAMPLE else f"{text[:LONGEST_SAMPLE]}…" for text in filled])


def _check_columns(mapping: Mapping[str, str], table: Table) -> None:
    """The errors of `check_mapping` at the form's fields, and a column only once."""
    try:
        check_mapping(mapping, table.header)
    except Invalid as error:
        raise Invalid({f"column_{name}": texts for name, texts in error.errors.items()}) from None


def _preview_page(one: ImportBatch, status: int = 200, changed: bool = False) -> Response:
    report = queries.report(one)
    chosen = request.args.get("visa", "")
    rows = [row for row in report.rows if _is_shown(row, chosen)]
    pages = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
    page = min(max(request.args.get("sida", 1, type=int), 1), pages)
    first = (page - 1) * ROWS_ON_A_PAGE
    return show(
        "exchange/preview.html",
        batch=one,
        report=report,
        views=[_view(one, shown, chosen) for shown in _filters(one, report)],
        chosen=chosen,
        rows=rows[first : first + ROWS_ON_A_PAGE],
        first=first + 1,
        found=len(rows),
        page=page,
        pages=pages,
        mark=queries.mark_of(one),
        may_add_units=may(me(), May.SHAPE_UNITS),
        changed=changed,
        status=status,
    )


def _filters(one: ImportBatch, report: Report) -> list[Shown]:
    numbers = {
        Outcome.CREATE: one.created,
        Outcome.UPDATE: one.updated,
        Outcome.UNCHANGED: one.unchanged,
        Outcome.REFUSED: one.refused,
    }
    noted = sum(_is_shown(row, NOTED) for row in report.rows)
    return [
        Shown("", "Alla", len(report.rows)),
        *(Shown(str(outcome), OUTCOME_WORDS[outcome], rows) for outcome, rows in numbers.items()),
        Shown(NOTED, "Med förklaring", noted),
    ]


def _view(one: ImportBatch, shown: Shown, chosen: str) -> tuple[str, str, bool]:
    """A filter as a link: its words, its address and whether it is the chosen one."""
    address = url_for("exchange.preview", batch_id=one.id, visa=shown.key or None)
    return f"{shown.text} ({shown.rows})", address, shown.key == chosen


def _is_shown(row: ReportRow, chosen: str) -> bool:
    return not chosen or row.outcome == chosen or (chosen == NOTED and bool(row.told))


def _changed_since(one: ImportBatch) -> Response:
    """The portfolio, or this very list, has changed since the preview: a fresh one, and nothing is stored."""
    judgement = _judge(one)
    with transaction():
        batches.keep_preview(one.id, judgement, by=me())
    return _preview_page(queries.batch(one.id), status=412, changed=True)


def _streamed(one: ImportBatch) -> Response:
    """The page that is sent bit by bit while a long list is read in (docs/adr/0010)."""
    storing_now = _LongStoring(one.id)
    page = stream_template("exchange/storing.html", batch=one, batch_id=one.id, storing=storing_now)
    response = Response(page, mimetype="text/html")
    response.headers["X-Accel-Buffering"] = "no"
    return response


class _LongStoring:
    """Stores a long list while its page is being sent; `ended` says how it went once the lines are out.

    Nothing is sent while the portfolio is locked: a slow browser must not keep everybody else waiting.
    """

    def __init__(self, batch_id: int):
        """Nothing happens before the lines are asked for."""
        self._batch_id = batch_id
        self.ended = ""
        self.problem = ""

    def lines(self) -> Iterator[str]:
        """How far it has come, a line at a time."""
        one = queries.batch(self._batch_id)
        yield "Läser filen."
        table = _table(one, one.sheet)
        steps = judge_in_steps(table, json.loads(one.mapping), create_units=one.create_units, now=now())
        judgement = None
        while judgement is None:
            try:
                yield f"{next(steps)} av {len(table.rows)} rader är granskade."
            except StopIteration as end:
                judgement = end.value
        yield f"Sparar {judgement.counts.create + judgement.counts.update} rader."
        try:
            _store(one, judgement)
            self.ended = "stored"
        except Refusal as refusal:
            self.ended, self.problem = "refused", problem_of(refusal).detail


def _judge(one: ImportBatch) -> Judgement:
    table = _table(one, one.sheet)
    return judge(table, json.loads(one.mapping), create_units=one.create_units, now=now())


def _store(one: ImportBatch, judgement: Judgement) -> None:
    batch_id, seen = one.id, one.seen_seq
    with transaction():
        storing.store(batch_id, judgement, seen=seen, by=me(), now=now())


def _table(one: ImportBatch, sheet: str | None) -> Table:
    return read_table(one.content, one.file_name, sheet)


def _undo_until(one: ImportBatch) -> object:
    """When the import can no longer be undone; None if it cannot now."""
    if not queries.may_still_undo(one, now()) or one.stored_at is None:
        return None
    return one.stored_at + queries.UNDO_TIME
