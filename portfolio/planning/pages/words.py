"""A trial's moves in words: what each would decide, whether there is room, and what to do where there is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from portfolio.base.errors import Invalid, NotAllowedNow, NotReady, Refusal, Stale
from portfolio.base.text import listed, out_of
from portfolio.base.weeks import Week
from portfolio.capacity.rules.sentences import lower_first
from portfolio.capacity.rules.ways import Pause, Reduce, Way
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.pages.outcomes import Wished, outcome
from portfolio.initiatives.pages.preview import finish_told
from portfolio.initiatives.pages.verdicts import Row, shown
from portfolio.initiatives.pages.ways import Doors, WayShown
from portfolio.initiatives.queries.gate import Answer
from portfolio.initiatives.rules.kinds import Kind
from portfolio.initiatives.rules.starting import MISSING_WORDS
from portfolio.initiatives.rules.statuses import STATUS_WORDS, Status
from portfolio.planning.queries import Tried
from portfolio.planning.rules.moves import Hindrance, TrialStopped

CHIPS = {
    "fits": ("Ryms", "ok"),
    "fits_exactly": ("Ryms precis", "ok"),
    "warns": ("Ryms, med varning", "watch"),
    "does_not_fit": ("Ryms inte", "stop"),
}
NO_LONGER = ("Gäller inte längre", "neutral")
MAKES_ROOM = ("Ger plats", "ok")
NOT_YET = ("Inte klar för beslut", "watch")

NOTHING_LEFT = "Inget är kvar av planen. Ändra ramen först."
PROPOSAL = "Det är ett förslag. Ta upp det i beredning innan försöket genomförs."
NO_ROOM_THEN = "Det fanns ingen plats just då. Nu finns det: genomför försöket igen."
CHANGED = "Initiativet har ändrats sedan du läste försöket. Så här ser det ut nu."


@dataclass(frozen=True, slots=True)
class Shown:
    """One move, ready to draw. `box` is the name of the box that changes it, empty where nothing can be changed."""

    id: int
    code: str
    title: str
    version: int
    outcome: str
    chips: Sequence[tuple[str, str]]
    kind: str
    sentence: str
    notes: Sequence[str] = ()
    rows: Sequence[Row] = ()
    ways: Sequence[WayShown] = ()
    box: str = ""
    hindered: str = ""
    is_proposal: bool = False
    is_unready: bool = False

    @property
    def stopping(self) -> str:
        """Why the trial cannot be applied because of this move: `FI-011 startar vecka 2: ryms inte.`"""
        return f"{self.outcome}: {'ryms inte.' if self.kind == 'does_not_fit' else lower_first(self.hindered)}"


def outcome_told(one: Tried, now: Week) -> str:
    """`FI-011 startar vecka 7`: what would be decided."""
    row = one.row
    return outcome(Wished(Kind(row.kind), one.initiative.code, row.start_week, row.until), now)


def shown_move(one: Tried, names: Names, now: Week, doors: Doors) -> Shown:
    """One move in words."""
    hindered = hindrance_told(one.hindrance, one.initiative.code, one.status, one.missing)
    base = Shown(
        one.row.id,
        one.initiative.code,
        one.initiative.title,
        one.initiative.version,
        outcome_told(one, now),
        _chips(one),
        one.answer.verdict.kind if one.answer else "",
        hindered,
        hindered=hindered,
        box="until" if one.row.kind == Kind.PAUSE else "start_week",
        is_proposal=one.hindrance is Hindrance.PROPOSAL,
        is_unready=one.hindrance is Hindrance.NOT_READY,
    )
    if one.hindrance is Hindrance.GONE:
        return replace(base, box="")
    return base if one.answer is None else _with_answer(base, one, one.answer, names, now, doors)


def _with_answer(base: Shown, one: Tried, answer: Answer, names: Names, now: Week, doors: Doors) -> Shown:
    """The gate's answer beside what hinders it: the sentence first, as it is told everywhere else."""
    finish, fits = one.initiative.must_finish_by, answer.verdict.fits
    end = finish_told(answer.plan, answer.portfolio, now, finish, fits=fits)
    verdict = shown(answer, names, now, doors, [end] if end else [])
    return replace(
        base,
        sentence=verdict.sentence,
        notes=(*filter(None, [base.hindered]), *verdict.notes),
        rows=() if fits else verdict.rows,
        ways=[_in_trial(*pair, base.id) for pair in zip(answer.ways, verdict.ways, strict=True)],
    )


