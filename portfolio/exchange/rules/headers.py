"""Which column holds which field, guessed from the headers that Swedish and English lists use.

A guess is only a proposal: the mapping is shown and can be changed before anything is read in.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from portfolio.base.errors import Invalid
from portfolio.base.text import fold, phrases
from portfolio.exchange.rules.words import is_traffic_light, known_status

FIELDS = ("id", "title", "unit", "owner", "start", "end", "status", "impact", "summary")
"""What a column can be mapped to. Only `title` must be."""

LONGEST_HEADER = 100
"""A longer text is no header, and is cut where it has to name a column."""

# A header that says just this; the surest first. A column is given to one field only, in the order of FIELDS.
_WHOLE: Mapping[str, tuple[str, ...]] = {
    "id": phrases(
        """
        beteckning, initiativ id, initiative code, projektnummer, projektnr, projekt nr, projekt id,
        project number, project no, project id, primary key, unique id, object id, objekt id, löpnummer,
        löpnr, nummer, nr, id, code, kod, number
        """
    ),
    "title": phrases(
        """
        initiativ, initiativnamn, initiativets namn, projektnamn, projektets namn, project name, project
        title, initiative name, initiative, namn, benämning, titel, rubrik, name, title, projekt,
        project, aktivitet, aktivitetsnamn, activity, uppdrag, åtgärd, insats
        """
    ),
    "unit": phrases(
        """
        förvaltning, förvaltningar, berörda förvaltningar, berörd förvaltning, berörda enheter, berörd
        enhet, berörda, berörd, berör, enhet, enheter, unit, units, verksamhet, department, implementing
        agency, agency, organisation, organization, avdelning, kontor
        """
    ),
    "owner": phrases(
        """
        projektägare, initiativägare, pä, ägare, ansvarig, owner, project owner, projektansvarig,
        responsible, senior responsible owner, sro, projektledare, project manager
        """
    ),
    "start": phrases(
        """
        start, startdatum, startvecka, påbörjas, börjar, planerad start, start date, startdate, start
        week, starts, från, fr o m, from, board approval date
        """
    ),
    "end": phrases(
        """
        slut, slutdatum, slutvecka, klart, klar, färdigt, färdig, klart senast, sluttid, avslutas,
        planerat slut, end, end date, enddate, end week, ends, till, t o m, finish, finish date,
        completion date, closing date, project closing date, to
        """
    ),
    "status": phrases("status, projektstatus, project status, läge, fas, phase, stage, state"),
    "impact": phrases("påverkan, påverkansgrad, impact, belastning, omfattning"),
    "summary": phrases(
        """
        kort sagt, sammanfattning, beskrivning, kort beskrivning, projektbeskrivning, syfte, summary,
        description, short description, project description, project development objective, description
        aims, aims, purpose, objective
        """
    ),
}

# A header that ends with this ("Beräknat slutdatum", "ProcuringAgencyOrganisation"), tried after those.
_ENDING: Mapping[str, tuple[str, ...]] = {
    "id": phrases("beteckning, project number, project id"),
    "title": phrases("initiativnamn, projektnamn, project name, project title, initiative name"),
    "unit": phrases("förvaltning, förvaltningar, enhet, enheter, department, agency, organisation, organization"),
    "owner": phrases("projektägare, project owner"),
    "start": phrases("range start, startdatum, startvecka, start date, approval date, start"),
    "end": phrases(
        """
        range completion, slutdatum, slutvecka, end date, completion date, closing date, finish date,
        completion, slut, end
        """
    ),
    "status": phrases("status"),
    "impact": phrases("påverkan, impact"),
    "summary": phrases("beskrivning, short description, description"),
}

# Headers that mean many other things too: believed only if half of what stands below are statuses.
_DOUBTFUL_STATUS = frozenset(phrases("läge, fas, phase, stage, state"))


def guess_mapping(header: Sequence[str], sample: Sequence[Sequence[object]]) -> dict[str, str]:
    """The column for each field that can be guessed: `{"title": "Projektnamn", "unit": "Förvaltning", …}`.

    `sample` holds cells of some rows below the header: among equally good columns the first that is not
    empty is taken, and a column of traffic-light colours is never taken for a status.
    """
    taken: dict[str, str] = {}
    for synonyms, fits in ((_WHOLE, _says), (_ENDING, _ends_with)):
        for field in FIELDS:
            if field in taken:
                continue
            suitable = [name for name in header if name not in taken.values()]
            if field == "status":
                suitable = [name for name in suitable if _may_be_status(name, _below(header, sample, name))]
            alike = [name for words in synonyms[field] for name in suitable if fits(header_words(name), words)]
            with_content = [name for name in alike if _below(header, sample, name)]
            if alike:
                taken[field] = (with_content or alike)[0]
    return taken


def check_mapping(mapping: Mapping[str, str], header: Sequence[str]) -> None:
    """Raise `Invalid` (messages by field) for an unknown field or column, or no title."""
    errors: dict[str, list[str]] = {}
    for field, column in mapping.items():
        if field not in FIELDS:
            errors[field] = [f"”{field}” är inget fält. Fälten är {', '.join(FIELDS)}."]
        elif column not in header:
            errors[field] = [f"Kolumnen ”{column}” finns inte i filen. Filen har {', '.join(header)}."]
    if "title" not in mapping:
        errors["title"] = ["Välj den kolumn som innehåller initiativens namn."]
    if errors:
        raise Invalid(errors)


def recognised_fields(texts: Iterable[str]) -> int:
    """How many different fields a row of texts names: the row that names most is the header."""
    words = {header_words(text) for text in texts if 0 < len(text) <= LONGEST_HEADER}
    return sum(
        any(_says(said, phrase) for said in words for phrase in _WHOLE[field])
        or any(_ends_with(said, phrase) for said in words for phrase in _ENDING[field])
        for field in FIELDS
    )


def header_words(header: str) -> str:
    """A header as plain folded words: "Start_Date (plan)" and "startDate" both become "start date"."""
    apart = re.sub(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])", " ", header)
    without_asides = re.sub(r"[(\[][^)\]]*[)\]]", " ", apart)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(without_asides)).split())


def _says(words: str, phrase: str) -> bool:
    return words == phrase


def _ends_with(words: str, phrase: str) -> bool:
    return words.endswith(" " + phrase)


def _below(header: Sequence[str], sample: Sequence[Sequence[object]], name: str) -> list[str]:
    """What stands in the sample's rows below a header, empty cells left out."""
    index = header.index(name)
    cells = (row[index] for row in sample if index < len(row))
    return [text for text in (str(cell).strip() for cell in cells if cell is not None) if text]


def _may_be_status(name: str, texts: list[str]) -> bool:
    colours = sum(map(is_traffic_light, texts))
    if header_words(name) not in _DOUBTFUL_STATUS:
        return not texts or colours * 2 < len(texts)
    known = sum(known_status(text) is not None for text in texts)
    return bool(texts) and known * 2 >= len(texts)
