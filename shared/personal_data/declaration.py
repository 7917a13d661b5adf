"""The declaration of personal data: every table, file store and queue of a service, and each of its columns, once.

A service declares them in its `personal_data.py`. The guest's file, the erasure, the retention and the record of
processing are made from it, so that what is added is written out, erased and dropped from its first day; a test
compares it with the migrated databases and fails on whatever is not declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.crypto.purposes import Sealing
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.term import Term


class OnErasure(StrEnum):
    """What becomes of a guest's rows when the guest is erased."""

    DELETED = "deleted"
    BLANKED = "blanked"  # the row stays (a sum, a tombstone), each personal column takes its `blank`
    STAYS = "stays"  # nothing in it tells who it was; `why` says so
    OWN_COMMAND = (
        "own_command"  # bodies of events: the subject is cut out, its neighbours stay; `why` names the command
    )


@dataclass(frozen=True)
class Column:
    """`kind`: None, it says nothing of a person. `label`: its title in the guest's file; None, it is not written out
    (a key, a hash, a colleague's name, what another column says in words). `blank`: the SQL expression it takes where
    its row is blanked; None, it stays as it is. `sealed`: for which purpose; it is opened before it is written
    out. `words`: the terms whose labels are written out in place of its values. `money`: of an amount, the SQL
    expression of its currency in the same row: a code, `hotel:` and the hotel whose currency it is, or '' for the
    reporting currency. `picture`: of the bytes of a picture, or of their base64 where it is sealed, the SQL expression
    of their media type in the same row. `boxed`: it is sealed and rests as `boxed` of `shared/migrations` makes it; it
    has no label. `or_boxed`: the column in which it rests boxed where this one is null.
    """

    kind: PersonalKind | None = None
    label: str | None = None
    blank: str | None = None
    sealed: Sealing | None = None
    words: type[Term] | None = None
    money: str | None = None
    picture: str | None = None
    boxed: bool = False
    or_boxed: str | None = None


@dataclass(frozen=True, kw_only=True)
class Leaves:
    """When rows go that say nothing of a person any more, and what they leave.

    `kept`: by whose term; `rows`: an SQL condition that is true of those whose term has passed at `%(before)s`; `key`:
    their column, a UUID, by which whatever comes again would make them anew. `into`: the table that keeps the key for
    good, with `keeps`: by column of it, an SQL expression on the row (of several rows with one key, the least).
    `with_them`: tables whose rows go too, each with the column that holds the key.
    """

    kept: Kept
    rows: str
    key: str
    into: str
    keeps: Mapping[str, str]
    with_them: Mapping[str, str] = field(default_factory=dict)


THE_MONTH = "date_trunc('month', %(before)s::timestamptz, 'UTC')"
"""The first instant of the month in which `%(before)s` lies."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """`what`: its title, as «Stays». `guests`: an SQL condition on its rows that is true of those about the guests
    `%(guests)s::uuid[]`, as «guest_id = any(%(guests)s)»; None, it holds no guest. `dropped`: an SQL condition on its
    rows that is true of those whose term has passed at `%(before)s` (an instant that the term gives); None, they go
    with the guest or stay for good. `by_month`: the column by which it is kept in months (`shared.database.months`):
    its rows go a month at a time, once the term has passed for the whole of it, and `dropped` is not written out.
    `leaves`: how those go that stayed when their guest was erased; None, they stay for good.
    `why`: what the row is for, in one sentence, for the record of processing.
    """

    name: str
    what: str
    why: str
    columns: Mapping[str, Column]
    kept: Kept
    guests: str | None = None
    on_erasure: OnErasure = OnErasure.STAYS
    dropped: str | None = None
    by_month: str | None = None
    leaves: Leaves | None = None

    def __post_init__(self) -> None:
        """Raises ValueError where the parts contradict one another: a test need not look for it."""
        if self.by_month is not None:
            if self.dropped is not None or self.by_month not in self.columns:
                raise ValueError(f"{self.name}: a table that is kept by month is dropped by one of its columns")
            object.__setattr__(self, "dropped", f"{self.by_month} < {THE_MONTH}")
        if self.leaves is not None and (self.dropped is not None or self.leaves.key not in self.columns):
            raise ValueError(f"{self.name}: rows leave by a column of theirs, and have no other term")
        if self.guests is None and self.on_erasure in (OnErasure.DELETED, OnErasure.BLANKED):
            raise ValueError(f"{self.name}: how the rows about a guest are found is not declared")
        if (self.on_erasure is OnErasure.BLANKED) != bool(self.blanks):
            raise ValueError(f"{self.name}: a row that is blanked names the columns that take a `blank`, and no other")

    @property
    def blanks(self) -> Mapping[str, str]:
        """By column the SQL expression it takes where its row is blanked."""
        return {name: column.blank for name, column in self.columns.items() if column.blank is not None}


@dataclass(frozen=True, kw_only=True)
class Store:
    """What is no table: a folder of files, or the queues of a broker. `erased`: how a guest's share of it goes, and
    when.
    """

    name: str
    what: str
    why: str
    kept: Kept
    erased: str


@dataclass(frozen=True)
class PersonalData:
    """One service's declaration."""

    tables: tuple[Table, ...] = ()
    stores: tuple[Store, ...] = ()
    named: Mapping[str, Table] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", {table.name: table for table in self.tables})
