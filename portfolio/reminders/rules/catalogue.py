"""Every rule by which somebody is reminded, with what it does in the words of the municipality.

In the order of how much it matters: the first rule that a letter tells of gives the letter its subject.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.base.errors import Invalid

MOST_DAYS = 60
LONGEST_SUBJECT = 60
"""Characters of a letter's subject: what a phone shows of it."""

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `days_words` says what its days are counted from; empty where there is nothing to set.

    `may_come_early` lets its reminders go with a letter that leaves earlier in the same week. `most_days` is the most
    that its days can be.
    """

    name: str
    title: str
    does: str
    sample: str
    why: str
    time: str = "07:30"
    days: int = 0
    days_words: str = ""
    may_come_early: bool = True
    most_days: int = MOST_DAYS


@dataclass(frozen=True, slots=True)
class Setting:
    """How the municipality has set a rule: `time` is the hour in Sweden at the earliest."""

    active: bool
    days: int
    time: str


_OWNER = "du är projektägare"

_ALL = (
    Rule(
        "report_last_day",
        "Andra påminnelsen om lägesrapport",
        "Skickas på sista dagen, om lägesrapporten fortfarande saknas.",
        "Vi saknar din lägesrapport inför mötet på tisdag. Utan den visas initiativet som ”Uppgift saknas”.",
        "du ska lämna lägesrapport",
        may_come_early=False,
    ),
    Rule(
        "report_due",
        "Dags för lägesrapport",
        "Skickas till den som lämnar lägesrapport, om den skulle vara för gammal på nästa möte.",
        "Det är dags att berätta hur det går med FI-011 Nytt schema- och frånvarosystem i skolan.",
        "du ska lämna lägesrapport",
        days=1,
        days_words="arbetsdagar före sista dag",
    ),
    Rule(
        "collision",
        "En krock har uppstått",
        "Skickas till ordföranden och till dem som äger initiativen, när något går över taket.",
        "Taket för Socialförvaltningen sänks vecka 24–34. Det innebär att 2 initiativ krockar.",
        "det rör initiativ som du äger eller beslutar om",
    ),
    Rule(
        "proposal_answered",
        "Besked till den som föreslog",
        "Skickas till förslagsställaren när förslaget har startats, avslagits, bordlagts eller ska kompletteras.",
        "Ja. FI-014 Bygglov på en dag startar vecka 11.",
        "du har lämnat förslaget",
    ),
    Rule(
        "minutes_completed",
        "Anteckningarna är klara",
        "Skickas till ledningsgruppen och till dem som ansvarar för något som mötet beslutade, när anteckningarna "
        "färdigställs eller rättas.",
        "Anteckningarna från mötet den 24 november är klara. Du ansvarar för FI-012 Gemensam larmcentral.",
        "du deltar i ledningsgruppen eller ansvarar för något som mötet beslutade",
    ),
    Rule(
        "report_missing",
        "Lägesrapport saknas: hjälp av chefen",
        "Skickas till projektägarens chef, en gång, när lägesrapporten dröjer trots påminnelser.",
        "FI-011 har inte uppdaterats på 12 arbetsdagar. Kan du se till att vi får en lägesrapport?",
        "du är projektägarens chef",
        days=3,
        days_words="arbetsdagar efter sista dag",
        may_come_early=False,
    ),
    Rule(
        "exception_expires",
        "Ett undantag löper ut",
        "Skickas till projektägaren och ordföranden innan ett motiverat undantag slutar gälla.",
        "Undantaget för FI-003 gäller till och med 20 december. Ska det förlängas?",
        "undantaget gäller ett initiativ som du äger eller beslutar om",
        days=14,
        days_words="dagar innan undantaget löper ut",
    ),
    Rule(
        "weekly_letter",
        "Veckobrevet",
        "Skickas veckans första arbetsdag, bara när det finns något att berätta. Är det möte i veckan är brevet "
        "också dagordningen.",
        "Portföljen vecka 48: 3 beslut på tisdag, 1 förvaltning över taket",
        "du deltar i arbetet med förändringsportföljen",
        may_come_early=False,
    ),
    Rule(
        "acknowledge",
        "Kvittera påverkan",
        "Skickas till mottagande chef före mötet, när ett förslag påverkar den egna enheten.",
        "FI-012 Gemensam larmcentral påverkar Räddningstjänsten. Stämmer det?",
        "du är mottagande chef",
        days=3,
        days_words="arbetsdagar före mötet",
    ),
    Rule(
        "decision_waits",
        "Ett beslut dröjer",
        "Skickas till portföljkoordinatorn, och till ordföranden när förslaget är berett.",
        "FI-013 Jämförelsetjänst för resultat har väntat på besked sedan 2 november.",
        "du bereder eller beslutar om förslag",
        days=14,
        days_words="dagars väntan",
    ),
    Rule(
        "past_last_week",
        "Sista veckan har passerat",
        "Skickas till projektägaren när initiativet drar över: det är inte avslutat och har ingen senare prognos.",
        "FI-006 Digital signering av beslut skulle vara klart vecka 47.",
        _OWNER,
    ),
    Rule(
        "start_soon",
        "Snart dags att starta",
        "Skickas till projektägaren före startveckan.",
        "FI-010 Heltid som norm i omsorgen startar vecka 5. Är allt på plats?",
        _OWNER,
        days=14,
        days_words="dagar före starten",
    ),
    Rule(
        "follow_up_due",
        "Dags att följa upp effekten",
        "Skickas till projektägaren 3 och 12 månader efter att initiativet avslutades.",
        "FI-007 Meröppna bibliotek avslutades för 3 månader sedan. Blev det som ni tänkte?",
        _OWNER,
    ),
    Rule(
        "felt_load",
        "Hur är belastningen?",
        "Skickas en gång i månaden till mottagande chef, som svarar med ett klick.",
        "Hur är belastningen i Socialförvaltningen i november? Ett klick räcker.",
        "du är mottagande chef",
        days=14,
        days_words="dagar in i månaden",
        most_days=20,
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}
"""Every rule by its wire name, which stands in stored rows: it never changes."""

MATTERS: Mapping[str, int] = {name: place for place, name in enumerate(RULES)}
"""How much a rule matters: 0 the most."""


def as_it_comes(rule: Rule) -> Setting:
    """How a rule is set until the municipality sets it."""
    return Setting(True, rule.days, rule.time)


def settings_from(stored: Mapping[str, Setting]) -> dict[str, Setting]:
    """Every rule's setting; those that nobody has set are as they come."""
    return {name: stored.get(name, as_it_comes(rule)) for name, rule in RULES.items()}


def checked(rule: Rule, days: int | None, clock: str) -> tuple[int, str]:
    """The days and the hour that somebody has written for a rule; Invalid tells which of them cannot be used."""
    errors: dict[str, list[str]] = {}
    wanted = rule.days if not rule.days_words else days
    if wanted is None or not 0 <= wanted <= rule.most_days:
        errors["days"] = [f"Skriv ett heltal mellan 0 och {rule.most_days}."]
    written = clock.strip().replace(".", ":")
    at = written if len(written) == len("07:30") else f"0{written}"
    if _CLOCK.fullmatch(at) is None:
        errors["time"] = ["Skriv klockslaget som timme och minut, till exempel 07.30."]
    if errors or wanted is None:
        raise Invalid(errors)
    return wanted, at
