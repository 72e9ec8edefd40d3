"""The link by which somebody ends their veckobrev without signing in: it says whose, and is good for nothing else."""

from itsdangerous import BadSignature, URLSafeSerializer

PURPOSE = "avbeställ veckobrevet"


def token_for(person_id: int, secret: str) -> str:
    """What stands in a person's link. It does not grow old: an old letter's link must work too."""
    return str(URLSafeSerializer(secret, salt=PURPOSE).dumps(person_id))


def person_of(token: str, secret: str) -> int | None:
    """Whose link it is; None if it is forged, or was made for another purpose (fault case EM-7)."""
    try:
        found = URLSafeSerializer(secret, salt=PURPOSE).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None
