"""What is told of an initiative, and which initiatives are asked for."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from portfolio.capacity.schemas import CODE_LENGTH
from portfolio.initiatives.rules.proposals import SOURCE_WORDS, SUMMARY_LENGTH
from portfolio.initiatives.rules.statuses import Status
from portfolio.initiatives.schemas.plans import Phases
from portfolio.initiatives.schemas.texts import LONGEST_TEXT, EmptyText, Names
from portfolio.scorecard.rules import MOST_AREAS, TOO_MANY_AREAS
from portfolio.web.calls import Paging
from portfolio.web.fields import Choice, Form, Text
from portfolio.web.strict import CODE_PATTERN, IsoDate, IsoWeek, TrueOrFalse, Words

CODE_MESSAGE = "Skriv beteckningen med bokstäver och siffror, till exempel FI-021."


class InitiativeFacts(Form):
    """What is told of an initiative. `owner` and `delegate` are each a person's function or e-mail address.

    `goal_area` is the primary målområde, by its name in the styrkort; another text is kept, and counts as no goal.
    `other_goal_areas` are at most two more, and `programme` is the programme that the initiative is part of.

    The `delegate` (projektledare) gives the lägesrapporter in the owner's place. `risk_assessed_on` is the day on
    which the risks of the change were assessed (riskbedömning, AFS 2023:1), `consulted_on` that on which the unions
    had been consulted (samverkan, MBL 11 §); neither may lie ahead.
    """

    title = Words(200)
    summary = EmptyText(SUMMARY_LENGTH)
    why = EmptyText(LONGEST_TEXT)
    if_we_wait = EmptyText(LONGEST_TEXT)
    assignment_source = Choice(tuple(SOURCE_WORDS), allow_none=True)
    diarienummer = EmptyText(60)
    goal_area = Text(200, allow_none=True)
    other_goal_areas = Names(MOST_AREAS - 1, TOO_MANY_AREAS)
    programme = Text(200, allow_none=True)
    legal_duty = TrueOrFalse()
    must_finish_by = IsoDate(allow_none=True)
    risk_assessed_on = IsoDate(allow_none=True)
    consulted_on = IsoDate(allow_none=True)
    owner = Text(254, allow_none=True)
    delegate = Text(254, allow_none=True)
    start_week = IsoWeek(allow_none=True)
    phases = Phases()


class InitiativeChanges(InitiativeFacts):
    """What may be changed of an initiative: what is absent stays as it is, null clears.

    The plan of an initiative that counts, and its status, change by decision only.
    """

    forecast_end_week = IsoWeek(allow_none=True)


class NewInitiative(InitiativeFacts):
    """A proposal. Only the title must be there; `code` is given unless it is sent."""

    title = Words(200, required=True)
    code = Words(CODE_LENGTH)
    status = Choice((Status.PROPOSED, Status.IN_PREPARATION))

    @validates_schema
    def _code_fits_an_address(self, data: dict[str, Any], **_: object) -> None:
        if "code" in data and re.fullmatch(CODE_PATTERN, data["code"], re.IGNORECASE) is None:
            raise ValidationError(CODE_MESSAGE, "code")


class InitiativeQuery(Paging):
    """Which initiatives: those that meet every condition.

    `q` is looked for in title, summary, code and case number.
    """

    status = fields.List(Choice(tuple(Status)), load_default=list)
    unit = Text(CODE_LENGTH, load_default=None)
    q = Text(200, load_default="")
