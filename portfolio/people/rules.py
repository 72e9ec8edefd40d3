"""What each role may do (docs/roles.md). Rules get an actor and facts, never a session or a request."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portfolio.base.errors import NotPermitted


class Role(StrEnum):
    """A person's role; exactly one each."""

    CHAIR = "chair"
    MEMBER = "member"
    OWNER = "owner"
    DELEGATE = "delegate"
    RECEIVER = "receiver"
    COORDINATOR = "coordinator"
    ADMIN = "admin"
    REGISTRAR = "registrar"
    READER = "reader"
    AUDITOR = "auditor"


ROLE_WORDS = {
    Role.CHAIR: "Ordförande",
    Role.MEMBER: "Ledamot",
    Role.OWNER: "Projektägare",
    Role.DELEGATE: "Projektledare",
    Role.RECEIVER: "Mottagande chef",
    Role.COORDINATOR: "Portföljkoordinator",
    Role.ADMIN: "Administratör",
    Role.REGISTRAR: "Registrator",
    Role.READER: "Medarbetare",
    Role.AUDITOR: "Revisor",
}


BESIDE_THE_WORK = frozenset({Role.ADMIN, Role.REGISTRAR, Role.READER, Role.AUDITOR})
"""The roles whose holders seldom answer for an initiative: the last in a list of who could."""


class LetterRhythm(StrEnum):
    """How often a person wants the veckobrev."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    NEVER = "never"


class May(StrEnum):
    """Something that a role allows."""

    READ = "read"
    """Read the portfolio: every initiative, the load, the limits."""
    READ_DECIDED = "read_decided"
    """Read what is decided, ongoing or finished, and the load; not proposals."""
    READ_LOG = "read_log"
    """Read the event log."""
    PROPOSE = "propose"
    """Propose an initiative and change one's own proposals."""
    EDIT_ALL = "edit_all"
    """Change any initiative's texts, owner, wished plan and forecast; rate impacts."""
    PREPARE = "prepare"
    """Take into preparation, send back to be completed, note."""
    DECIDE = "decide"
    """Every kind of decision, exceptions included."""
    DECIDE_SIMPLE = "decide_simple"
    """Decide alone on what is simple (enkelt) and touches only one's own unit and those below it."""
    RANK = "rank"
    """Order the open proposals for oneself before the meeting: advice, never a vote."""
    TRY_PLANS = "try_plans"
    """Try several decisions together before anybody takes them; that is DECIDE, and at a meeting LEAD_MEETINGS."""
    ACKNOWLEDGE = "acknowledge"
    """Confirm, correct or object to the impact on one's own unit."""
    SET_OWN_LIMITS = "set_own_limits"
    """Set, confirm and lower the limits of one's own unit and those below it."""
    SET_ALL_LIMITS = "set_all_limits"
    """Set and lower the limits of any unit; confirming stays with the unit's own chief and the chair."""
    SHAPE_UNITS = "shape_units"
    """Add, rename, move and end units."""
    SET_CALENDAR = "set_calendar"
    """Add and remove standstills."""
    IMPORT = "import"
    """Read in a list of initiatives."""
    MANAGE_PEOPLE = "manage_people"
    """Add, change and deactivate persons."""
    LEAD_MEETINGS = "lead_meetings"
    """Prepare the agenda, record what the ledningsgrupp decides, write its minutes."""
    ASK_QUESTIONS = "ask_questions"
    """Ask something about an item before the meeting."""
    TELL_NEWS = "tell_news"
    """Tell the others something worth knowing (Värt att veta)."""
    SET_CASE_NUMBER = "set_case_number"
    """Set an initiative's diarienummer."""
    SHAPE_SCORECARD = "shape_scorecard"
    """Add, reword and end the goals of the styrkort: one hand writes what everybody else chooses from."""


_READS = {May.READ}
_MEMBER = _READS | {
    May.PROPOSE,
    May.DECIDE_SIMPLE,
    May.RANK,
    May.ACKNOWLEDGE,
    May.SET_OWN_LIMITS,
    May.TRY_PLANS,
    May.ASK_QUESTIONS,
    May.TELL_NEWS,
}
_COORDINATOR = _READS | {
    May.PROPOSE,
    May.TRY_PLANS,
    May.EDIT_ALL,
    May.PREPARE,
    May.IMPORT,
    May.SET_ALL_LIMITS,
    May.SHAPE_UNITS,
    May.SET_CALENDAR,
    May.SET_CASE_NUMBER,
    May.LEAD_MEETINGS,
    May.ASK_QUESTIONS,
    May.TELL_NEWS,
}