def _in_trial(way: Way, told: WayShown, move_id: int) -> WayShown:
    """The same way with a button that tries it here; what a trial cannot change is only told."""
    if isinstance(way, Pause):
        codes = [paused.code for paused in way.paused]
        button = f"Prova att pausa {listed(codes)}"
        return replace(told, button=button, name="choose", value=f"pause:{','.join(codes)}", href="")
    if isinstance(way, Reduce):
        return replace(told, button="", name="", value="")
    return replace(told, value=f"{move_id}:{told.value}") if told.name else told


def _chips(one: Tried) -> list[tuple[str, str]]:
    if one.hindrance is Hindrance.GONE:
        return [NO_LONGER]
    fits = CHIPS[one.answer.verdict.kind] if one.answer else MAKES_ROOM
    if one.hindrance is None:
        return [fits]
    return [fits, NOT_YET] if one.answer else [NOT_YET]


def hindrance_told(hindrance: Hindrance | None, code: str, status: Status, missing: Sequence[str]) -> str:
    """Why a move could not be decided now, whatever room there is; empty if nothing hinders it."""
    if hindrance is Hindrance.GONE:
        return f"{code} är i läget {STATUS_WORDS[status]}. Därför går ändringen inte att besluta längre. Ta bort den."
    if hindrance is Hindrance.NOTHING_LEFT:
        return NOTHING_LEFT
    if hindrance is Hindrance.PROPOSAL:
        return PROPOSAL
    return missing_told(missing) if hindrance is Hindrance.NOT_READY else ""


def missing_told(missing: Sequence[str]) -> str:
    """`Innan det kan starta behövs en projektägare.` What a meeting asks for stands in words already."""
    return f"Innan det kan starta behövs {listed([MISSING_WORDS.get(word, word) for word in missing])}."


class Verdict(NamedTuple):
    """Whether the whole trial could be decided: in one sentence, and as a single plan's verdict is drawn."""

    sentence: str
    kind: str


def verdict_on(moves: Sequence[Shown]) -> Verdict | None:
    """The verdict on all moves together; None for a trial without any."""
    refused = sum(one.kind == "does_not_fit" for one in moves)
    hindered = sum(bool(one.hindered) for one in moves)
    if refused:
        told = f"{out_of(refused, len(moves))} ändringar ryms inte." if len(moves) > 1 else "Ändringen ryms inte."
        return Verdict(told, "does_not_fit")
    if hindered:
        which = f"{out_of(hindered, len(moves))} ändringar" if len(moves) > 1 else "ändringen"
        if all(one.is_unready for one in moves if one.hindered):
            return Verdict(f"Det finns plats, men något saknas för {which}.", "warns")
        return Verdict(f"Det finns plats, men {which} går inte att besluta.", "warns")
    return Verdict("Allt ryms.", "fits") if moves else None


def stopped_told(stopped: TrialStopped, moves: Sequence[Shown]) -> str:
    """Why one decision stopped the whole trial, in a sentence or two."""
    cause: Refusal = stopped.cause
    if isinstance(cause, NotReady):
        return missing_told(cause.missing)
    if isinstance(cause, Stale):
        return CHANGED
    if isinstance(cause, Invalid):
        return next((texts[0] for texts in cause.errors.values()), "")
    if isinstance(cause, NotAllowedNow):
        return f"{stopped.code} är i läget {STATUS_WORDS[Status(cause.status)]}."
    over = (one.sentence for one in moves if one.code == stopped.code and one.kind == "does_not_fit")
    return next(over, NO_ROOM_THEN)
