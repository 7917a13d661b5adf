"""What a pair of guests scores, and by which reasons."""

from __future__ import annotations

from datetime import date

import pytest

from services.segments.rules.likeness.names import compare
from services.segments.rules.likeness.reasons import Reason
from services.segments.rules.likeness.score import FILED_FROM, Likened, likeness
from services.segments.rules.people.births import Births, births
from services.segments.rules.people.names import Name

N = Name
BORN = date(1980, 5, 4)
NAMES = [
    ("umlaut and its spelling", N("Jörg", "Müller"), N("Joerg", "Mueller"), Reason.SPELLING),
    ("one of three umlauts", N("Ana", "Müller"), N("Ana", "Mueller"), Reason.SPELLING),
    ("Nordic letters", N("Bjørn", "Åse"), N("Bjoern", "Ase"), Reason.SPELLING),
    ("a typo", N("Rita", "Cantu"), N("Rita", "Kantu"), Reason.TYPO),
    ("a missing letter", N("Rita", "Cantuu"), N("Rita", "Canntu"), Reason.SPELLING),
    ("letters swapped", N("Catherine", "Brown"), N("Cahterine", "Brown"), Reason.TYPO),
    ("a typo in both", N("Catherina", "Brown"), N("Caterina", "Browne"), Reason.TYPO),
    ("Cyrillic", N("Иван", "Петров"), N("Ivan", "Petrov"), Reason.OTHER_SCRIPT),
    ("Cyrillic, another romanisation", N("Юрий", "Алексеев"), N("Yuri", "Alekseev"), Reason.OTHER_SCRIPT),
    ("Greek", N("Μαρία", "Νικολάου"), N("Maria", "Nikolaou"), Reason.OTHER_SCRIPT),
    ("pinyin", N("三", "张"), N("San", "Zhang"), Reason.OTHER_SCRIPT),
    ("pinyin in one column", N("张三", ""), N("San", "Zhang"), Reason.OTHER_SCRIPT),
    ("pinyin of three characters", N("小明", "王"), N("Xiaoming", "Wang"), Reason.OTHER_SCRIPT),
    ("a family name read otherwise", N("国藩", "曾"), N("Guofan", "Zeng"), Reason.OTHER_SCRIPT),
    ("traditional and simplified", N("偉", "張"), N("伟", "张"), Reason.OTHER_SCRIPT),
    ("traditional and simplified in one column", N("張偉", ""), N("伟", "张"), Reason.OTHER_SCRIPT),
    ("traditional and pinyin", N("麗華", "陳"), N("Lihua", "Chen"), Reason.OTHER_SCRIPT),
    ("characters of one sound", N("伟", "张"), N("玮", "张"), Reason.SAME_SOUND),
    ("a married name", N("Rita", "Cantu"), N("Rita", "Lopes"), Reason.OTHER_FAMILY_NAME),
    ("the same", N("Rita", "Cantu"), N("RITA", "CANTU"), Reason.SAME_NAME),
    ("an initial", N("Rita", "Cantu"), N("R.", "Cantu"), Reason.SHORTER_NAME),
    ("brother and sister", N("Mario", "Costa"), N("Maria", "Costa"), Reason.OTHER_GIVEN_NAME),
    ("Gabriel and Gabriela", N("Gabriel", "Costa"), N("Gabriela", "Costa"), Reason.OTHER_GIVEN_NAME),
    ("short names", N("Ana", "Silva"), N("Eva", "Silva"), Reason.OTHER_GIVEN_NAME),
    ("two strangers", N("Rita", "Cantu"), N("João", "Lopes"), Reason.OTHER_NAME),
    ("two Chinese names", N("伟", "张"), N("娜", "李"), Reason.OTHER_NAME),
    ("nothing", N("", ""), N("Rita", "Cantu"), Reason.NO_NAME),
]  # fmt: skip


