"""Change what units carry and what initiatives hold. Everything here runs under the portfolio row's lock.

gate        may this plan have the room that it wants
exceptions  the chair lets a plan through all the same, for some weeks
claims      what a counting initiative holds, written for the next look of the gate
conflicts   which cells are over their limit after a change, and what caused it
tree        the units with their limits
unplanned   what nobody decided and that takes strength all the same
calendar    the weeks in which nothing runs, and those in which a unit carries less
settings    what holds for the whole municipality, and how many initiatives a person may own
"""
