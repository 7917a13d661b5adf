"""The table of couples: which written names are two people's, and which real names only look so."""

from __future__ import annotations

import string

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from shared.vocabulary.couples import MAYBE, _deserves_a_look, names_two

TWO = [
    ("John and Mary", "Smith"), ("John & Mary", "Smith"), ("John&Mary", "Smith"), ("John + Mary", "Smith"),
    ("John/Mary", "Smith"), ("Mario/Maria", "Costa"), ("John", "Smith & Jones"), ("John", "Smith/Jones"),
    ("", "John and Mary Smith"), ("John and Mary Smith", ""), ("John &amp; Mary", "Smith"),
    ("Mr & Mrs", "Smith"), ("", "Mr & Mrs Smith"), ("", "Mr. and Mrs. Smith"), ("Mr/Mrs", "Smith"),
    ("", "Herr und Frau Müller"), ("Hans und Inge", "Müller"), ("Hans u. Inge", "Müller"),
    ("Jean et Marie", "Dupont"), ("Juan y María", "García"), ("JUAN Y MARIA", "GARCIA"),
    ("João e Maria", "Silva"), ("", "João e Maria Silva"), ("João e Maria", ""), ("Sr. y Sra.", "García"),
    ("", "张伟和李娜"), ("张伟和李娜", ""), ("张伟与李娜", ""), ("张伟、李娜", ""), ("张伟 和 李娜", ""),
    ("張偉與李娜", ""), ("张先生夫妇", ""), ("Иван и Мария", "Петровы"), ("John", "and Mary Smith"),
    ("John &", "Mary Smith"), ("Familie", "Müller"), ("John Smith; Mary Smith", ""), ("JOHN AND MARY", "SMITH"),
    ("", "John Smith/Mary Jones"), ("Juan", "Pérez & López"), ("", "Juan Pérez y María López"),
    ("Ole og Kari", "Hansen"),
]  # fmt: skip
ONE = [
    ("Juan", "de la Cruz y García"), ("José", "Ortega y Gasset"), ("", "José Ortega y Gasset"),
    ("Hans", "Anderson"), ("Ana", "Costa e Silva"), ("Ana E.", "Silva"), ("Ana E", "Silva"), ("E.", "Silva"),
    ("Y", "Nguyen"), ("Ý", "Nguyễn"), ("Thi Y Nhi", "Tran"), ("THI Y NHI", "TRAN"), ("和平", "王"),
    ("王和平", ""), ("", "山本和香子"), ("和也", "山田"), ("美和子", "高橋"), ("大和", ""), ("与之", "林"),
    ("欧阳和平", ""), ("Kumar s/o Raman", ""), ("Siti A/P", "Kumar"), ("", "SMITH/JOHN MR"),
    ("", "Smith/John Mr"), ("Andy", "Sand"), ("Metin", "And"), ("Et-Tayeb", "Und"), ("", ""),
    ("Yves", "Etienne"), ("Emily Y", "Chan"), ("N/A", "Smith"), ("Rita +1", "Cantu"), ("O&#39;Neil", "Sean"),
    ("Jean-Pierre", "Et"), ("Y Lan", "Nguyen"), ("MARY E", "SMITH"), ("Mrs Rita", "Cantu"), ("Conde e", "Ana"),
    ("Jerónimo/Gerónimo", "Campos"), ("Schatz/e", "Koenig"), ("Antonela", "Pilato/Pilati"),
    ("Dr. Rita", "Cantu"), ("Santiago", "Ramón y Cajal"), ("", "Rita Cantu"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "family"), TWO, ids=str)
def test_this_name_is_two_peoples(given: str, family: str) -> None:
    assert names_two(given, family)


@pytest.mark.parametrize(("given", "family"), ONE, ids=str)
def test_this_name_is_one_persons(given: str, family: str) -> None:
    assert not names_two(given, family)


@pytest.mark.parametrize(
    ("title", "two"),
    [("Mr & Mrs", True), ("Mr. and Mrs.", True), ("Herr und Frau", True), ("Familie", True), ("Mr/Ms", False),
     ("Mr", False), ("Mrs", False), ("Dr", False)],
)  # fmt: skip
def test_a_title_of_two_makes_two(title: str, two: bool) -> None:
    assert names_two("", "Smith", title) is two
    assert not names_two("John", "Smith", title)


CONNECTORS = ["and", "E", "y", "Og", "mrs", "Mme", "u.", "u", "&", "+", "/", ";", "famil", "Eheleute", "frau"]


@given_that(st.lists(st.text(string.printable, max_size=4) | st.sampled_from(CONNECTORS), max_size=6))
def test_whatever_may_name_two_gets_the_closer_look(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert _deserves_a_look(text) or not MAYBE.search(text)