@pytest.mark.parametrize(("why", "one", "other", "expected"), NAMES, ids=[row[0] for row in NAMES])
def test_two_names_stand_to_each_other_so(why: str, one: Name, other: Name, expected: Reason) -> None:
    assert compare(one, other) is expected, why
    assert compare(other, one) is expected, why


BIRTHS = [
    (BORN, BORN, Births.SAME),
    (BORN, date(1980, 4, 5), Births.SLIP),
    (BORN, date(1981, 5, 4), Births.SLIP),
    (BORN, date(1980, 5, 14), Births.SLIP),
    (BORN, date(1955, 5, 4), Births.OTHER),
    (BORN, date(1981, 4, 5), Births.OTHER),
    (BORN, date(1900, 1, 1), Births.UNKNOWN),
    (BORN, None, Births.UNKNOWN),
]


@pytest.mark.parametrize(("one", "other", "expected"), BIRTHS)
def test_two_birth_dates_stand_to_each_other_so(one: date, other: date | None, expected: Births) -> None:
    assert births(one, other) is births(other, one) is expected


def guest(given: str, family: str, *, born: date | None = None, email: str = "", phone: str = "") -> Likened:
    emails, phones = frozenset({email} - {""}), frozenset({phone} - {""})
    return Likened((Name(given, family),), born, emails, phones)


RITA = guest("Rita", "Cantu", born=BORN, email="rita", phone="451")
FILED = [
    ("a typo beside an e-mail", guest("Rita", "Kantu", email="rita")),
    ("a typo beside a phone", guest("Rita", "Kantu", phone="451")),
    ("a typo beside the birth date", guest("Rita", "Kantu", born=BORN)),
    ("a married name, birth date and e-mail", guest("Rita", "Lopes", born=BORN, email="rita")),
    ("a married name, birth date and phone", guest("Rita", "Lopes", born=BORN, phone="451")),
    ("the same name and birth date", guest("Rita", "Cantu", born=BORN)),
    ("a digit of the birth date", guest("Rita", "Cantu", born=date(1981, 5, 4), email="rita")),
]
NOT_FILED = [
    ("a name alone", guest("Rita", "Cantu")),
    ("the birth date alone", guest("João", "Lopes", born=BORN)),
    ("a relative on one address", guest("João", "Cantu", email="rita")),
    ("a stranger on one address", guest("João", "Lopes", email="rita", phone="451")),
    ("a married name beside an e-mail alone", guest("Rita", "Lopes", email="rita")),
    ("another birth date", guest("Rita", "Cantu", born=date(1955, 4, 10), email="rita", phone="451")),
    ("a couple", guest("Rita & João", "Cantu", born=BORN, email="rita", phone="451")),
]


@pytest.mark.parametrize(("why", "other"), FILED, ids=[row[0] for row in FILED])
def test_this_pair_is_filed(why: str, other: Likened) -> None:
    found = likeness(RITA, other)
    assert FILED_FROM <= found.score <= 1 and found == likeness(other, RITA), (why, found)


@pytest.mark.parametrize(("why", "other"), NOT_FILED, ids=[row[0] for row in NOT_FILED])
def test_this_pair_is_not_filed(why: str, other: Likened) -> None:
    found = likeness(RITA, other)
    assert 0 <= found.score < FILED_FROM and found == likeness(other, RITA), (why, found)


def test_the_reasons_say_what_was_found() -> None:
    found = likeness(RITA, guest("Rita", "Kantu", born=date(1980, 4, 5), email="rita", phone="451"))
    assert found.reasons == (Reason.SAME_EMAIL, Reason.SAME_PHONE, Reason.TYPO, Reason.BIRTH_DATE_SLIP)


def test_a_corrected_name_counts_beside_what_sources_state() -> None:
    corrected = Likened((N("Rita", "Lopes"), N("Rita & João", "Cantu")), BORN, frozenset({"rita"}))
    assert likeness(corrected, guest("Rita", "Lopes", email="rita")).score > FILED_FROM


def test_every_reason_has_a_label_and_says_for_or_against() -> None:
    assert all(reason.label and isinstance(reason.bits, float | int) for reason in Reason)
