"""The shapes of the API's calls about initiatives.

facts         what is told of an initiative, and which are asked for
shown         an initiative as it is answered
trying        what is tried of a plan, and what the gate says of it
deciding      a decision, sent and answered
plans         a plan's phases
texts, dates  what all of them are made of
"""
