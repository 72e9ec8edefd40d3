"""Propose, change and rate initiatives. Decisions have a folder of their own, `decisions`.

proposing      a proposal, and any new initiative with its plan
editing        texts, owner, wished plan, forecast
triage         simple, regular or complex
rating         impacts that nobody had rated
acknowledging  what the receiving chefs answer
weeks          the start week comes, the last week passes
fields, plans  how the row and its phases are written
holding        a change recorded together with what the initiative holds after it
"""
