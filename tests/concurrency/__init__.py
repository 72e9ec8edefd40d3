"""Races: many processes against one database, and the canaries that must oversell without the lock.

In `make test` other tests run beside them. A race keeps to one processor with its server, as every test does, and
where that would leave the processes no chance to meet, to all of them (`use_every_processor`).
"""
