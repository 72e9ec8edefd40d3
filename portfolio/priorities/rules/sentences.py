"""What the priorities say in words, one line each."""

from collections.abc import Iterable

from portfolio.base.text import NBSP, listed, out_of
from portfolio.capacity.rules.burden import Burden
from portfolio.capacity.rules.sentences import in_words, numbered
from portfolio.priorities.rules.assessment import CRITERION_WORDS, GRADES, Assessment, Criterion
from portfolio.priorities.rules.spread import ANSWERS_NEEDED, CHANGES_NEEDED, Spread
from portfolio.priorities.rules.suggestion import Ground, Suggested


def in_groups(amount: int | None) -> str:
    """`1 250 000`, with spaces that do not break; nothing where no cost is known."""
    return "" if amount is None else f"{amount:,}".replace(",", NBSP)


def in_tkr(kronor: int | None) -> str:
    """An amount of kronor in thousands, to the last krona: `1 250 tkr`, `0,95 tkr`."""
    if kronor is None:
        return ""
    thousands, rest = divmod(kronor, 1000)
    decimals = f",{rest:03}".rstrip("0") if rest else ""
    return f"{in_groups(thousands)}{decimals}{NBSP}tkr"


def point_weeks(burden: Burden) -> str:
    """`24 poängveckor`, `minst 24 poängveckor` while something is unrated; nothing without a plan."""
    if not burden.is_planned:
        return ""
    at_least = "minst " if burden.unrated else ""
    return at_least + numbered(burden.points, "poängvecka", "poängveckor")


def grade_told(criterion: Criterion, grade: int | None) -> str:
    """`3 stor`; nothing where nobody has assessed it."""
    return "" if grade is None else f"{grade}{NBSP}{GRADES[criterion][grade].word}"


def reason_told(suggested: Suggested) -> str:
    """Why an initiative has its place in the suggestion, in one line."""
    one = suggested.candidate
    if suggested.ground is Ground.LEGAL_DUTY:
        return _duty_told(one.burden)
    if suggested.ground is Ground.NOT_ASSESSED:
        return _missing_told(one.assessment)
    told = ", ".join(GRADES[criterion][grade].told for criterion, grade in one.assessment.grades.items() if grade)
    return f"{told[0].upper()}{told[1:]}.{_tie_told(suggested)}"


def _duty_told(burden: Burden) -> str:
    if not burden.is_planned:
        return "Lagkrav: ska göras. Hur mycket det tar är inte planerat än."
    return f"Lagkrav: ska göras, och tar ändå {point_weeks(burden)}."


def _missing_told(assessment: Assessment) -> str:
    missing = assessment.missing
    if len(missing) == len(Criterion):
        return "Inte bedömt än. Därför efter de bedömda."
    words = listed([CRITERION_WORDS[one].lower() for one in missing])
    return f"Inte färdigbedömt: {words} saknas. Därför efter de bedömda."


def _tie_told(suggested: Suggested) -> str:
    one, like = suggested.candidate, suggested.like
    if suggested.ground is Ground.BURDEN:
        why = "men tyngre" if one.burden.is_known else "men hur tungt det är går inte att säga än"
        return f" Lika mycket värt som {like}, {why}."
    if suggested.ground is Ground.COST:
        why = "men kostnaden är inte känd" if one.assessment.cost is None else "men dyrare"
        return f" Lika mycket värt som {like}, {why}."
    return f" Lika mycket värt som {like}: er ordning avgör." if suggested.ground is Ground.ORDER else ""


def difference_told(suggested: Suggested) -> str:
    """`plats 3, 4 högre`: the suggested place beside the group's own."""
    steps = suggested.candidate.rank - suggested.place
    if not steps:
        return "samma plats"
    return f"plats{NBSP}{suggested.place}, {abs(steps)}{NBSP}{'högre' if steps > 0 else 'lägre'}"


def duties_told(burdens: Iterable[Burden], all_points: int) -> str:
    """`Lagkraven tar 80 av 512 poängveckor.`; nothing where there are none."""
    known = list(burdens)
    points = sum(one.points for one in known)
    share = f"{in_groups(points)}{NBSP}av{NBSP}{in_groups(all_points)}"
    return f"Lagkraven tar {share} poängveckor." if known else ""


def answers_told(answers: int, asked: int) -> str:
    """How many have answered, as long as they are too few: `3 av 5 svar. Visas när fem har svarat.`"""
    told = f"{out_of(answers, ANSWERS_NEEDED)} svar. Visas när {in_words(ANSWERS_NEEDED)} har svarat."
    if asked < ANSWERS_NEEDED:
        return f"{told} Bara {in_words(asked)} kan svara."
    return told


def built_on_told(answers: int, changed: int) -> str:
    """What the picture rests on: `Bygger på 8 svar, utan namn. 2 har svarat eller ändrat sig sedan dess. …`"""
    told = f"Bygger på {answers}{NBSP}svar, utan namn."
    if not changed:
        return told
    waiting = f"{changed} har svarat eller ändrat sig sedan dess."
    return f"{told} {waiting} De räknas med när det är minst {in_words(CHANGES_NEEDED)}."


def spread_told(spread: Spread) -> str:
    """`I mitten plats 3. Minst hälften säger plats 2–6.`"""
    if not spread.width:
        return f"Minst hälften säger plats{NBSP}{spread.middle}."
    return f"I mitten plats{NBSP}{spread.middle}. Minst hälften säger plats{NBSP}{spread.low}–{spread.high}."
