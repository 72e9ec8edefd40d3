"""An initiative from proposal to effect, in plain values.

statuses   where it stands
kinds      the kinds of decision, and from which status each leads to which
starting   what it must have before it starts
ending     lessons and handovers
undoing    how long a decision can be taken back
proposals  what a proposal says, and where it comes from
triage     simple, regular or complex
plans      what phases and impacts are called
reported   how it goes, and how long a lägesrapport holds
order      the order of priority
"""
