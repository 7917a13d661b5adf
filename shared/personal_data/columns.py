"""How tables and their columns are written down, several at a time: `{**key("guest_id"), **plain("version")}`."""

from __future__ import annotations

from collections.abc import Mapping

from shared.crypto.purposes import Sealing
from shared.personal_data.declaration import Column, Table
from shared.vocabulary.personal_data import Kept, PersonalKind
from shared.vocabulary.term import Term

Columns = Mapping[str, Column]

OF_GUEST = "guest_id = any(%(guests)s::uuid[])"
"""The usual condition of `Table.guests`."""


def plain(*names: str) -> Columns:
    """Columns that say nothing of a person."""
    return dict.fromkeys(names, Column())


def key(*names: str, blank: str | None = None) -> Columns:
    """Numbers that stand for a guest, a stay or a message; after an erasure they stand for nobody."""
    return dict.fromkeys(names, Column(PersonalKind.KEY, blank=blank))


def colleague(*names: str, sealed: Sealing | None = None) -> Columns:
    """Who of the hotel's people did it: never in a guest's file, and not erased with the guest."""
    return dict.fromkeys(names, Column(PersonalKind.COLLEAGUE, sealed=sealed))


def personal(
    kind: PersonalKind,
    label: str | None = None,
    *,
    blank: str | None = None,
    sealed: Sealing | None = None,
    words: type[Term] | None = None,
    money: str | None = None,
    picture: str | None = None,
    boxed: bool = False,
    or_boxed: str | None = None,
) -> Column:
    """One column that says something of a guest."""
    return Column(kind, label, blank, sealed, words, money, picture, boxed, or_boxed)


def of_installation(name: str, what: str, why: str, columns: Columns) -> Table:
    """A table that stays as long as the installation, and is of no guest."""
    return Table(name=name, what=what, why=why, columns=columns, kept=Kept.INSTALLATION)


def without_person(name: str, what: str, why: str, *columns: str) -> Table:
    """One that stands for no person at all."""
    return of_installation(name, what, why, plain(*columns))
