"""What the pages are measured against: a bare Flask route that draws an equally large table through the ORM."""

from itertools import groupby

from flask import Flask, render_template_string
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
{% for unit, cells in rows %}<tr><th>{{ unit }}</th>
{% for cell in cells %}<td class="{{ cell.level }}"><a href="/cell/{{ cell.unit }}/{{ cell.week }}">\
<span>{{ cell.figure }}</span><span>{{ cell.label }}</span></a></td>{% endfor %}</tr>
{% endfor %}""")

LINES = PAGE.format("""
{% for line, owner in rows %}<tr><td>{{ line.rank }}</td>
<td><a href="/initiative/{{ line.code }}">{{ line.code }} {{ line.title }}</a></td>
<td><span class="{{ line.status }}">{{ line.status }}</span></td><td>{{ owner }}</td><td>{{ line.start_week }}</td>
<td>{{ line.summary }}</td></tr>
{% endfor %}""")


def bare_app(url: str) -> Flask:
    """Two routes on the same database: `/cells` as large as the load map, `/lines` as large as the list."""
    app = Flask("bare")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, TESTING=True)
    db.init_app(app)

    @app.get("/cells")
    def cells() -> str:
        found = db.session.scalars(select(BareCell).order_by(BareCell.id))
        rows = [(unit, list(row)) for unit, row in groupby(found, key=lambda cell: cell.unit)]
        return render_template_string(CELLS, rows=rows)

    @app.get("/lines")
    def lines() -> str:
        wanted = select(Initiative, Person.function).outerjoin(Person, Person.id == Initiative.owner_id)
        return render_template_string(LINES, rows=db.session.execute(wanted.order_by(Initiative.rank).limit(200)))

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
