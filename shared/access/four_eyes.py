"""Whether a second person has looked at a draft as it stands: of a template, of a broadcast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.errors import Conflict, InputError, Problem

NOT_ANOTHER = Problem("whoever asked for it or wrote it last cannot approve it", "not_another")


@dataclass(frozen=True)
class Rule:
    """Whether the house wants it, and who said so."""

    needs_approval: bool
    chosen_by: str
    chosen_at: datetime


@dataclass(frozen=True)
class Waiting:
    """A draft that waits for a second person."""

    key: str
    name: str
    asked_by: str


@dataclass(frozen=True)
class Approval:
    """Asked for a draft in one version of it; of another it says nothing."""

    key: str
    version: int
    asked_by: str
    asked_by_id: UUID
    asked_at: datetime
    approved_by: str | None
    approved_by_id: UUID | None
    approved_at: datetime | None

    def is_of(self, version: int) -> bool:
        return self.version == version

    def is_given(self, version: int) -> bool:
        return self.is_of(version) and self.approved_at is not None


def is_second(person: UUID, asked_by: UUID, edited_by: UUID | None) -> bool:
    """Neither who asked nor who wrote it last."""
    return person not in (asked_by, edited_by)


def asked_of(asked: Approval | None, version: int, person: UUID, edited_by: UUID | None) -> Approval:
    """What this person may approve. InputError for whoever asked or wrote it last; Conflict where this version is not
    asked for, or not any more.
    """
    if asked is None or not asked.is_of(version):
        raise Conflict()
    if not is_second(person, asked.asked_by_id, edited_by):
        raise InputError(None, {"approval": NOT_ANOTHER})
    return asked
