"""Which values a text of a purpose is given: what nobody could fill in is not offered."""

from __future__ import annotations

from collections.abc import Mapping

from shared.vocabulary.purpose import Purpose

ABOUT_A_STAY = frozenset({Purpose.STAY_SERVICE, Purpose.FEEDBACK})
GIVEN: Mapping[str, frozenset[Purpose]] = {
    "links.survey": frozenset({Purpose.FEEDBACK}),
    "links.unsubscribe": frozenset({Purpose.MARKETING, Purpose.FEEDBACK}),
}
"""The values that are only ever there in texts of these purposes."""
STAY = "stay."


def is_given(value: str, purpose: Purpose) -> bool:
    """Whether any guest of such a text can have it."""
    return purpose in GIVEN.get(value, Purpose)


def is_offered(value: str, purpose: Purpose) -> bool:
    """An offer goes to guests without a stay too: what is of the stay is offered where the text is about one."""
    return is_given(value, purpose) and (not value.startswith(STAY) or purpose in ABOUT_A_STAY)
