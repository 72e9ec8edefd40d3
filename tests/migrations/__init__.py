"""The migrations: up, down, and what a database keeps when a table is rebuilt."""
