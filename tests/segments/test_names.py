"""The table of names: which two may be one person's beside an address they share, and which not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from services.segments.rules.people.names import Name, _words, compatible, fold, full, fuller

N = Name
COMPATIBLE = [
    ("equal", N("Rita", "Cantu"), N("Rita", "Cantu")),
    ("case", N("RITA", "CANTU"), N("Rita", "Cantu")),
    ("accents", N("Mário", "Gonçalves"), N("Mario", "Goncalves")),
    ("letters without a plain base", N("Gunløgh", "Łuk"), N("Gunlogh", "Luk")),
    ("initial", N("R.", "Cantu"), N("Rita", "Cantu")),
    ("initial of the first of two given names", N("A.", "Silva"), N("Ana Maria", "Silva")),
    ("swapped columns", N("Zhang", "Wei"), N("Wei", "Zhang")),
    ("Han in one column", N("张伟", ""), N("伟", "张")),
    ("hyphen", N("Jean-Pierre", "Fort"), N("Jean Pierre", "Fort")),
    ("apostrophe", N("Sean", "O’Neil"), N("Sean", "ONeil")),
    ("title in the name", N("Dr. Rita", "Cantu"), N("Rita", "Cantu")),
    ("particle left out", N("João", "da Silva"), N("João", "Silva")),
    ("subset of four parts", N("Ana Maria", "Silva Costa"), N("Ana", "Costa")),
    ("no case", N("夏美", "早乙女"), N("夏美", "早乙女")),
]
NOT_COMPATIBLE = [
    ("another given name", N("Ana", "Silva"), N("João", "Silva")),
    ("another family name", N("Ana", "Silva"), N("Ana", "Costa")),
    ("a typo", N("Rita", "Cantu"), N("Rita", "Cantuu")),
    ("another initial", N("M.", "Cantu"), N("Rita", "Cantu")),
    ("a bare family name", N("", "Silva"), N("João", "Silva")),
    ("initials only", N("R.", "C."), N("Rita", "Cantu")),
    ("an initial in a swapped name", N("A.", "Scott"), N("Scott", "Adams")),
    ("another Han character", N("伟", "张"), N("玮", "张")),
    ("a voiced kana is another letter", N("かな", "田"), N("がな", "田")),
    ("nothing", N("", ""), N("", "")),
    ("nothing beside something", N("", ""), N("Rita", "Cantu")),
]


@pytest.mark.parametrize(("why", "one", "other"), COMPATIBLE, ids=[row[0] for row in COMPATIBLE])
def test_these_names_may_be_one_persons(why: str, one: Name, other: Name) -> None:
    assert compatible(one, other), why
    assert compatible(other, one), why


@pytest.mark.parametrize(("why", "one", "other"), NOT_COMPATIBLE, ids=[row[0] for row in NOT_COMPATIBLE])
def test_these_names_are_two_persons(why: str, one: Name, other: Name) -> None:
    assert not compatible(one, other), why
    assert not compatible(other, one), why


def test_an_initial_or_a_bare_name_is_no_full_name() -> None:
    assert full(N("Rita", "Cantu"))
    assert full(N("伟", "张"))
    assert not full(N("R.", "Cantu"))
    assert not full(N("", "Cantu"))


def test_the_fuller_name_is_the_one_with_more_words_then_letters_then_accents_then_proper_case() -> None:
    assert fuller(N("Rita", "Cantu"), N("R.", "Cantu"))
    assert fuller(N("Ana Maria", "Silva"), N("Ana", "Silva"))
    assert fuller(N("Mário", "Gonçalves"), N("Mario", "Goncalves"))
    assert fuller(N("Rita", "Cantu"), N("RITA", "CANTU"))
    assert not fuller(N("Rita", "Cantu"), N("Rita", "Cantu"))


@given_that(st.text(string.printable, max_size=20))
def test_a_plain_name_is_read_as_one_with_other_letters_is(text: str) -> None:
    assert fold(f"{text}é") == f"{fold(text)}e"
    assert _words(f"{text} é") == (*_words(text), "e")
