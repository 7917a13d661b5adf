"""Vain attempts to sign in, in the logs: by numbers, so that guessing is seen and nobody is named."""

from __future__ import annotations

import structlog

from services.console.commands.signing_in.attempts import Attempt
from services.console.rules.pauses import AttemptKind

log = structlog.get_logger()


def log_wrong(attempt: Attempt, of: str) -> None:
    """`of`: what was wrong. `network`: the same for the same network, and no address."""
    person = str(attempt.account.person_id) if attempt.account else None
    log.warning("a sign-in failed", of=of, person=person, network=attempt.keys.get(AttemptKind.ADDRESS))


def log_held_back(of: str, seconds: float) -> None:
    log.warning("sign-ins are held back", of=of, seconds=round(seconds))
