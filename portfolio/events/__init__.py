"""Every fact that the product announces, one class each, in the file of the noun that it is about.

An event is written in the same transaction as the change it tells of. Fields are JSON values: weeks as
`2026-W48`, times as RFC 3339, units, initiatives and persons by code, code and function. `name` is the wire
name, noun and past tense; a wire name never changes once it has been stored. `catalogue` has them all by it.

event           what every event is
initiatives     proposed, changed, rated, answered by a receiving chef, imported; its week came, it drags on
decisions       every kind of decision, and that one was taken back
reports         lägesrapporter, and the owner's question for help
priorities      what an initiative is worth, and the members' own orders
assignments     what an assignment says, and what stands beside the plan
effects         effektmål, nyckeltal, and what came of them
receivers       what the receiving chefs have to lead with, how ready they are, how heavy the load feels
concepts        förändringskoncept, and proposals made from one or from a pilot
units           units added, changed, removed
reorganisation  units that change their name, place or shape, and initiatives that follow them
capacity        limits, exceptions, unplanned events, cells over their limit, the municipality's settings
calendar        weeks that begin, weeks in which nothing runs
meetings        meetings, their agendas, what they end with, and their minutes
people          persons who may sign in, tokens of other systems
reminders       reminders that were queued, sent, refused, not needed
goals           the goals of the styrkort
signals         what is worth knowing
reviews         what was changed in the way of working
exchange        lists that were read in, and taken back
planning        trials of a whole plan
"""
