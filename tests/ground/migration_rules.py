"""What a new migration may not do, because it would stop a house at work or what runs there of the version before.

`faults_in` reads a file's text, not a database: it knows the statements that lock or rewrite a table for as long as
the table is large, and those after which the code of the version before meets what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from shared.database.migrating import Kind, kind_of
from shared.database.statements import statements_in

NAME = r'(?:public\.)?"?(\w+)"?'
CREATED = re.compile(rf"create (?:unlogged )?table (?:if not exists )?{NAME}")
ALTERED = re.compile(rf"alter table (?:if exists )?(?:only )?{NAME} (.*)")
INDEXED = re.compile(rf"create (?:unique )?index (?!concurrently)(?:if not exists )?(?:\w+ )?on (?:only )?{NAME}")
FILLED = re.compile(rf"(?:with .*? )?(?:update (?:only )?|delete from (?:only )?|insert into ){NAME}")
ENDED = re.compile(r"-- contract: ([\d.]+) was the last release that uses it$", re.MULTILINE)
COMMA = re.compile(r",\s*(?=(?:add|alter|drop|rename|set|validate|enable|disable|owner|attach|detach)\b)")
SAFE_CONCURRENTLY = (
    re.compile(r"create (unique )?index concurrently if not exists \w+ on"),
    re.compile(r"drop index concurrently if exists \w+$"),
    re.compile(r"alter table \w+ validate constraint \w+$"),
)
CONSTANT = re.compile(r"default (?:'[^']*'(?:::[\w\[\]]+)?|-?[\d.]+|true|false|null)(?:$|\s)")
CHECKED = r"alter table {table} .*add constraint (\w+) check \({column} is not null\) not valid"


@dataclass(frozen=True)
class Fault:
    statement: str
    why: str

    def __str__(self) -> str:
        return f"{self.why}: {self.statement[:80]}"


def faults_in(text: str, before: Sequence[str] = (), released: Collection[str] = ()) -> list[Fault]:
    """`before`: the texts of the earlier files of the same folder; `released`: the versions that are out."""
    statements = [_plain(one) for one in statements_in(text)]
    match kind_of(text):
        case Kind.CONCURRENTLY:
            return [
                Fault(one, "it cannot run again after it was cut off half-way")
                for one in statements
                if not any(safe.match(one) for safe in SAFE_CONCURRENTLY)
            ]
        case Kind.IN_SETS:
            return list(_of_sets(statements))
        case Kind.WHOLE:
            return list(
                _of_whole(text, statements, [_plain(one) for old in before for one in statements_in(old)], released)
            )


def _plain(statement: str) -> str:
    return " ".join(statement.lower().split())


def _of_sets(statements: Sequence[str]) -> Iterator[Fault]:
    for one in statements:
        if not FILLED.match(one):
            yield Fault(one, "only rows are changed in sets")
        elif " limit " not in one:
            yield Fault(one, "a set needs a limit, or it is all rows at once")
        elif "skip locked" in one:
            yield Fault(one, "rows that somebody holds would be left out for good")


def _of_whole(
    text: str, statements: Sequence[str], before: Sequence[str], released: Collection[str]
) -> Iterator[Fault]:
    created = {found[1] for one in statements if (found := CREATED.match(one))}
    ended = ENDED.search(text)
    may_end = ended is not None and ended[1] in released
    for one in statements:
        if (found := INDEXED.match(one)) and found[1] not in created:
            yield Fault(one, "nobody can write while the index is made: make it in a file of its own, concurrently")
        if (found := FILLED.match(one)) and found[1] not in created and " values " not in one:
            yield Fault(one, "rows of a table that is there are changed in sets, in a file of their own")
        if (found := ALTERED.match(one)) and found[1] not in created:
            for action in COMMA.split(found[2]):
                yield from (Fault(one, why) for why in _of_action(found[1], action, before, may_end))
        if re.match(r"drop (table|view|materialized view|function|type)", one) and not may_end:
            yield Fault(one, NOT_YET)
        if re.match(r"(lock|truncate|cluster|vacuum|reindex)\b", one):
            yield Fault(one, "others wait for as long as it takes")
        if re.match(r"(commit|rollback|begin)\b", one) or "concurrently" in one:
            yield Fault(one, "the file is one transaction")


NOT_YET = "the version before still uses it: it goes a release later, with «-- contract:» for the one that used it last"


def _of_action(table: str, action: str, before: Sequence[str], may_end: bool) -> Iterator[str]:
    """What one action of `alter table` does to a table that is there."""
    if action.startswith(("drop column", "rename")) and not may_end:
        yield NOT_YET
    if re.match(r"alter (column )?\w+ (set data )?type\b", action):
        yield "every row is written anew while nobody reads: add a column beside it"
    if (found := re.match(r"alter (?:column )?(\w+) set not null", action)) and not _is_checked(
        table, found[1], before
    ):
        yield "every row is read while nobody writes: add a check «not valid», validate it in a later file, then set it"
    if re.match(r"add (constraint \w+ )?(check|foreign key)", action) and "not valid" not in action:
        yield "every row is read while nobody writes: add it «not valid», and validate it in a file after it"
    if re.match(r"add (constraint \w+ )?(unique|primary key|exclude)", action) and " using index " not in action:
        yield "nobody reads or writes while its index is made: make that concurrently, and add it «using index»"
    if re.match(r"add (column )?(if not exists )?\w+", action) and not re.match(
        r"add (constraint|check|foreign|unique|primary|exclude)\b", action
    ):
        yield from _of_column(action)


def _of_column(action: str) -> Iterator[str]:
    if " check (" in action or " references " in action or " unique" in action:
        yield "every row is read while nobody writes: add the column, and what holds of it apart, «not valid»"
    if " generated " in action or re.match(r"add (column )?\w+ (small|big)?serial", action):
        yield "every row is written anew while nobody reads"
    if " default " in action and not CONSTANT.search(action):
        yield "a default that is worked out may write every row anew: add the column without, fill it in sets"
    if " not null" in action and " default " not in action:
        yield "the version before writes rows without it"


def _is_checked(table: str, column: str, before: Sequence[str]) -> bool:
    added = [found[1] for one in before if (found := re.match(CHECKED.format(table=table, column=column), one))]
    return any(f"alter table {table} validate constraint {name}" in one for name in added for one in before)
