"""What the pages are measured against: a bare Flask route that draws an equally large table through the ORM.

As many rows and cells with the same markup in each, from a plain loop; but no sign-in, menu, rights or filters,
and nothing to be worked out: what a cell says stands ready in its row.
"""

from itertools import groupby

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portfolio.base.db import db
from portfolio.base.weeks import format_week
from portfolio.capacity.rules.load import Cell as MapCell
from portfolio.initiatives.models import Initiative
from portfolio.people.models import Person


class Base(DeclarativeBase):
    """Of the one table that only the benchmark has."""


class BareCell(Base):
    """One cell of a table, ready to be written out."""

    __tablename__ = "bare_cell"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(12))
    week: Mapped[str] = mapped_column(String(8))
    level: Mapped[str] = mapped_column(String(12))
    figure: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(80))


PAGE = "<!doctype html><html lang=sv><title>Bare</title><body><table>{}</table></body></html>"

CELLS = PAGE.format("""
{% for unit, cells in rows %}<tr><th scope="row"><a href="/enheter/{{ unit }}">{{ unit }}</a></th>
{% for cell in cells %}<td class="{{ cell.level }}">\
<a class="cell" href="/belastning/{{ cell.unit }}/{{ cell.week }}" \
hx-get="/belastning/{{ cell.unit }}/{{ cell.week }}" hx-target="#cell-panel"><span aria-hidden="true">\
{{ cell.figure }}</span><span>{{ cell.label }}</span></a></td>{% endfor %}</tr>
{% endfor %}""")

LINES = PAGE.format("""
{% for line, owner in rows %}<tr data-rank="{{ line.rank }}"><td class="rank" data-label="Plats">\
<span class="grip" aria-hidden="true">⠿</span><span class="place">{{ line.rank }}</span>\
<button name="move" value="{{ line.code }} {{ line.rank - 1 }}" id="up-{{ line.code }}" \
aria-label="Flytta upp {{ line.code }}">↑</button>\
<button name="move" value="{{ line.code }} {{ line.rank + 1 }}" id="down-{{ line.code }}" \
aria-label="Flytta ned {{ line.code }}">↓</button></td>
<th scope="row"><a href="/initiativ/{{ line.code }}"><span class="code">{{ line.code }}</span> \
{{ line.title }}</a></th>
<td><span class="chip s-{{ line.status }}">{{ line.status }}</span></td><td data-label="Projektägare">{{ owner }}</td>
<td class="nowrap" data-label="Veckor">{{ line.start_week }}</td><td>{{ line.summary }}</td></tr>
{% endfor %}""")


def bare_app(url: str) -> Flask:
    """Two routes on the same database: `/cells` as large as the load map, `/lines` as large as the list."""
    app = Flask("bare")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, TESTING=True)
    app.jinja_loader = DictLoader({"cells.html": CELLS, "lines.html": LINES})
    db.init_app(app)

    @app.get("/cells")
    def cells() -> str:
        found = db.session.scalars(select(BareCell).order_by(BareCell.id))
        rows = [(unit, list(row)) for unit, row in groupby(found, key=lambda cell: cell.unit)]
        return render_template("cells.html", rows=rows)

    @app.get("/lines")
    def lines() -> str:
        wanted = select(Initiative, Person.function).outerjoin(Person, Person.id == Initiative.owner_id)
        return render_template("lines.html", rows=db.session.execute(wanted.order_by(Initiative.rank).limit(200)))

    return app


def store_cells(cells: dict[str, tuple[MapCell, ...]]) -> None:
    """Keep the load map as rows of a table, one per cell."""
    Base.metadata.create_all(db.session.connection())
    db.session.add_all(
        BareCell(
            unit=code,
            week=format_week(cell.week),
            level=cell.level,
            figure=f"{cell.load}/{cell.bounds.limit}",
            label=f"{cell.load} av {cell.bounds.limit}, {cell.level}",
        )
        for code, row in cells.items()
        for cell in row
    )
    db.session.commit()
