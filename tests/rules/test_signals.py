"""What is worth knowing: what a link must be, which initiatives are meant, and who takes it away."""

import pytest

from portfolio.base.errors import Invalid
from portfolio.people.rules import Actor, Role
from portfolio.signals.rules import codes_in, ensure_known, ensure_link, may_hide


@pytest.mark.parametrize("link", ["", "https://skr.se/nyheter?id=1#del", "https://intranet/språk"])
def test_a_link_is_a_whole_https_address_or_none(link: str) -> None:
    ensure_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "http://skr.se",
        "javascript:alert(1)",
        "skr.se/nyheter",
        "https://",
        "https:///nyheter",
        "https://[::1",
        "https://skr.se/en nyhet",
        "ftp://skr.se",
    ],
)
def test_any_other_link_is_refused_at_its_field(link: str) -> None:
    with pytest.raises(Invalid) as refused:
        ensure_link(link)
    assert list(refused.value.errors) == ["link"]


def test_initiatives_are_listed_as_people_list_them() -> None:
    assert codes_in(" fi-003,FI-011  kf-118, FI-003") == ["FI-003", "FI-011", "KF-118"]
    assert codes_in("fi 006 FI-011,kf\u00a0118 och") == ["FI-006", "FI-011", "KF-118", "OCH"]
    assert codes_in("FI-003 014") == ["FI-003", "014"]
    assert codes_in("") == []


def test_an_initiative_that_does_not_exist_is_named() -> None:
    ensure_known(["FI-003"], {"FI-003"})
    with pytest.raises(Invalid) as refused:
        ensure_known(["FI-003", "FI-099", "X"], {"FI-003"})
    assert "Vi hittar inte FI-099 och X." in refused.value.errors["initiatives"][0]


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (Actor("Skolchef", Role.MEMBER, 7), True),
        (Actor("Socialchef", Role.MEMBER, 8), False),
        (Actor("Portföljkoordinator", Role.COORDINATOR, 9), True),
        (Actor("Kommundirektör", Role.CHAIR, 1), True),
        (Actor("En nyckel", Role.OWNER), False),
    ],
)
def test_a_signal_is_taken_away_by_its_author_or_whoever_leads_the_meetings(by: Actor, allowed: bool) -> None:
    assert may_hide(by, 7) is allowed


def test_what_a_token_has_told_is_nobodys_own() -> None:
    assert not may_hide(Actor("En nyckel", Role.OWNER), None)
