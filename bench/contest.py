"""Contenders that take turns, so that a machine which is busy with other things slows all of them alike."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

Clock = Callable[[], float]


@dataclass(frozen=True)
class Contender:
    """What is measured: `run`, and what must be put back after it, which is not."""

    name: str
    run: Callable[[], object]
    put_back: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Claim:
    """One sentence about the product with what was measured and what it may be at most."""

    text: str
    measured: float
    at_most: float

    @property
    def holds(self) -> bool:
        """Whether it was true this time."""
        return self.measured <= self.at_most

    def __str__(self) -> str:
        return f"{'holds ' if self.holds else 'FAILS '} {self.text}: {self.measured:.2f} (at most {self.at_most:g})"


def take_turns(contenders: Sequence[Contender], rounds: int, clock: Clock) -> dict[str, list[float]]:
    """Milliseconds of every run, by contender. Each round begins with another one; the first is not counted."""
    times: dict[str, list[float]] = {one.name: [] for one in contenders}
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        at = number % len(contenders)
        for one in (*contenders[at:], *contenders[:at]):
            begun = clock()
            one.run()
            took = (clock() - begun) * 1000
            one.put_back()
            if number:
                times[one.name].append(took)
    gc.unfreeze()
    return times


def told(times: Mapping[str, Sequence[float]]) -> str:
    """A line per contender: its middle, its best and how much more than the first one's middle it took."""
    first = median(next(iter(times.values())))
    lines = [
        f"  {name:<46} median {median(took):8.2f} ms   min {min(took):8.2f} ms   × {median(took) / first:.2f}"
        for name, took in times.items()
    ]
    return "\n".join(lines)


def ratio(times: Mapping[str, Sequence[float]], one: str, other: str) -> float:
    """How many times the other's median one contender took."""
    return median(times[one]) / median(times[other])


def p95(times: Sequence[float]) -> float:
    """Nineteen of twenty runs were at least this fast."""
    return quantiles(times, n=20)[-1]
