"""How a half-year is said: shares, days, and what fewer initiatives at a time would mean."""

from math import ceil

from portfolio.base.text import NBSP, out_of
from portfolio.initiatives.rules.proposals import PROMISED_DAYS
from portfolio.reviews.rules.hindsight import Hindsight

FEWEST = 3
"""With fewer than so many at a time there is little to take away."""


def number(value: float) -> str:
    """`2,5`, and `3` where there is nothing behind the comma."""
    rounded = round(value, 1)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.1f}".replace(".", ",")


def share(part: int, whole: int) -> str:
    """`3 av 4 (75 %)`; `–` of nothing."""
    return f"{out_of(part, whole)} ({round(100 * part / whole)}{NBSP}%)" if whole else "–"


def days(value: float | None) -> str:
    """`12 dagar`; `–` where nothing was answered."""
    if value is None:
        return "–"
    return f"{number(value)} {'dag' if value == 1 else 'dagar'}"


def stopped_told(one: Hindsight) -> str:
    """`3, varav 2 avslogs före start och 1 avbröts`."""
    if not one.stopped:
        return "0"
    return f"{one.stopped}, varav {one.rejected} avslogs före start och {one.cancelled} avbröts"


def promise_told(one: Hindsight) -> str:
    """`12 dagar i median. 3 av 4 (75 %) fick besked inom 14 dagar.`"""
    if one.median_lead is None:
        return "Inget förslag fick besked under halvåret."
    kept = share(one.within_promise, len(one.lead_days))
    return f"{days(one.median_lead)} i median. {kept} fick besked inom {PROMISED_DAYS} dagar."


def flow_told(one: Hindsight) -> list[str]:
    """How long an initiative takes at this pace, and what fewer at a time would mean (Little's law).

    The time that a thing takes on average is the number that go on at a time, divided by how many are finished.
    """
    if one.active is None:
        return []
    going = f"I snitt pågick {number(one.active)} initiativ samtidigt"
    if not one.finished:
        return [f"{going}. Inget blev klart, så det går inte att säga hur lång tid ett initiativ tar."]
    pace = one.finished / one.months
    told = f"{going} och {number(pace)} blev klara i månaden: i den takten tar ett initiativ omkring"
    sentences = [f"{told} {_months(one.active / pace)}."]
    fewer = ceil(one.active * 2 / 3)
    if one.active >= FEWEST and fewer < one.active:
        sentences.append(
            f"Med {fewer} åt gången, och lika många klara i månaden, skulle det ta omkring {_months(fewer / pace)}: "
            "färre på en gång gör inte mindre, det gör vart och ett klart tidigare."
        )
    return sentences


def _months(value: float) -> str:
    return f"{number(value)} {'månad' if number(value) == '1' else 'månader'}"
