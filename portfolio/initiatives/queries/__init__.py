"""Find initiatives, and ask the kernel about them.

stored     by code and id
states     status, how it goes, whose week has come or gone
plans      the plan as the kernel reads it, and whom it touches
gate       what the kernel says of a plan, with the ways forward
filters    which initiatives a list shows
lines      the lines of a list
order      the order of priority
impacts    which are rated, and what the receiving chefs have answered
triage     simple, regular or complex, and resting on something unclear
aims       the goals of the styrkort
decisions  what was decided, learnt and handed over
people     who is named, and who owns something
"""
