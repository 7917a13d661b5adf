"""Whether a second person has looked at a draft as it stands: of a template, of a broadcast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
