"""Ask the kernel what a plan would come to: nothing is written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from portfolio.base.db import current_session
from portfolio.base.time import this_week
from portfolio.capacity import queries as capacity
from portfolio.capacity.rules.gate import Plan, Verdict, fingerprint_of
from portfolio.capacity.rules.load import Commitment, Portfolio
from portfolio.capacity.rules.ways import Earliest, Pause, Request, Way, try_out
from portfolio.capacity.rules.words import Names
from portfolio.initiatives.models import Initiative
from portfolio.initiatives.rules.statuses import COUNTING


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate says of a plan, with the ways forward: the same for page, preview, API and refusal."""

    plan: Plan
    verdict: Verdict
    earliest: Earliest
    ways: tuple[Way, ...]
    fingerprint: str
    portfolio: Portfolio

    @property
    def codes(self) -> set[str]:
        """The initiatives that the answer speaks of: its own, those that fill what is full, and those to pause."""
        filling = (code for conflict in self.verdict.conflicts for code in conflict.filled_by)
        paused = (one.code for way in self.ways if isinstance(way, Pause) for one in way.paused)
        return {self.plan.code, *filling, *paused}


class Known(NamedTuple):
    """What many plans are tried against: everything that counts, with its priorities, and what it is all called.

    `requests` are the stored plans that have been tried against it already, by their initiatives' codes.
    """

    portfolio: Portfolio
    names: Names
    requests: Mapping[str, Request]

    def request(self, plan: Plan) -> Request | None:
        """What has been asked for already, if it is exactly this plan."""
        found = self.requests.get(plan.code)
        return found if found is not None and found.plan == plan else None


_MUST_FINISH_BY = select(Initiative.must_finish_by).where(Initiative.code == bindparam("code"))


def answer(
    plan: Plan,
    now: datetime,
    *,
    known: Known | None = None,
    without: Collection[str] = (),
    must_finish_by: date | None = None,
) -> Answer:
    """Try a plan: nothing is written. `without` are initiatives to be thought away.

    `known` is what it is tried against; it is read unless whoever asks has it already.
    `must_finish_by` is asked of the ways forward; a stored initiative's own by default.
    """
    tried_before = known.request(plan) if known and not without and must_finish_by is None else None
    portfolio = known.portfolio if known else prioritised(capacity.whole_portfolio())
    portfolio = portfolio.changed(gone=without) if without else portfolio
    request = tried_before or Request(plan, portfolio, this_week(now), must_finish_by or _stored_finish(plan.code))
    tried = try_out(request)
    return Answer(plan, *tried, fingerprint_of(tried.verdict.binding), portfolio)


def _stored_finish(code: str) -> date | None:
    return current_session().scalar(_MUST_FINISH_BY, {"code": code})


def prioritised(portfolio: Portfolio) -> Portfolio:
    """The portfolio with each counting initiative's rank and legal duty, which decide what may be paused."""
    columns = (Initiative.code, Initiative.rank, Initiative.legal_duty)
    wanted = select(*columns).where(Initiative.status.in_(COUNTING))
    return with_priorities(portfolio, {code: (rank, duty) for code, rank, duty in current_session().execute(wanted)})


def with_priorities(portfolio: Portfolio, known: Mapping[str, tuple[int | None, bool]]) -> Portfolio:
    """The same where the rank and legal duty of each initiative are known already, by its code."""
    commitments = {
        code: Commitment(code, one.stretches, one.owner, one.forecast_end, *known[code])
        for code, one in portfolio.commitments.items()
        if code in known
    }
    return replace(portfolio, commitments=commitments)
