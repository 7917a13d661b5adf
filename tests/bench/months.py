"""What a month costs to end, and many months to ask: `python -m tests.bench.months [texts]`, by default 1,000,000.

Sealed texts as long as real ones, on a PostgreSQL that keeps what it says it keeps. Those of one month are deleted in
ranges, as the nightly run does where a table is not kept by month, and dropped as a month. The log is what is written
to it by either. Messages' words are asked for by the message alone, in a table of a few parts and of many; and what a
row of a key costs that stays for good is weighed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.templates.links import sealed_words
from shared.database import months
from shared.database.pool import Database
from shared.ids import make_id
from shared.personal_data.retention.subjects import Subject, make_months, subjects_of
from shared.personal_data.retention.terms import Terms
from tests.bench.ground import count_given, databases

TEXTS, ASKED = 1_000_000, 2_000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
OVER = months.after(FIRST, 14)
FILL = """
    insert into {} (message_id, sheet, sent_at, text_sealed)
    select md5(n::text)::uuid, md5((n %% 100)::text)::uuid,
           %(first)s::timestamptz + n * (interval '27 days' / %(most)s),
           'sealed:2:message_text.1:' || left(repeat(encode(sha256(n::text::bytea), 'base64'), 5), 200)
    from generate_series(1, %(most)s) as n
"""


def main(texts: int) -> int:
    with databases() as make:
        database = make("messaging")
        make_all(database, FIRST)
        for table in ("sent_text", "kept_text"):
            fill(database, table, FIRST, texts)
        settle(database)
        measured(database, f"{ASKED:,} messages' words, {parts(database)} parts", lambda: ask(database))
        subjects = {one.name: one for one in subjects_of(PERSONAL_DATA)}
        for name, how in (("kept_text", "deleted"), ("sent_text", "dropped")):
            before = size(database, name)
            rows = measured(database, f"{texts:,} texts are {how}", partial(drop, database, subjects[name]))
            assert rows == texts, rows
            print(f"{'':32} {name} {before / 1e6:8,.0f} MB before, {size(database, name) / 1e6:8,.0f} MB after")
        measured(database, "and the vacuum after", lambda: vacuum(database))
        for year in range(1, 5):
            make_all(database, months.after(OVER, 3 * year))
        fill(database, "sent_text", OVER, 10_000)
        settle(database)
        measured(database, f"{ASKED:,} messages' words, {parts(database)} parts", lambda: ask(database))
        weigh_key(database, texts)
    return 0


def make_all(database: Database, now: datetime) -> None:
    with database.transaction() as tx:
        while make_months(tx.connection, PERSONAL_DATA, now):
            pass


def parts(database: Database) -> int:
    with database.transaction() as tx:
        return len(months.parts_of(tx.connection, "sent_text"))


def fill(database: Database, table: str, first: datetime, most: int) -> None:
    with database.transaction() as tx:
        tx.execute(FILL.format(table), {"first": first, "most": most})


def drop(database: Database, subject: Subject) -> int:
    rows, place = 0, ""
    while True:
        with database.transaction() as tx:
            done = subject.drop(tx, Terms(), OVER, place)
        rows += done.rows
        if done.next_place is None:
            return rows
        place = done.next_place


def ask(database: Database) -> int:
    for number in range(ASKED):
        with database.transaction() as tx:
            sealed_words(tx, make_id("message", number))
    return ASKED


def measured(database: Database, what: str, work: Callable[[], int]) -> int:
    before, began = log(database), perf_counter()
    done = work()
    seconds, written = perf_counter() - began, log(database) - before
    print(f"{what:32} {seconds:8.2f} s, {written:14,} bytes of log", flush=True)
    return done


def log(database: Database) -> int:
    return asked_of(database, "select (pg_current_wal_insert_lsn() - '0/0')::bigint")


def size(database: Database, table: str) -> int:
    with database.transaction() as tx:
        leaves = months.leaves(tx.connection, table)
    return sum(asked_of(database, f"select pg_total_relation_size('{leaf}')") for leaf in leaves)


def asked_of(database: Database, query: str) -> int:
    with database.glance() as tx:
        row = tx.execute(query).fetchone()
    return int(row[0] or 0) if row else 0


def settle(database: Database) -> None:
    with database.glance() as tx:
        tx.execute("vacuum analyze")
        tx.execute("checkpoint")


def vacuum(database: Database) -> int:
    with database.glance() as tx:
        tx.execute("vacuum kept_text")
    return 0


def weigh_key(database: Database, rows: int) -> None:
    with database.transaction() as tx:
        tx.execute('create table ended_message (message_id uuid primary key, outcome "char" not null)')
        tx.execute("insert into ended_message select md5(n::text)::uuid, 's' from generate_series(1, %s) n", [rows])
    whole = asked_of(database, "select pg_total_relation_size('ended_message')")
    index = asked_of(database, "select pg_indexes_size('ended_message')")
    print(f"a key that stays: {(whole - index) / rows:.1f} bytes, and {index / rows:.1f} of its index")


if __name__ == "__main__":
    sys.exit(main(count_given(TEXTS)))
