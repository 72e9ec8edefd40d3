"""The databases that PostgreSQL's tests give on to each other: nothing of an earlier test is left in one."""

import psycopg

from tests.databases import PostgreSQLServer


def plain(url: str) -> str:
    """The address as psycopg takes it."""
    return url.replace("+psycopg", "")


def test_a_database_that_is_kept_has_lost_the_rows_of_the_test_before_and_counts_from_the_beginning(
    postgresql: PostgreSQLServer,
) -> None:
    add = (
        "INSERT INTO api_token (name, role, prefix, token_hash, created_at) "
        "VALUES ('Intranätet', 'reader', 'abc', 'def', now()) RETURNING id"
    )
    numbers = []
    for _ in range(2):
        with postgresql.migrated() as url, psycopg.connect(plain(url)) as connection:
            assert connection.execute("SELECT count(*) FROM api_token").fetchone() == (0,)
            numbers.append(connection.execute(add).fetchone())
        assert any(f"/{name}?" in url for name in postgresql.kept)
    assert numbers[0] == numbers[1]


def test_a_database_whose_tables_a_test_has_changed_is_not_given_on(postgresql: PostgreSQLServer) -> None:
    with postgresql.migrated() as url, psycopg.connect(plain(url)) as connection:
        connection.execute("ALTER TABLE unit ADD COLUMN colour text")
    with postgresql.migrated() as url, psycopg.connect(plain(url)) as connection:
        columns = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'colour'"
        assert connection.execute(columns).fetchone() == (0,)
