"""What a proposal says, where it comes from, and what its proposer is promised."""

SUMMARY_LENGTH = 280
"""Kort sagt: the longest summary, in characters."""

SOURCE_WORDS = {
    "kf": "Kommunfullmäktige",
    "ks": "Kommunstyrelsen",
    "namnd": "Nämnd",
    "lag": "Lag",
    "agardirektiv": "Ägardirektiv",
    "eget": "Eget initiativ",
}
"""Where an assignment comes from (uppdrag från)."""

POLITICAL = frozenset({"kf", "ks", "namnd", "agardirektiv"})
"""The sources that are political bodies or speak for one: only these can be asked what they meant."""

CLEAR_FROM = 4
"""How many of the five questions about a political assignment must be answered for it to be clear."""

UNCLEAR_WORD = "Otydligt uppdrag"

PROMISED_DAYS = 14
"""Within how many days whoever proposes something is told what comes of it."""


def is_unclear(source: str | None, answered: int) -> bool:
    """Whether a political assignment says too little: `answered` of its five questions have an answer."""
    return source in POLITICAL and answered < CLEAR_FROM
