"""A database is brought up and down on both engines, and keeps every row when a table is rebuilt."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from portfolio.app import MIGRATIONS_DIR, create_app
from portfolio.base.db import Base, current_session, db
from portfolio.base.portfolio import the_portfolio
from portfolio.capacity.models import ClaimRow, CommitmentRow
from portfolio.initiatives.models import AimRow, DecisionRow, ImpactRow, Initiative, PhaseRow
from portfolio.receivers.models import ConditionsRow, ReadinessRow
from portfolio.units.queries import all_units
from tests.make import load_demo, make_decision

CHILDREN = (PhaseRow, ImpactRow, CommitmentRow, ClaimRow, DecisionRow, ConditionsRow, ReadinessRow)

REBUILDING = '''"""Longer titles"""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{revision}", "{down}", None, None


def upgrade() -> None:
    with op.batch_alter_table("initiative") as batch:
        batch.alter_column("title", type_=sa.String(300), existing_nullable=False)
        batch.add_column(sa.Column("note", sa.String(10)))
    {last}


def downgrade() -> None:
    with op.batch_alter_table("initiative") as batch:
        batch.drop_column("note")
        batch.alter_column("title", type_=sa.String(200), existing_nullable=False)
'''


@contextmanager
def product(url: str) -> Iterator[None]:
    """The product on a database, for as long as something is done there."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "only in tests", "TESTING": "1"})
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def upgrade(url: str, folder: Path | str = MIGRATIONS_DIR) -> None:
    """Bring a database up to the newest migration of a folder."""
    with product(url):
        flask_migrate.upgrade(directory=str(folder))


def downgrade(url: str, revision: str, folder: Path | str = MIGRATIONS_DIR) -> None:
    """Bring a database down to an earlier migration."""
    with product(url):
        flask_migrate.downgrade(directory=str(folder), revision=revision)


def tables(url: str) -> set[str]:
    """The tables that a database has."""
    with product(url):
        return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def revision_of(url: str) -> str | None:
    """The migration that a database stands at."""
    with product(url), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def children() -> dict[str, int]:
    """How many rows there are of everything that belongs to an initiative."""
    return {row.__tablename__: len(current_session().execute(select(row)).all()) for row in CHILDREN}


def with_one_more(folder: Path, last: str = "pass") -> Path:
    """The product's migrations and one more, which rebuilds the table that most others refer to."""
    shutil.copytree(MIGRATIONS_DIR, folder, ignore=shutil.ignore_patterns("__pycache__"))
    newest = max(path.name.split("_")[0] for path in (folder / "versions").glob("*.py"))
    number = f"{int(newest) + 1:04d}"
    migration = REBUILDING.format(revision=number, down=newest, last=last)
    (folder / "versions" / f"{number}_rebuild.py").write_text(migration, "utf-8")
    return folder


def filled(url: str) -> dict[str, int]:
    """Fill a database with the demo and a decision; what belongs to its initiatives."""
    with product(url):
        load_demo()
        make_decision("FI-012", "note")
        counted = children()
    assert min(counted.values()) > 0
    return counted


def test_a_new_database_has_every_table_and_the_one_row_of_settings(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    assert tables(empty_database_url) == set(Base.metadata.tables)
    with product(empty_database_url):
        row = the_portfolio()
        assert (row.id, row.next_number, row.max_owned, row.drag_weeks) == (1, 1, 3, 8)
        assert row.demo_calendar is None


def test_a_database_can_be_brought_down_to_nothing_and_up_again(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    downgrade(empty_database_url, "base")
    assert tables(empty_database_url) == set()
    upgrade(empty_database_url)
    assert tables(empty_database_url) == set(Base.metadata.tables)


def test_the_migrations_make_exactly_the_tables_that_the_models_describe(database_url: str) -> None:
    with product(database_url), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_table_that_is_rebuilt_keeps_the_rows_that_belong_to_it(database_url: str, tmp_path: Path) -> None:
    before = filled(database_url)
    with product(database_url):
        number = len(current_session().scalars(select(Initiative)).all())
    folder = with_one_more(tmp_path / "migrations")
    upgrade(database_url, folder)
    with product(database_url):
        assert children() == before
        rows = current_session().execute(text("SELECT count(*) FROM initiative WHERE note IS NULL")).scalar()
        assert rows == number
    downgrade(database_url, "-1", folder)
    with product(database_url):
        assert children() == before
        assert len(current_session().scalars(select(Initiative)).all()) == rows


def test_what_an_initiative_aims_at_is_kept_as_text_where_there_is_no_styrkort(database_url: str) -> None:
    filled(database_url)
    with product(database_url):
        number = len(current_session().scalars(select(Initiative)).all())
        aiming = len(set(current_session().scalars(select(AimRow.initiative_id))))
    downgrade(database_url, "0006")
    with product(database_url):
        known = current_session().execute(text("SELECT goal_area FROM initiative ORDER BY id")).scalars().all()
    assert (len(known), known.count(None)) == (number, number - aiming)
    assert known[0] == "Frigöra resurser genom effektiviseringsåtgärder"
    upgrade(database_url)
    with product(database_url):
        kept = current_session().scalars(select(Initiative.goal_text).order_by(Initiative.id)).all()
    assert kept == [one or "" for one in known]


def test_units_and_what_they_hold_survive_that_their_chefs_are_no_longer_asked(database_url: str) -> None:
    before = filled(database_url)
    downgrade(database_url, "0008")
    assert "felt_load" not in tables(database_url)
    upgrade(database_url)
    with product(database_url):
        asked = {row.__tablename__ for row in (ConditionsRow, ReadinessRow)}
        assert children() == before | dict.fromkeys(asked, 0)
        assert the_portfolio().most_direct_reports == 25
        assert {unit.direct_reports for unit in all_units()} == {None}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_the_guard_of_the_foreign_keys_the_same_rows_vanish(database_url: str, tmp_path: Path) -> None:
    """The canary: SQLite drops the old table, and with it everything that refers to it."""
    before = filled(database_url)
    folder = with_one_more(tmp_path / "migrations")
    guarded = (folder / "env.py").read_text("utf-8")
    assert '_foreign_keys(connection, "OFF")' in guarded
    (folder / "env.py").write_text(guarded.replace('_foreign_keys(connection, "OFF")', "pass"), "utf-8")
    upgrade(database_url, folder)
    with product(database_url):
        assert children() == dict.fromkeys(before, 0)


def test_a_migration_that_breaks_off_changes_nothing_and_can_be_run_again(database_url: str, tmp_path: Path) -> None:
    before, stood_at = filled(database_url), revision_of(database_url)
    broken = with_one_more(tmp_path / "broken", last='raise RuntimeError("the power went")')
    with pytest.raises(SystemExit):
        upgrade(database_url, broken)
    assert revision_of(database_url) == stood_at
    upgrade(database_url, with_one_more(tmp_path / "mended"))
    with product(database_url):
        assert children() == before
    assert revision_of(database_url) != stood_at
