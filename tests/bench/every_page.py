"""How long every page of the console takes with many guests: `python -m tests.bench.every_page [guests]`.

By default 200,000. The demo group's last two months are played and every table that keeps rows of guests, stays,
messages and answers is multiplied, each copy of a guest with their own numbers, so that values occur as they do there;
addresses are shared by the copies. Then `guestloop up` is asked for each page three times and the fastest counts: from
the request to the last byte, the browser's drawing not included. Aim: 300 ms with 1,000,000.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psycopg
from playwright.sync_api import Page
from psycopg import sql

from guestloop.composition.services import SERVICES
from shared.embedded.home import Home
from tests.bench.ground import count_given
from tests.browser.conftest import Installation, Visitor, end, make_small_demo, opened_chromium, serve
from tests.browser.pages import every_page

GUESTS, LEAST_ROWS, TIMES, AIM, PATIENCE = 200_000, 20, 3, 300, 120_000
APART = ("outbox", "inbox", "session", "audit")
"""What is on its way or a colleague's: no copy of it means anything."""
DUE = "guest_search_due"
"""The role that makes guests findable would be at work on it for an hour."""
TOOK = """() => {
    const asked = performance.getEntriesByType('navigation')[0]
    return asked.responseEnd - asked.requestStart
}"""
COLUMNS = """
    select attname, format_type(atttypid, null),
        attidentity <> '' or attgenerated <> '' or coalesce(pg_get_expr(adbin, adrelid), '') like 'nextval%%'
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum
"""
UNIQUE = """
    select array(select attname from pg_attribute where attrelid = indrelid and attnum = any(indkey))
    from pg_index where indrelid = %s::regclass and indisunique
"""


def main() -> int:
    guests = count_given(GUESTS)
    with tempfile.TemporaryDirectory() as folder, opened_chromium() as browser:
        if browser is None:
            print("Chromium is not installed: nobody asks for pages.", file=sys.stderr)
            return 1
        home = Path(folder) / "home"
        make_small_demo(home, datetime.now(UTC))
        start = perf_counter()
        multiply_house(home, guests)
        print(f"{guests:,} guests made in {perf_counter() - start:.0f} s", flush=True)
        served = serve(home)
        try:
            page = Visitor(browser, Installation(served.origin, home), []).signed_in("ada")
            page.set_default_timeout(PATIENCE)
            tell(timed(page))
        finally:
            end(served)
    return 0


def multiply_house(path: Path, guests: int) -> None:
    home = Home(path, durable=False)
    home.open()
    with home.postgres() as server:
        with psycopg.connect(server.admin_dsn("guestloop_segments")) as segments:
            row = segments.execute("select count(*) from guest").fetchone()
            assert row is not None, "aggregates return a row"
        for name in SERVICES:
            with psycopg.connect(server.admin_dsn(f"guestloop_{name}"), autocommit=True) as connection:
                multiply(connection, -(-guests // row[0]))
                connection.execute("vacuum analyze")


def multiply(connection: psycopg.Connection[tuple[object, ...]], times: int) -> None:
    """Each row of a large enough table so many times; triggers keep quiet, and nothing follows from it."""
    connection.execute("set session_replication_role = replica")
    tables = connection.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    for (table,) in tables.fetchall():
        if table == DUE:
            connection.execute(sql.SQL("delete from {}").format(sql.Identifier(DUE)))
        elif table not in APART and (statement := _copies(connection, str(table))):
            connection.execute(statement, {"times": times})


def _copies(connection: psycopg.Connection[tuple[object, ...]], table: str) -> sql.Composed | None:
    """None where it keeps few rows, or none with a number of their own. Where no number tells rows apart, the last text
    or the last bytes of a key do."""
    name = sql.Identifier(table)
    row = connection.execute(sql.SQL("select count(*) from {}").format(name)).fetchone()
    columns = [(str(one), str(kind)) for one, kind, is_made in connection.execute(COLUMNS, [table]) if not is_made]
    made = {str(one) for one, _, is_made in connection.execute(COLUMNS, [table]) if is_made}
    numbers = {one for one, kind in columns if kind == "uuid"}
    assert row is not None, "aggregates return a row"
    if not numbers or int(str(row[0])) < LEAST_ROWS:
        return None
    kinds, apart = dict(columns), set[str]()
    for (key,) in connection.execute(UNIQUE, [table]).fetchall():
        of_key = [str(one) for one in key]  # type: ignore[attr-defined]
        if not numbers.union(made).intersection(of_key):
            apart |= set([one for one in of_key if kinds[one] in ("text", "bytea")][-1:])
    values = [_copied(one, kind, one in apart) for one, kind in columns]
    return sql.SQL(
        "insert into {} ({}) select {} from {}, generate_series(2, %(times)s) as copy on conflict do nothing"
    ).format(name, sql.SQL(", ").join(sql.Identifier(one) for one, _ in columns), sql.SQL(", ").join(values), name)


def _copied(name: str, kind: str, is_apart: bool) -> sql.Composable:
    column = sql.Identifier(name)
    if kind == "uuid":
        return sql.SQL("md5({}::text || copy)::uuid").format(column)
    if is_apart:
        how = "sha256({} || copy::text::bytea)" if kind == "bytea" else "{} || '~' || copy"
        return sql.SQL(how).format(column)
    return column


def timed(page: Page) -> dict[str, float]:
    """By the path of a page the milliseconds it took at best."""
    found = {}
    for path in every_page(page).values():
        times = []
        for _ in range(TIMES):
            answer = page.goto(path)
            assert answer is not None and answer.ok, f"{path} was not shown"
            times.append(float(page.evaluate(TOOK)))
        found[path] = min(times)
    return found


def tell(found: dict[str, float]) -> None:
    late = sum(took > AIM for took in found.values())
    print(f"{len(found)} pages, {late} of them over {AIM} ms; the slowest:")
    for path, took in sorted(found.items(), key=lambda one: -one[1])[:15]:
        print(f"{took:8.0f} ms  {path}")


if __name__ == "__main__":
    sys.exit(main())
