"""The order of priority."""


def moved_to(order: list[int], moving: int, place: int) -> list[int]:
    """The order of ids with one of them moved to `place`, 1 first; places beyond the ends mean the ends."""
    others = [one for one in order if one != moving]
    at = max(0, min(place - 1, len(others)))
    return [*others[:at], moving, *others[at:]]
