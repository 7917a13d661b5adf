"""New migrations stop nobody: expand first, contract a release later, never hold a large table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from shared.database.migrate import SHARED_MIGRATIONS, Migration, migrations_in
from tests.databases import SERVICES
from tests.ground.migration_rules import faults_in

ROOT = SERVICES.parent
BEFORE_THE_RULES = {
    "shared": 9,
    "segments": 65,
    "campaigns": 38,
    "messaging": 46,
    "feedback": 25,
    "console": 23,
}
"""The last files that were written before the rules. They stay as they are: an applied one is never edited."""


def new_migrations() -> Iterator[tuple[Migration, list[str]]]:
    """Each with the texts of those before it."""
    for folder in (
        SHARED_MIGRATIONS,
        *(SERVICES / name / "migrations" for name in BEFORE_THE_RULES if name != "shared"),
    ):
        files = migrations_in(folder)
        for place, one in enumerate(files):
            if one.number > BEFORE_THE_RULES[one.folder]:
                yield one, [before.text for before in files[:place]]


def releases() -> set[str]:
    return set(re.findall(r"^## (\d+\.\d+\.\d+) · ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))


def test_every_service_is_under_the_rules() -> None:
    assert {path.parent.name for path in SERVICES.glob("*/migrations")} | {"shared"} == set(BEFORE_THE_RULES)


def test_no_new_migration_stops_the_house_or_the_version_before() -> None:
    found = {
        f"{one.folder}/{one.path.name}": [str(fault) for fault in faults]
        for one, before in new_migrations()
        if (faults := faults_in(one.text, before, releases()))
    }
    assert found == {}


CONCURRENTLY, IN_SETS = "-- migrate: concurrently\n", "-- migrate: in sets\n"
ENDED = "-- contract: 0.2.0 was the last release that uses it\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("create index on stay (id)", "concurrently"),
        ("create unique index stay_id on stay (id)", "concurrently"),
        ("create table night (id int); create index on stay (id)", "concurrently"),
        ("alter table stay alter column id type bigint", "written anew"),
        ("alter table stay alter id set data type bigint", "written anew"),
        ("alter table stay add nights int, alter column id type bigint", "written anew"),
        ("alter table stay alter column id set not null", "not valid"),
        ("alter table stay add constraint one check (id > 0)", "not valid"),
        ("alter table stay add check (id > 0)", "not valid"),
        ("alter table stay add foreign key (id) references guest", "not valid"),
        ("alter table stay add nights int check (nights > 0)", "apart"),
        ("alter table stay add column guest uuid references guest", "apart"),
        ("alter table stay add primary key (id)", "using index"),
        ("alter table stay add constraint one unique (id)", "using index"),
        ("alter table stay add number uuid default gen_random_uuid()", "worked out"),
        ("alter table stay add at timestamptz default now()", "worked out"),
        ("alter table stay add number bigserial", "written anew"),
        ("alter table stay add double int generated always as (id * 2) stored", "written anew"),
        ("alter table stay add nights int not null", "without it"),
        ("alter table stay drop column nights", "still uses it"),
        ("alter table stay rename column nights to days", "still uses it"),
        ("alter table stay rename to visit", "still uses it"),
        ("alter table stay rename to stay_old; create table visit (id int)", "still uses it"),
        ("drop table stay", "still uses it"),
        (ENDED.replace("0.2.0", "0.9.0") + "drop table stay", "still uses it"),
        ("update stay set nights = 1", "in sets"),
        ("delete from stay", "in sets"),
        ("insert into night select * from stay", "in sets"),
        ("with old as (select 1) update stay set nights = 1", "in sets"),
        ("lock table stay", "as long as it takes"),
        ("truncate stay", "as long as it takes"),
        ("create index concurrently if not exists stay_id on stay (id)", "one transaction"),
        (CONCURRENTLY + "create index concurrently stay_id on stay (id)", "again"),
        (CONCURRENTLY + "create index concurrently if not exists on stay (id)", "again"),
        (CONCURRENTLY + "alter table stay add nights int", "again"),
        (IN_SETS + "update stay set nights = 1 where nights is null", "limit"),
        (IN_SETS + "delete from stay where id in (select id from stay limit 9 for update skip locked)", "left out"),
        (IN_SETS + "create table night (id int)", "only rows"),
    ],
)  # fmt: skip
def test_what_would_stop_somebody_is_a_fault(text: str, why: str) -> None:
    assert [str(fault) for fault in faults_in(text, released={"0.1.0", "0.2.0"}) if why in fault.why]


CHECK = "alter table stay add constraint there check (id is not null) not valid"


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("create table night (id int primary key, stay int references stay); create index on night (stay)", []),
        ("create table night (id int);\nalter table night add constraint one check (id > 0)", []),
        ("create table night (id int); insert into night select 1; insert into stay (id) values (1)", []),
        ("alter table stay add nights int", []),
        ("alter table stay add column nights int not null default 0, add tags text[] not null default '{}'", []),
        ("alter table stay add is_paid bool not null default false", []),
        ("-- as update stay set x would\nalter table stay add words text default 'create index on stay (id)'", []),
        ("alter table stay rename to stay_default; create table stay (id int) partition by range (id); "
         "alter table stay attach partition stay_default default", []),
        (CHECK, []),
        ("alter table stay validate constraint there", [CHECK]),
        ("alter table stay alter column id set not null", [CHECK, "alter table stay validate constraint there"]),
        ("alter table stay add constraint one unique using index stay_id", []),
        ("alter table stay alter column id drop not null", []),
        ("alter table stay set (fillfactor = 80)", []),
        (ENDED + "alter table stay drop column nights", []),
        (ENDED + "drop table stay", []),
        (CONCURRENTLY + "create index concurrently if not exists stay_id on stay (id)", []),
        (CONCURRENTLY + "drop index concurrently if exists stay_id;", []),
        (IN_SETS + "update stay set nights = 1 where id in (select id from stay where nights is null limit 5000)", []),
    ],
)  # fmt: skip
def test_what_stops_nobody_is_none(text: str, before: list[str]) -> None:
    assert faults_in(text, before, {"0.2.0"}) == []


def test_the_rules_know_what_was_done_before_them() -> None:
    """Read over the files of before, they find what those did to tables that were there: a rule that finds nothing in
    two hundred files would watch nothing."""
    found = {
        fault.why
        for name in BEFORE_THE_RULES
        for one in migrations_in(SHARED_MIGRATIONS if name == "shared" else SERVICES / name / "migrations")
        for fault in faults_in(one.text)
    }
    assert len(found) > 5, found