ALLOWED: dict[Role, frozenset[May]] = {
    Role.CHAIR: frozenset(May) - {May.SHAPE_SCORECARD},
    Role.MEMBER: frozenset(_MEMBER),
    Role.OWNER: frozenset(_READS | {May.PROPOSE, May.ACKNOWLEDGE, May.TELL_NEWS}),
    Role.DELEGATE: frozenset(_READS | {May.TELL_NEWS}),
    Role.RECEIVER: frozenset(_READS | {May.PROPOSE, May.ACKNOWLEDGE, May.TELL_NEWS}),
    Role.COORDINATOR: frozenset(_COORDINATOR),
    Role.ADMIN: frozenset(
        _READS
        | {
            May.MANAGE_PEOPLE,
            May.SHAPE_UNITS,
            May.SET_ALL_LIMITS,
            May.SET_CALENDAR,
            May.IMPORT,
            May.READ_LOG,
            May.SHAPE_SCORECARD,
        }
    ),
    Role.REGISTRAR: frozenset(_READS | {May.SET_CASE_NUMBER}),
    Role.READER: frozenset({May.READ_DECIDED}),
    Role.AUDITOR: frozenset(_READS | {May.READ_LOG}),
}
"""The table of rights. `READ` includes `READ_DECIDED`."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person, an API token or a command on the server.

    `name` is the function or the token's name and is what history shows.
    """

    name: str
    role: Role
    person_id: int | None = None
    unit_id: int | None = None


def may(by: Actor, right: May) -> bool:
    """Whether the actor's role allows something."""
    allowed = ALLOWED[by.role]
    return right in allowed or (right is May.READ_DECIDED and May.READ in allowed)


def ensure_may(by: Actor, *rights: May) -> None:
    """Refuse with NotPermitted unless the actor has one of the rights."""
    if not any(may(by, right) for right in rights):
        raise NotPermitted


def may_set_limits(by: Actor, above: Collection[int]) -> bool:
    """Whether the actor may set or lower a unit's limits: anyone's, or those of one's own unit.

    `above` are the ids of the unit and every unit above it: it is one's own if one's unit is among them.
    """
    return may(by, May.SET_ALL_LIMITS) or (may(by, May.SET_OWN_LIMITS) and by.unit_id in above)


def may_confirm_limits(by: Actor, above: Collection[int]) -> bool:
    """The limit belongs to the förvaltningschef: only the unit's own chief, or the chair, confirms it."""
    return by.role is Role.CHAIR or (may(by, May.SET_OWN_LIMITS) and by.unit_id in above)


def may_restore_limit(by: Actor, above: Collection[int], *, confirmed: bool) -> bool:
    """Whether the actor may take away a lowered limit: where limits are confirmed, that loosens what blocks."""
    return may_confirm_limits(by, above) if confirmed else may_set_limits(by, above)


def may_acknowledge(by: Actor, above: Collection[int]) -> bool:
    """Whether the actor is a receiving chef of a unit: theirs or one below theirs; the chair of all."""
    return by.role is Role.CHAIR or (may(by, May.ACKNOWLEDGE) and by.unit_id in above)


def may_edit(by: Actor, owner_id: int | None, proposer_id: int | None) -> bool:
    """Whether the actor may change an initiative's texts: those who may edit all, its owner, its proposer."""
    if may(by, May.EDIT_ALL):
        return True
    mine = by.person_id is not None and by.person_id in (owner_id, proposer_id)
    return mine and may(by, May.PROPOSE)


def may_describe(by: Actor, owner_id: int | None) -> bool:
    """Whether the actor may write a förändringskoncept: of an initiative its owner, and those who edit all."""
    mine = by.person_id is not None and by.person_id == owner_id
    return may(by, May.EDIT_ALL) or (mine and may(by, May.PROPOSE))


def may_report(by: Actor, owner_id: int | None, delegate_id: int | None) -> bool:
    """Whether the actor may give the lägesrapport: its owner, who reports in their place, those who edit all."""
    return may(by, May.EDIT_ALL) or (by.person_id is not None and by.person_id in (owner_id, delegate_id))


def roles_that_may(right: May) -> list[Role]:
    """The roles that a right belongs to."""
    return [role for role, rights in ALLOWED.items() if right in rights]


def ensure(allowed: bool) -> None:
    """Refuse with NotPermitted unless allowed."""
    if not allowed:
        raise NotPermitted


def new_token() -> str:
    """A secret of 256 random bits, fit for an address, a cookie or a header."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token: it can be recognised, and not be read back."""
    return hashlib.sha256(token.encode()).hexdigest()
