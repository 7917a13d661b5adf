"""Links by which the owner of an account chooses a password: how long they work, how often one may be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.console.rules.pauses import AttemptKind
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.term import N_, Term

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
FREE: Mapping[AttemptKind, int] = {AttemptKind.ACCOUNT: 3, AttemptKind.ADDRESS: 25}
"""Requests without a pause, by what they are counted by. A whole hotel may share one network address."""


class LinkKind(Term):
    PASSWORD_RESET = "password_reset", N_("link for a new password"), "plain", "mail"
    INVITATION = "invitation", N_("invitation"), "plain", "mail"

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=7) if self is LinkKind.INVITATION else timedelta(minutes=30)

    @property
    def notice(self) -> NoticeKind:
        return NoticeKind(self.value)


def free_again(kind: AttemptKind, requests: int, last_at: datetime) -> datetime:
    """When the next link may be asked for after so many requests, the last at `last_at`. Shorter than a link lasts:
    who has to wait has a link that still works."""
    beyond = requests - FREE[kind]
    if beyond < 0:
        return last_at
    return last_at + min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(beyond, 8)))
