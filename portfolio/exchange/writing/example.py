"""The template for those who have no list yet: the headers that are understood, and three rows as an example."""

import io
from collections.abc import Sequence

from portfolio.exchange.writing.workbooks import write_workbook

HEADER = (
    "Beteckning",
    "Initiativ",
    "Förvaltning",
    "Projektägare",
    "Start",
    "Slut",
    "Status",
    "Påverkan",
    "Kort sagt",
)
UNITS = ("Socialförvaltningen", "Kultur- och fritidsförvaltningen", "Kommunledningsförvaltningen")
"""The examples' units where the municipality has none of its own yet."""


def example_workbook(units: Sequence[str]) -> bytes:
    """An .xlsx that reads in as it is; the examples are spread over the first of these units."""
    names = [*units[:3], *UNITS[len(units) :]]
    planned = ("våren 2027", "T3 2027", "Förslag", "X", "Handlingar bevaras samlat.")
    rows = [
        (
            "A-1",
            "Nytt schema",
            names[0],
            "Kanslichef",
            "2027-01-11",
            "2027-06-30",
            "Pågår",
            "Stor",
            "Rätt bemanning.",
        ),
        ("A-2", "Boka lokal", names[1], "", "v. 7 2027", "v. 30 2027", "Planerad", "Märkbar", "Boka hemifrån."),
        ("A-3", "Gemensamt e-arkiv", names[2], "", *planned),
    ]
    file = io.BytesIO()
    write_workbook(file, "Initiativ", HEADER, rows)
    return file.getvalue()
