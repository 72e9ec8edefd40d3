"""Races: many processes against one database, and the canaries that must oversell without the lock.

In `make test` other tests run beside them, and a race keeps to one processor with its server, as every test does: on
PostgreSQL its processes interrupt each other at every question. On SQLite they use every processor.
"""
