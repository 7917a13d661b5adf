"""A whole name in one cell: split where it can be told apart, whole where it cannot."""

from __future__ import annotations

import pytest

from services.segments.rules.people.full_names import split_name
from services.segments.rules.people.names import Name


@pytest.mark.parametrize(
    ("text", "given", "family"),
    [
        ("John Smith", "John", "Smith"),
        ("Mr. John Smith", "John", "Smith"),
        ("Smith, John", "John", "Smith"),
        ("SMITH/JOHN MR", "JOHN", "SMITH"),
        ("ZHANG/WEI", "WEI", "ZHANG"),
        ("Maria da Silva", "Maria", "da Silva"),
        ("Ludwig van der Berg", "Ludwig", "van der Berg"),
        ("DUPONT Jean", "Jean", "DUPONT"),
        ("Jean-Luc DE LA TOUR", "Jean-Luc", "DE LA TOUR"),
        ("JOHN SMITH", "JOHN", "SMITH"),
        ("John F. Smith", "John F.", "Smith"),
        ("Smith", "", "Smith"),
        ("Frau Müller", "", "Müller"),
        ("张伟", "伟", "张"),
        ("张 伟", "伟", "张"),
        ("王小明", "小明", "王"),
        ("欧阳娜娜", "娜娜", "欧阳"),
        ("李女士", "", "李"),
        ("김철수", "철수", "김"),
        ("  John   Smith ", "John", "Smith"),
        ("", "", ""),
    ],
)
def test_a_name_is_split_where_it_can_be_told_apart(text: str, given: str, family: str) -> None:
    assert split_name(text) == Name(given, family)


@pytest.mark.parametrize(
    "text",
    [
        "John & Mary Smith", "John and Mary Smith", "Hans und Eva Müller", "João e Maria Silva", "José y Ana López",
        "Paul et Marie Petit", "张伟和李娜", "张伟、李娜", "John Smith / Mary Jones", "山田太郎", "卡尔·马克思",
    ],
)  # fmt: skip
def test_a_couple_and_what_cannot_be_told_apart_stay_whole(text: str) -> None:
    assert split_name(text) == Name("", text)
