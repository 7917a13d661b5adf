"""Codes: drawn by chance, told apart from slips, added in sets, each once."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.messaging.codes_role import CodesRole
from services.messaging.commands.offers import adding
from services.messaging.commands.offers.adding import CodeFile, order_file, order_made, read_code_file
from services.messaging.commands.offers.editing import go_live, start_offer
from services.messaging.rules.offers.codes import ALPHABET, compared, is_code, is_mistyped, make_codes, shown
from services.messaging.store.offers import offers as store
from services.messaging.store.offers.offers import Kept
from shared.errors import Conflict, InputError, Problem
from shared.vocabulary.offer import OfferKind
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel
from tests.messaging.offers.offering import MIRA, add_all, offer, written

CODES = make_codes(200)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"))


def kept(hotel: Hotel, key: str = "winter") -> Kept:
    with hotel.database.transaction() as tx:
        found = store.offer(tx, key)
    assert found
    return found


def order(hotel: Hotel, content: bytes, key: str = "winter") -> None:
    file = read_code_file(BytesIO(content))
    with hotel.database.transaction() as tx:
        order_file(tx, kept(hotel, key), file, "codes.csv", str(uuid4()), by=MIRA, at=MONDAY)


def codes_in(file: CodeFile) -> list[str]:
    return file.content.decode().split()


def in_order(hotel: Hotel) -> list[str]:
    return [code for (code,) in hotel.all("select shown from offer_code order by seq")]


def test_a_code_has_letters_that_nobody_takes_for_others_and_none_comes_twice() -> None:
    codes = make_codes(20_000)
    assert len(set(codes)) == 20_000
    assert set("".join(codes)) == set(ALPHABET) and not set(ALPHABET) & set("0OQ1IL2Z5S8BU")
    assert not any(map(is_mistyped, codes))


def test_every_letter_comes_as_often_as_any_other() -> None:
    letters = "".join(code[:-1] for code in make_codes(20_000))
    expected = len(letters) / len(ALPHABET)
    assert all(abs(letters.count(letter) - expected) < 0.06 * expected for letter in ALPHABET)


@given(st.sampled_from(CODES), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_always_told(code: str, place: int, letter: str) -> None:
    slip = code[:place] + letter + code[place + 1 :]
    assert is_mistyped(slip) is (slip != code)


def test_two_letters_that_changed_places_are_always_told() -> None:
    for code in CODES:
        for place, (one, other) in enumerate(pairwise(code)):
            slip = code[:place] + other + one + code[place + 2 :]
            assert is_mistyped(slip) is (one != other)


@pytest.mark.parametrize("typed", ["7kgm-xw4p-9tca", " 7KGM XW4P 9TCA ", "7KGM–XW4P–9TCA", "７ＫＧＭＸＷ４Ｐ９ＴＣＡ"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert compared(typed) == "7KGMXW4P9TCA" and shown(compared(typed)) == "7KGM-XW4P-9TCA"


@pytest.mark.parametrize("text", ["", "---", "=1+1", "A;B", "x" * 41, "-" * 200 + "A", "A<b>"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert not is_code(text)


def test_what_is_ordered_is_made_to_the_last_one(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "MADE_AT_ONCE", 40)
    offer(hotel, count=100)
    assert hotel.all("select wanted, done, added, ended_at is not null from offer_batch") == [(100, 100, 100, True)]
    assert hotel.one("select count(*) from offer_code where offer = 'winter' and not taken") == 100


def test_a_code_that_chance_drew_again_is_made_up_for(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [CODES[:3], [CODES[0], CODES[0], CODES[3]], [CODES[4], CODES[5]]]
    monkeypatch.setattr(adding, "MADE_AT_ONCE", 3)
    monkeypatch.setattr(adding, "make_codes", lambda count: drawn.pop(0)[:count])
    offer(hotel, count=6)
    assert drawn == [] and sorted(map(compared, in_order(hotel))) == sorted(CODES[:6])


def test_a_form_sent_twice_orders_once(hotel: Hotel) -> None:
    offer(hotel)
    for _ in range(2):
        with hotel.database.transaction() as tx:
            order_made(tx, kept(hotel), 10, "the same form", by=MIRA, at=MONDAY)
    add_all(hotel)
    assert hotel.one("select count(*) from offer_code") == 10


def test_a_file_is_read_in_pieces_and_each_code_is_added_once(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "READ_AT_ONCE", 64)
    offer(hotel)
    lines = [f"SPA-{number:04}" for number in range(50)]
    order(hotel, "\n".join(["Code", *lines, lines[3], lines[4].lower()]).encode())
    role = CodesRole(hotel.database)
    assert role.next_due() == MONDAY
    while role.step(MONDAY):
        pass
    assert sorted(in_order(hotel)) == lines
    assert hotel.all("select done, added, content, ended_at is not null from offer_batch") == [(52, 50, None, True)]
    assert role.next_due() is None


def test_a_role_that_died_in_a_set_leaves_nothing_of_it_and_the_next_goes_on(
    hotel: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "READ_AT_ONCE", 64)
    offer(hotel)
    order(hotel, "\n".join(f"SPA-{number:04}" for number in range(20)).encode())
    with pytest.raises(RuntimeError), hotel.database.transaction() as tx:
        adding.add_next_set(tx, MONDAY)
        raise RuntimeError
    assert in_order(hotel) == []
    add_all(hotel)
    assert len(in_order(hotel)) == 20


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfcode;value\r\nA-1;10\r\nA-2;20\r\n",
        '"Code","Value"\n"A-1","10"\n"A-2","20"'.encode("utf-16"),
        b"A-1\nA-2\n\n",
    ],
)
def test_a_file_of_another_tool_is_read_by_its_first_column(content: bytes) -> None:
    assert codes_in(read_code_file(BytesIO(content))) == ["A-1", "A-2"]


def test_lines_that_hold_no_code_are_told_by_their_number() -> None:
    found = read_code_file(BytesIO("A-1\n=cmd()\n代码\n".encode()))
    assert (codes_in(found), found.refused, found.wrong) == (["A-1", "代码"], [(2, "=cmd()")], 1)


def test_a_code_of_another_offer_is_not_taken_over(hotel: Hotel) -> None:
    offer(hotel)
    offer(hotel, name="Summer")
    order(hotel, b"SPA-1\nSPA-2")
    add_all(hotel)
    order(hotel, b"spa 1\nSPA-3", "summer")
    add_all(hotel)
    assert dict(hotel.all("select shown, offer from offer_code")) == {
        "SPA-1": "winter",
        "SPA-2": "winter",
        "SPA-3": "summer",
    }


def test_a_word_that_another_offer_has_keeps_the_offer_a_draft(hotel: Hotel) -> None:
    offer(hotel, OfferKind.WORD, word="WINTER26")
    with pytest.raises(InputError) as refused, hotel.database.transaction() as tx:
        key = start_offer(tx, OfferKind.WORD, written("Again", word="winter-26"), by=MIRA, at=MONDAY)
        go_live(tx, key, by=MIRA, at=MONDAY)
    problem = refused.value.problems["word"]
    assert isinstance(problem, Problem) and problem.code == "word_taken"


def test_an_offer_by_one_word_takes_no_codes(hotel: Hotel) -> None:
    offer(hotel, OfferKind.WORD, word="WINTER26")
    with pytest.raises(Conflict):
        order(hotel, b"A-1")
