"""How long it takes to find a guest among many, and to make them findable: `python -m tests.bench.search [guests]`.

By default 1,000,000 guests of three hotels with their names, addresses, numbers and reservations: names that thousands
bear and names of one family. Each kind of question is asked 40 times, each time for another guest, as somebody who sees
all hotels and as somebody who sees one; it is a page of the list with the reasons. Limit: 100 ms in 95 of 100 cases.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter, process_time
from typing import TypeVar
from uuid import UUID

import psycopg

from services.segments.commands.finding.index_search import index_next
from services.segments.queries.guests.finding import Page, Wish, find_guests
from services.segments.store.finding.search_rows import any_due
from shared.access.scope import EVERYWHERE, Scope, scope_of
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database, Tx
from tests.bench.ground import databases
from tests.febrl_like import LETTERS, _words, people

AT = datetime(2026, 11, 21, tzinfo=UTC)
ASKED = 40
HOTELS = ("LIS", "SHA", "ALG")
T = TypeVar("T")
ONE_HOTEL = scope_of(["ALG"])
CHINESE = ("zhang", "wang", "li")
SYLLABLES = _words("ba be bo da der el fan gar han in ka kel la lo mar mi na nor o pe ra ri sa sen ta ter ul va ver wi")


@dataclass(frozen=True)
class Guest:
    number: int
    given: str
    family: str
    email: str
    phone: str

    @property
    def id(self) -> UUID:
        return UUID(int=self.number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)

    @property
    def hotel(self) -> str:
        return HOTELS[0 if self.number % 10 < 6 else 1 if self.number % 10 < 9 else 2]

    def reservations(self) -> Iterator[str]:
        yield f"{self.hotel}{20_000_000 + self.number * 7}"
        if self.number % 2:
            yield f"{self.hotel}{60_000_000 + self.number * 13}"


def guests(count: int) -> Iterator[Guest]:
    chance = Random(11)
    for number, one in enumerate(people(7, count, 0)):
        family = one.family
        if family.isascii() and chance.random() < 0.4:
            family = "".join(chance.choices(SYLLABLES, k=chance.choice((3, 3, 4)))).title()
        letters = "".join(c for c in f"{one.given}.{family}".lower() if c in LETTERS + ".")
        email = f"{letters.strip('.') or 'guest'}{chance.randrange(10_000)}@house{chance.randrange(5_000)}.example.com"
        yield Guest(number, one.given, family, email, f"+4477{chance.randrange(10**8):08}")


KINDS: dict[str, Callable[[Random, Guest], str]] = {
    "a family name": lambda _, one: one.family,
    "given and family name": lambda _, one: f"{one.given} {one.family}",
    "beginnings, the other way round": lambda _, one: f"{one.family[:3]} {one.given[:2]}",
    "one letter": lambda _, one: one.family[:1],
    "a name with one letter wrong": lambda chance, one: f"{slip(chance, one.family.split()[0])} {one.given}",
    "a name that nobody bears": lambda chance, _: "".join(chance.choices("qxzvwj", k=7)),
    "Chinese names in pinyin": lambda chance, _: f"{chance.choice(CHINESE)} {chance.choice(('wei', 'min'))}",
    "the last four digits": lambda _, one: one.phone[-4:],
    "four digits and a name": lambda _, one: f"{one.given} {one.phone[-4:]}",
    "a phone number but its country": lambda _, one: f"0{one.phone[3:]}",
    "part of a reservation number": lambda _, one: next(one.reservations())[-6:],
    "part of an e-mail address": lambda _, one: one.email.partition("@")[0].rpartition(".")[2],
    "a whole e-mail address": lambda _, one: one.email,
}  # fmt: skip


def slip(chance: Random, word: str) -> str:
    place = chance.randrange(len(word))
    return word[:place] + chance.choice(LETTERS) + word[place + 1 :]


def main(count: int) -> None:
    with databases(KeyRing.fresh()) as make:
        database = make("segments")
        bring(database, count)
        began, worked = perf_counter(), process_time()
        while _in(database, any_due):
            _in(database, index_next)
        worked, took = process_time() - worked, perf_counter() - began
        print(f"{count:,} guests made findable in {took:.0f} s ({worked:.0f} s of Python's)")
        with psycopg.connect(database.dsn, autocommit=True) as connection:
            connection.execute("vacuum analyze")
        table, index = _in(database, lambda tx: tx.execute(SIZES).fetchall()[0])
        print(f"the table {table / 2**20:.0f} MB, its index {index / 2**20:.0f} MB", flush=True)
        chance = Random(5)
        some = {chance.randrange(count) for _ in range(ASKED)}
        whom = [one for one in guests(count) if one.number in some]
        for scope, what in ((EVERYWHERE, "all hotels"), (ONE_HOTEL, "one hotel of three")):
            print(f"as somebody who sees {what}: ms at the middle, at 95 of 100, the worst; guests listed")
            for kind, question in KINDS.items():
                measure(database, kind, [question(chance, one) for one in whom], scope)


def measure(database: Database, kind: str, questions: list[str], scope: Scope) -> None:
    taken, listed = list[float](), 0
    for text in questions:
        began = perf_counter()
        page = asked(database, text, scope)
        taken.append((perf_counter() - began) * 1000)
        listed += len(page.guests)
    taken.sort()
    middle, late = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
    print(f"{kind:>34}: {middle:6.1f} {late:6.1f} {taken[-1]:6.1f}; {listed / len(questions):4.1f}", flush=True)


def asked(database: Database, text: str, scope: Scope) -> Page:
    with database.transaction() as tx:
        return find_guests(tx, Wish(text), scope, contacts=True)


def _in(database: Database, work: Callable[[Tx], T]) -> T:
    with database.transaction() as tx:
        return work(tx)


SIZES = "select pg_table_size('guest_search'), pg_relation_size('guest_search_found_by')"


def bring(database: Database, count: int) -> None:
    began = perf_counter()
    ring, day = database.keyring, date(2026, 5, 1)
    with database.transaction() as tx:
        tx.execute("create temp table brought (id uuid, given text, family text, hotel text, channel text, point text,"
                   " address text, reservations text[], day date)")  # fmt: skip
        with tx.copy("copy brought from stdin") as copy:
            for one in guests(count):
                for channel, address in (("email", one.email), ("sms", one.phone)):
                    copy.write_row((one.id, one.given, one.family, one.hotel, channel, ring.index(channel, address),
                                    ring.seal(address, Sealing.CONTACT), list(one.reservations()),
                                    day + timedelta(days=one.number % 200)))  # fmt: skip
        for statement in FILL:
            tx.execute(statement, {"at": AT})
    print(f"{count:,} guests brought in {perf_counter() - began:.0f} s", flush=True)


FILL = (
    """
    insert into property_known (code, version, name, zone, country, legal_entity, told_of_survey)
    select code, 1, code, 'Europe/Lisbon', 'PT', 'one', true from unnest(array['LIS', 'SHA', 'ALG']) as code
    """,
    """
    insert into guest (id, version, given_name, family_name, home_zone, home_property, first_said_at,
                       first_reservation, created_at, changed_at)
    select id, 1, given, family, 'Europe/Lisbon', hotel, %(at)s, 'R', %(at)s, %(at)s from brought where channel = 'sms'
    """,
    """
    insert into contact_point (point, channel, address_sealed, kind, guests)
    select distinct on (point) point, channel, address, 'personal', 1 from brought
    """,
    """
    insert into guest_point (guest_id, point, channel, said_at, source_ref)
    select id, point, channel, %(at)s, 'R' from brought
    """,
    """
    insert into guest_facts (guest_id, home_zone, tags, email_personal, sms_personal, stays, nights, spend, bookings,
                             in_house, cancellations, no_shows)
    select id, 'Europe/Lisbon', '{}', true, true, 1, 2, 0, 0, 0, 0, 0 from brought where channel = 'sms'
    """,
    """
    insert into stay (id, version, source, property, reservation, guest_id, zone, status, booked_on, booked_at, arrival,
                      departure, nights, checked_out_at, checked_out_on, lead_days, row_hash, changed_at)
    select md5(reservation)::uuid, 1, 'pms', hotel, reservation, id, 'Europe/Lisbon', 'checked_out', day, %(at)s, day,
           day + 2, 2, %(at)s, day + 2, 0, '', %(at)s
    from brought, unnest(reservations) as reservation where channel = 'sms'
    """,
)

if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
