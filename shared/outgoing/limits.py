"""How long an exchange may take, and how long an answer may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`within`: seconds from the first question to a name server to the last byte of the answer; `connect_within`: of
    those, until the connection stands. `longest`: bytes of the answer's body.
    """

    within: float = 15.0
    connect_within: float = 5.0
    longest: int = 1024 * 1024
