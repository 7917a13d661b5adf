"""What a member of a closed set is: its value, and the label, tone and icon that people see."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


def N_(text: str) -> str:  # noqa: N802  gettext's own name for «translated later»
    """Marks a label for the catalogues."""
    return text


class Term(StrEnum):
    """`SENT = "sent", N_("sent"), "good", "tick"`: the value is stored and sent, the label is read by people.

    `tone`: good | look | bad | plain, the colour of it on a page; `icon`: the name of its sign in the frame's set, or
    nothing.
    """

    label: str
    tone: str
    icon: str

    def __new__(cls, value: str, label: str = "", tone: str = "plain", icon: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label, term.tone, term.icon = label, tone, icon
        return term
