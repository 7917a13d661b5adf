"""Guests found by parts: of names however they are written, of numbers and of addresses, by whoever may."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.segments.clock import SearchIndex
from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.finding.index_search import FIRST, index_next, index_search_again, pieces_of
from services.segments.commands.guests.corrections import correct
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.queries.guests.finding import Wish, find_guests
from services.segments.rules.people.corrections import Field
from services.segments.rules.reservations import Reservation
from services.segments.rules.search.question import readings
from services.segments.rules.search.reasons import How, Known, hits
from services.segments.rules.search.spellings import begun, pieces_of_word, whole, with_a_slip, words_of_name
from services.segments.store.finding.search_rows import findable
from shared.access.scope import EVERYWHERE, Scope, scope_of
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from tests.cast import ADA, ANTON, FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, row, rows_of
from tests.segments.test_pages_guests import desk
from tests.web import words

MORNING = datetime(2026, 9, 1, 6, tzinfo=UTC)
MUELLER = row(1, name="Jörg Müller", email="j.mueller82@rheinwerk.example.com", phone="+447700900123")
SILVA = row(20240002, name="Ana Maria Conceição Silva", email="ana_silva@example.com", phone="+447700905678")
ZHANG = replace(
    row(3), property="SHA", reservation="BUND-77123", given_name="伟", family_name="张", phone="+447700905679"
)
OBRIEN = row(4, name="Siobhán O'Brien")
FONTAINE = row(5, name="Jean-Luc de la Fontaine")
IVAN = row(6, name="Иван Петров")
EVERYBODY = (MUELLER, SILVA, ZHANG, OBRIEN, FONTAINE, IVAN)


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, *EVERYBODY)
    return database


def bring(database: Database, *rows: Reservation, at: datetime = MORNING) -> None:
    with database.transaction() as tx:
        enter(tx, list(rows), at, EntryOptions(booking_only=False, initial=True, lane=None))
    settle(database)


def settle(database: Database) -> None:
    clock = SearchIndex(database, VirtualClock(NOW))
    while clock.step(NOW):
        pass


def found(database: Database, text: str, scope: Scope = EVERYWHERE, *, contacts: bool = True) -> list[str]:
    with database.transaction() as tx:
        return [one.given_name for one in find_guests(tx, Wish(text), scope, contacts=contacts).guests]


def how(database: Database, text: str) -> list[tuple[How, ...]]:
    with database.transaction() as tx:
        page = find_guests(tx, Wish(text), EVERYWHERE, contacts=True)
        return [tuple(hit.how for hit in page.hits[one.id]) for one in page.guests]


@pytest.mark.parametrize(
    ("text", "given_name", "ways"),
    [
        ("Müller", "Jörg", [How.NAME]),
        ("muller jorg", "Jörg", [How.NAME, How.NAME]),
        ("Mueller, Joerg", "Jörg", [How.SPELLING, How.SPELLING]),
        ("MUELL", "Jörg", [How.SPELLING]),
        ("mül jö", "Jörg", [How.BEGINNING, How.BEGINNING]),
        ("Herr Müller", "Jörg", [How.NAME]),
        ("Miller", "Jörg", [How.SLIP]),
        ("ilva", "Ana Maria Conceição", [How.SLIP]),
        ("Mulelr", "Jörg", [How.SLIP]),
        ("silva conceicao ana", "Ana Maria Conceição", [How.NAME, How.NAME, How.NAME]),
        ("silva maria 5678", "Ana Maria Conceição", [How.NAME, How.NAME, How.PHONE]),
        ("0905 678", "Ana Maria Conceição", [How.PHONE]),
        ("07700 905678", "Ana Maria Conceição", [How.PHONE]),
        ("240002", "Ana Maria Conceição", [How.RESERVATION]),
        ("LIS-2024", "Ana Maria Conceição", [How.RESERVATION]),
        ("lis 4000", "Ana Maria Conceição", None),
        ("rheinw", "Jörg", [How.EMAIL]),
        ("mueller82", "Jörg", [How.EMAIL]),
        ("mueller82@rhein", "Jörg", [How.EMAIL]),
        ("bund-77", "伟", [How.RESERVATION]),
        ("7712", "伟", [How.RESERVATION]),
        ("张伟", "伟", [How.NAME]),
        ("張偉", "伟", [How.NAME]),
        ("张", "伟", [How.NAME]),
        ("伟", "伟", [How.NAME]),
        ("张先生", "伟", [How.NAME]),
        ("zhang wei", "伟", [How.SPELLING, How.SPELLING]),
        ("wei zhang", "伟", [How.SPELLING, How.SPELLING]),
        ("zhangwei", "伟", [How.SPELLING]),
        ("Zhāng Wěi", "伟", [How.SPELLING, How.SPELLING]),
        ("zhangw", "伟", [How.SPELLING]),
        ("obrien siobhan", "Siobhán", [How.NAME, How.NAME]),
        ("o\u2019brien", "Siobhán", [How.NAME]),
        ("brien", "Siobhán", [How.NAME]),
        ("jeanluc fontaine", "Jean-Luc de la", None),
        ("ivan petrov", "Иван", [How.SPELLING, How.SPELLING]),
        ("Петров", "Иван", [How.NAME]),
    ],
)
def test_a_guest_is_found_by_a_part(segments: Database, text: str, given_name: str, ways: list[How] | None) -> None:
    assert found(segments, text) == ([] if text == "lis 4000" else [given_name])
    if ways is not None:
        assert how(segments, text) == [tuple(ways)]


@pytest.mark.parametrize(
    "text", ["567", "silva mueller", "@example", "5679 silva", "4002x", "xyz", "--", "'", "% _", "\\"]
)
def test_nobody_is_found_by_what_agrees_with_nothing(segments: Database, text: str) -> None:
    assert found(segments, text) == (["Ana Maria Conceição"] if text == "@example" else [])


def test_a_chinese_name_also_finds_who_is_written_as_it_sounds(segments: Database) -> None:
    bring(segments, row(9, name="Wei Chang"), row(10, name="Wei Zhang"))
    assert found(segments, "张伟") == ["伟"]
    assert set(found(segments, "zhang wei")) == {"伟", "Wei"}
    bring(segments, row(11, name="Xiaoming Liu"))
    assert found(segments, "刘小明") == ["Xiaoming"]


def test_whole_words_come_before_beginnings_and_these_before_slips(segments: Database) -> None:
    names = ("Berta Marlene", "Cora Marlen", "Dora Marlenson", "Anna Marten")
    bring(segments, *(row(100 + place, name=name) for place, name in enumerate(names)))
    assert found(segments, "marlen") == ["Cora", "Berta", "Dora", "Anna"]


def test_more_than_can_be_listed_is_said_and_read_page_by_page(segments: Database) -> None:
    bring(segments, *(row(1000 + n, name=f"Ana Pereira{n:04}") for n in range(1010)))
    text = words(desk(segments, MARTA).get("/segments/guests?q=ana"))
    assert "More than 1,000 guests match" in text
    seen, after = list[str](), ""
    while True:
        with segments.transaction() as tx:
            page = find_guests(tx, Wish("ana p", after=after), EVERYWHERE)
        seen += [one.family_name for one in page.guests]
        if not (after := page.next_key):
            break
    assert seen == sorted(set(seen)) and len(seen) >= 1000


@pytest.mark.parametrize(
    ("who", "text", "names"),
    [
        (FILIPA, "5678", {"Silva"}),
        (FILIPA, "5679", set()),  # at another hotel
        (WEI, "5679", {"张伟"}),
        (ADA, "5679", {"张伟"}),
        (ANTON, "5679", set()),
        (MARTA, "5678", set()),
        (MARTA, "ana_silva", {"Silva"}),  # by name: as two words
        (MARTA, "rheinwerk", set()),
        (MARTA, "mueller82", set()),
        (MARTA, "+44 7700 905678", {"Silva"}),  # a whole number that is known already
        (FILIPA, "bund-77", set()),
        (FILIPA, "张", set()),
        (WEI, "müller", set()),
        (WEI, "muller", set()),
    ],
)
def test_a_search_tells_nobody_what_they_may_not_see(
    segments: Database, who: Member, text: str, names: set[str]
) -> None:
    page = desk(segments, who).get(f"/segments/guests?{urlencode({'q': text})}").get_data(as_text=True)
    cells = " ".join(re.findall(r'<td class="cell-name">.*?</td>', page, re.DOTALL))
    assert {name for name in ("Silva", "Müller", "张伟") if name in cells} == names
    assert "@example.com" not in cells and "@rheinwerk" not in page


def test_a_guest_of_two_hotels_is_not_found_by_the_reservation_of_the_other(segments: Database) -> None:
    both = replace(row(9), property="SHA", reservation="SECRET-9912", given_name="Jörg", family_name="Müller",
                   email="j.mueller82@rheinwerk.example.com", phone="+447700900123")  # fmt: skip
    bring(segments, both)
    lisbon = scope_of(["LIS"])
    assert found(segments, "9912") == ["Jörg"] and found(segments, "müller", lisbon) == ["Jörg"]
    for text in ("9912", "SECRET-9912", "secret"):
        assert found(segments, text, lisbon) == []


def test_why_a_guest_was_found_is_said_and_what_was_tried(segments: Database) -> None:
    filipa = desk(segments)
    for text, line in (
        ("miller", "«miller» is one letter away from the name"),
        ("mueller", "«mueller» is another spelling of the name"),
        ("5678", "a phone number ends with «5678»"),
        ("ana_s", ""),
        ("rheinwerk", "«rheinwerk» is in an e-mail address"),
        ("240002", "reservation LIS-20240002"),
    ):
        assert line in words(filipa.get(f"/segments/guests?{urlencode({'q': text})}")), text
    empty = words(filipa.get("/segments/guests?q=nobody+4711"))
    assert "as a name with one letter wrong" in empty and "as the end of a phone number" in empty
    assert "the end of a phone number" not in words(desk(segments, MARTA).get("/segments/guests?q=nobody+4711"))


def pieces(database: Database, stay: Reservation) -> int:
    return len(rows_of(database, f"select unnest(found_by) from guest_search where guest_id = '{guest_of(stay)}'"))


def guest_of(stay: Reservation) -> str:
    return str(stay.key().guest_id())


def test_the_search_follows_a_correction_a_removed_number_a_merge_and_its_end(segments: Database) -> None:
    at, mueller, silva = NOW, MUELLER.key().guest_id(), SILVA.key().guest_id()
    with segments.transaction() as tx:
        version = tx.execute("select version from guest where id = %s", [silva]).fetchall()[0][0]
        correct(tx, silva, version, {Field.NAME: ("Ana", "Saldanha")}, "Ada", at)
    settle(segments)
    assert found(segments, "saldanha") == ["Ana"] and found(segments, "conceição") == ["Ana"]
    with segments.transaction() as tx:
        merge_guests(tx, mueller, silva, "Ada", at)
    settle(segments)
    for text in ("müller", "0123", "5678", "000001", "240002", "saldanha"):
        assert found(segments, text) == ["Ana"], text
    assert rows_of(segments, f"select from guest_search where guest_id = '{mueller}'") == []
    with segments.transaction() as tx:
        unmerge_guest(tx, mueller, "Ada", at)
    settle(segments)
    for text, name in (("müller", "Jörg"), ("0123", "Jörg"), ("5678", "Ana"), ("000001", "Jörg"), ("240002", "Ana")):
        assert found(segments, text) == [name], text


def test_an_erased_guest_leaves_no_row_and_is_found_by_nothing(segments: Database) -> None:
    with segments.transaction() as tx:
        erase_guest(tx, SILVA.key().guest_id(), "Ada", NOW, lambda _: None)
    for table in ("guest_search", "guest_search_due"):
        assert rows_of(segments, f"select from {table} where guest_id = '{guest_of(SILVA)}'") == []
    settle(segments)
    assert rows_of(segments, f"select from guest_search where guest_id = '{guest_of(SILVA)}'") == []
    for text in ("silva", "5678", "ana_silva@example.com", "240002", "LIS-20240002"):
        assert found(segments, text) == []


def test_whoever_is_erased_while_their_row_is_written_gets_none(segments: Database) -> None:
    """The writer leaves a guest who is being changed, and takes them again afterwards."""
    bring(segments)
    with segments.transaction() as tx:
        tx.execute("update guest set family_name = 'Nova' where id = %s", [SILVA.key().guest_id()])
    with segments.transaction() as erasing:
        erase_guest(erasing, SILVA.key().guest_id(), "Ada", NOW, lambda _: None)
        with segments.transaction() as writing:
            assert index_next(writing) == 0
    settle(segments)
    assert rows_of(segments, f"select from guest_search where guest_id = '{guest_of(SILVA)}'") == []
    assert rows_of(segments, "select from guest_search_due") == []


def test_a_change_that_is_not_committed_is_not_taken_for_done(segments: Database) -> None:
    stay = row(7, name="Jörg Müller", email="j.mueller82@rheinwerk.example.com")
    with segments.transaction() as entering:
        enter(entering, [stay], MORNING, EntryOptions(booking_only=False, initial=True, lane=None))
        settle(segments)
    assert found(segments, "000007") == []
    settle(segments)
    assert found(segments, "000007") == ["Jörg"]


def test_a_new_guest_is_found_by_name_before_they_are_written(segments: Database) -> None:
    with segments.transaction() as tx:
        enter(tx, [row(8, name="Nuno Novo")], MORNING, EntryOptions(booking_only=False, initial=True, lane=None))
    assert found(segments, "nov nuno") == ["Nuno"] and found(segments, "LIS-000008") == ["Nuno"]


def test_while_a_file_is_entered_the_writing_waits_but_not_for_ever(segments: Database) -> None:
    with segments.transaction() as tx:
        tx.execute("insert into import_run (id, source, started_at) values (gen_random_uuid(), 'pms', %s)", [NOW])
        tx.execute("update guest set family_name = 'Nova' where family_name = 'Silva'")
    search = SearchIndex(segments, VirtualClock(NOW))
    assert search.step(NOW + timedelta(minutes=14)) == 0
    assert search.next_due() == NOW + timedelta(minutes=15)
    assert search.step(NOW + timedelta(minutes=15)) == 1 and search.next_due() is None
    with segments.transaction() as tx:
        tx.execute("update import_run set ended_at = %s", [NOW + timedelta(minutes=2)])
        tx.execute("update guest set family_name = 'Nova' where family_name = 'Petrov'")
        tx.execute("update guest set family_name = 'Silva' where family_name = 'Nova'")
    assert search.step(NOW + timedelta(minutes=2, seconds=59)) == 0
    assert search.step(NOW + timedelta(minutes=3)) == 1


def test_keyed_pieces_are_turned_along(segments: Database) -> None:
    older = segments.keyring
    ring = KeyRing.parse("point.9=" + "A" * 43 + "=", older.text())
    turning = Database(segments.dsn, service="segments", keyring=ring)
    try:
        assert found(turning, "5678") == ["Ana Maria Conceição"]  # written under the older key
        after: UUID | None = FIRST
        moved = 0
        while after is not None:
            with turning.transaction() as tx:
                after, some = index_search_again(tx, after, 2)
            moved += some
        assert moved == len(EVERYBODY)
        assert rows_of(turning, "select distinct point_key from guest_search") == [("point.9",)]
        assert found(turning, "5678") == ["Ana Maria Conceição"] and found(segments, "5678") == []
    finally:
        turning.close()


def test_what_a_row_holds_of_addresses_and_numbers_tells_nothing_without_the_key(segments: Database) -> None:
    """Names and reservations stand plainly beside it, and their pieces need none."""
    other = KeyRing.parse("point.9=" + "A" * 43 + "=", segments.keyring.text())
    with segments.transaction() as tx:
        (guest,) = findable(tx, [SILVA.key().guest_id()])
    mine, theirs = (pieces_of(guest, ring) for ring in (segments.keyring, other))
    assert len(guest.points) == 2 and mine != theirs
    assert mine & theirs == pieces_of(replace(guest, points=[]), other)
    kept = rows_of(segments, f"select unnest(found_by) from guest_search where guest_id = '{guest_of(SILVA)}'")
    assert {piece for (piece,) in kept} == mine


LETTERS = "abcdefghijklmnopqrstuvwxyzßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿāăąćčďđēęěğīįıķļłńňőœŕřśşšťůűųźżžŧ"
WORD = st.text(LETTERS, min_size=5, max_size=12)
ACCENTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "å": "aa", "ß": "ss", "œ": "oe"}


@st.composite
def slipped(draw: st.DrawFn, word: str) -> str:
    """With one letter wrong, missing, too many or, where each is one letter however written, swapped."""
    place, letter = draw(st.integers(0, len(word) - 2)), draw(st.sampled_from("abdfgilmnorstuz"))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    ways = [
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
    ]
    return draw(st.sampled_from([*ways, swapped] if word[place : place + 2].isascii() else ways))


def plain(word: str) -> str:
    return "".join(ACCENTS.get(c, c) for c in word)


STEPS: Mapping[str, Callable[[str], list[int]]] = {
    "whole": whole,
    "begun": begun,
    "slip": lambda word: [*whole(word), *begun(word), *with_a_slip(word)],
}


def is_found(text: str, given: str, family: str, step: str = "slip") -> bool:
    """As the index and then the comparison find a guest of that name."""
    row = set[int]().union(*(pieces_of_word(word) for word in words_of_name(given, family)))
    for reading in readings(text):
        ways = (
            {
                *whole(one.text),
                *(begun(one.text) if step != "whole" else ()),
                *(with_a_slip(one.text) if step == "slip" else ()),
            }
            for one in reading
        )
        if all(way & row for way in ways) and hits(reading, Known(((given, family),))) is not None:
            return True
    return False


@settings(max_examples=150, deadline=None)
@given(st.data(), WORD, WORD)
def test_a_name_is_found_however_it_is_written(data: st.DataObject, given: str, family: str) -> None:
    assert is_found(f"{family.title()} {given.upper()}", given, family, "whole")
    assert is_found(f"{plain(family)} {plain(given)}", given, family, "whole")
    assert is_found(f"{given} {family}", plain(given), plain(family), "whole")
    assert is_found(f"{family[:3]} {given[:2]}", given, family, "begun")
    for word in (family, plain(family)):
        assert is_found(f"{data.draw(slipped(word))} {given}", given, family)
    if "å" not in family:  # where å stands for aa, a slip beside it is two
        assert is_found(f"{given} {data.draw(slipped(family))}", given, plain(family))
