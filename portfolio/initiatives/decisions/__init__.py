"""Decide on an initiative, and take a decision back. Each has one decision maker, a reason and a date.

Every kind is one small function in `changes`, which changes the initiative and names the event; `taking` does what
all have in common: rights, version, allowed step, the gate, the stored decision.

taking   take a decision, alone or at a meeting
asked    what is decided, and what each kind cannot do without
rights   who takes which decision
changes  what each kind changes; `step` is the decision on its way, as it sees it
plans    the plan that the gate is asked for, and what is missing to begin it
ending   what is left behind: a lesson, a handover
order    the places in the order of priority
undoing  take a decision back; `memory` is what the initiative was like before it
"""
