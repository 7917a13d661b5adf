"""Files of objections that were imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class FileLine:
    file: str
    listed_at: datetime
    scope: str
    emails: int
    numbers: int


def files(tx: Tx) -> list[FileLine]:
    """The newest first."""
    return tx.rows(FileLine, FILES)


FILES = """
    select file, listed_at, scope, count(*) filter (where channel = 'email') as emails,
           count(*) filter (where channel = 'sms') as numbers
    from optout_listed
    group by listed_at, file, scope
    order by listed_at desc, file
    limit 20
"""
