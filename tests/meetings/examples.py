"""Minutes of a meeting that never was: everything that there can be in them, and a draft with next to nothing."""

from datetime import UTC, date, datetime

from portfolio.meetings.rules.minutes import Minuted, Minutes, NotNow, Participant
from portfolio.meetings.writing.words import attribution

ATTACK = '"><img src=x onerror=alert(1)>'


def decided(what: str) -> str:
    """A decision of the kommundirektör's."""
    return attribution("Kommundirektör", "Ledningsgruppen", what)


START = Minuted(
    number=1,
    code="FI-011",
    title="Nytt schema- och frånvarosystem i skolan",
    diarienummer="BUN 2026/118",
    decision=decided("FI-011 startar v. 2 2027"),
    reason="Avtalet om det gamla systemet går ut den 30 juni. Skolorna behöver en termin på sig att gå över.",
    responsible="Barn- och utbildningschef",
    due=date(2027, 1, 15),
    due_label="Ska ha startat senast",
    question="Förslag: Ryms inte vecka 2: Kommunledningsförvaltningen skulle få 8 av 6. Tidigast vecka 7.",
    basis="Internt ledningsbeslut (verkställighet)",
    exception=(
        "Kommunledningsförvaltningen får gå till 8 av 6 v. 2–6 2027. Motivering: avtalet går inte att förlänga. "
        "Undantaget löper ut 14 februari 2027."
    ),
)
PAUSE = Minuted(
    number=2,
    code="FI-001",
    title="Gemensamt e-arkiv",
    diarienummer="KS 2026/412",
    decision=decided("FI-001 pausas v. 2–6 2027"),
    reason="Kommunledningsförvaltningen får då utrymme för årsbokslutet och för FI-011.",
    responsible="Kanslichef",
    due=date(2027, 2, 15),
    basis="Internt ledningsbeslut (verkställighet)",
    remark="Socialförvaltningen anmäler en avvikande mening: journalerna i källaren kan inte vänta.",
)
DELEGATED = Minuted(
    number=3,
    code="FI-012",
    title="Gemensam larmcentral",
    diarienummer="RN 2026/31",
    decision=decided("FI-012 startar v. 9 2027"),
    reason="Det ryms, och räddningstjänsten är redo.",
    responsible="Räddningschef",
    due=date(2027, 3, 5),
    due_label="Ska ha startat senast",
    basis="Delegationsbeslut, punkt 4.2 i delegationsordningen. Anmäls till kommunstyrelsen.",
    remark="Samhällsbyggnadschefen deltog inte i punkten på grund av jäv.",
)
PROPOSED = Minuted(
    number=4,
    code="FI-006",
    title="En väg in till kommunen",
    diarienummer="KS 2026/377",
    decision=decided("förslag om gemensam kundtjänst lämnas till kommunstyrelsen"),
    reason="Frågan rör verksamhetens omfattning.\nDen avgörs därför inte av en tjänsteperson.",
    responsible="Kommundirektör",
    due=date(2027, 1, 29),
    basis="Förslag till kommunstyrelsen",
)
DEFER = Minuted(
    number=5,
    code="FI-014",
    title="Bygglov på en dag",
    diarienummer="SBN 2026/207",
    decision=decided("FI-014 bordläggs till 15 december 2026"),
    reason="Vi behöver först veta vad e-tjänsten kostar.",
    responsible="Samhällsbyggnadschef",
    due=date(2026, 12, 11),
    basis="Internt ledningsbeslut (verkställighet)",
)
REJECT = Minuted(
    number=6,
    code="FI-009",
    title="Egen app för kommunens lekplatser",
    diarienummer="",
    decision=decided("FI-009 avslås"),
    reason="Kartan på webbplatsen visar redan lekplatserna.",
    responsible="",
    due=None,
    basis="Internt ledningsbeslut (verkställighet)",
)

FULL = Minutes(
    form="notes",
    number="LG 2026-11-24",
    version=2,
    municipality="Norrsunda kommun",
    group="Ledningsgruppen",
    starts_at=datetime(2026, 11, 24, 7, 30, tzinfo=UTC),
    ended_at=datetime(2026, 11, 24, 8, 25, tzinfo=UTC),
    place="Sessionssalen, kommunhuset",
    participants=(
        Participant("Kommundirektör", True),
        Participant("Ekonomichef", True),
        Participant("HR-chef", True),
        Participant("Kanslichef", True),
        Participant("Socialchef", False, "Avdelningschef för äldreomsorgen"),
        Participant("Barn- och utbildningschef", True),
        Participant("Samhällsbyggnadschef", True),
        Participant("Räddningschef", True),
    ),
    items=(START, PAUSE, DELEGATED, PROPOSED, DEFER, REJECT),
    not_now=(
        NotNow("FI-001", PAUSE.title, "Pausas v. 2–6 2027", PAUSE.reason),
        NotNow("FI-014", DEFER.title, "Bordlagt till 15 december 2026", DEFER.reason),
        NotNow("FI-009", REJECT.title, "Avslaget", REJECT.reason),
    ),
    outdated=("FI-003 Digital post till alla hushåll: redan startat",),
    next_meeting=datetime(2026, 12, 1, 7, 30, tzinfo=UTC),
    secretary="Kommunsekreterare",
    withheld_count=1,
    completed_by="Kommundirektör",
    completed_at=datetime(2026, 11, 25, 12, 15, tzinfo=UTC),
    correction="Ansvarig för punkt 2 var fel i den första versionen.",
)

DRAFT = Minutes(
    form="protocol",
    number="LG 2026-12-01",
    version=1,
    municipality="Norrsunda kommun",
    group="Ledningsgruppen",
    starts_at=datetime(2026, 12, 1, 7, 30, tzinfo=UTC),
    ended_at=None,
    place="",
    participants=(),
    items=(REJECT,),
    not_now=(),
    outdated=(),
    next_meeting=None,
    secretary="Kommunsekreterare",
)
