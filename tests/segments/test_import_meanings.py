"""The words a file may use for a status, a country, a language, a consent; what nobody foresaw is said once for all."""

from __future__ import annotations

import pytest
from iso3166 import countries_by_alpha3

from services.segments.imports.masking import kept, masked_cell, shown
from services.segments.imports.meanings.consents import NO, NO_WORDS, YES, YES_WORDS, read_consent
from services.segments.imports.meanings.countries import ALIASES, OLYMPIC, read_country
from services.segments.imports.meanings.languages import read_language
from services.segments.imports.meanings.registry import NO_VALUE, VOCABULARIES, meaning_problem, value_meant
from services.segments.imports.meanings.statuses import STATUSES, read_status
from shared.vocabulary.stay import StayStatus


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Check-Out", StayStatus.CHECKED_OUT),
        ("CHECKED OUT", StayStatus.CHECKED_OUT),
        ("O", StayStatus.CHECKED_OUT),
        ("C/O", StayStatus.CHECKED_OUT),
        ("已离店", StayStatus.CHECKED_OUT),
        ("结账", StayStatus.CHECKED_OUT),
        ("Abgereist", StayStatus.CHECKED_OUT),
        ("Parti", StayStatus.CHECKED_OUT),
        ("Check-out efetuado", StayStatus.CHECKED_OUT),
        ("在住", StayStatus.CHECKED_IN),
        ("DUE OUT", StayStatus.CHECKED_IN),
        ("Eingecheckt", StayStatus.CHECKED_IN),
        ("Alojado", StayStatus.CHECKED_IN),
        ("预订", StayStatus.BOOKED),
        ("Bestätigt", StayStatus.BOOKED),
        ("CONFIRMÉE", StayStatus.BOOKED),
        ("Due In", StayStatus.BOOKED),
        ("ＣＯＮＦＩＲＭＥＤ", StayStatus.BOOKED),
        ("已取消", StayStatus.CANCELLED),
        ("Storniert", StayStatus.CANCELLED),
        ("XLD", StayStatus.CANCELLED),
        ("Annulée", StayStatus.CANCELLED),
        ("No Show", StayStatus.NO_SHOW),
        ("未到", StayStatus.NO_SHOW),
        ("No presentado", StayStatus.NO_SHOW),
    ],
)
def test_a_status_is_understood_in_many_words(text: str, status: StayStatus) -> None:
    assert read_status(text) is status


@pytest.mark.parametrize("text", ["C", "D", "S", "Abreise", "salida", "not arrived", "挂账", "maybe", "1"])
def test_a_word_that_may_mean_two_statuses_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="no status"):
        read_status(text)


def test_no_word_stands_for_two_statuses_or_for_yes_and_no() -> None:
    every = [one for known in STATUSES.values() for one in known]
    assert len(every) == len(set(every)) and "" not in every
    assert not YES_WORDS & NO_WORDS and "" not in YES_WORDS | NO_WORDS


@pytest.mark.parametrize(
    ("text", "letters", "code"),
    [
        ("中国", 2, "CN"), ("Alemania", 3, "DE"), ("Deutschland", 2, "DE"), ("Pays-Bas", 2, "NL"), ("Holland", 2, "NL"),
        ("United Kingdom", 3, "GB"), ("UK", 3, "GB"), ("Estados Unidos", 2, "US"), ("Reino Unido", 2, "GB"),
        ("pt", 2, "PT"), ("PRT", 3, "PT"), ("prt", 2, "PT"), ("GER", 3, "DE"), ("620", 3, "PT"), ("38", 2, None),
        ("Korea, Republic of", 2, "KR"), ("俄罗斯", 2, "RU"), ("台灣", 2, "TW"), ("República Checa", 2, "CZ"),
        ("CN", 3, None), ("Atlantis", 2, None), ("XX", 2, None),
    ],
)  # fmt: skip
def test_a_country_is_understood_by_any_name_or_code(text: str, letters: int, code: str | None) -> None:
    if code:
        assert read_country(text, letters) == code
    else:
        with pytest.raises(KeyError):
            read_country(text, letters)


def test_no_olympic_code_is_another_countrys_own() -> None:
    assert not OLYMPIC.keys() & countries_by_alpha3.keys()
    assert all(read_country(name, 2) == code for code, names in ALIASES.items() for name in names.split(","))


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("pt", "pt"), ("zh_CN", "zh-cn"), ("Deutsch", "de"), ("简体中文", "zh-hans"), ("中文", "zh"),
        ("Português", "pt"), ("GER", "de"), ("CN", "zh"), ("inglés", "en"), ("Französisch", "fr"),
        ("xq", None), ("perhaps", None),
    ],
)  # fmt: skip
def test_a_language_is_understood_by_tag_code_or_name(text: str, tag: str | None) -> None:
    if tag:
        assert read_language(text) == tag
    else:
        with pytest.raises(KeyError):
            read_language(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [("Sí", YES), ("是", YES), ("√", YES), ("Opt-In", YES), ("Oui", YES), ("Não", NO), ("否", NO), ("×", NO),
     ("Nein", NO), ("UNSUBSCRIBED", NO)],
)  # fmt: skip
def test_yes_and_no_are_understood_in_six_languages(text: str, says: str) -> None:
    assert read_consent(text) == says


@pytest.mark.parametrize("field", VOCABULARIES)
def test_each_choice_of_a_meaning_can_be_said(field: str) -> None:
    for choice in (*VOCABULARIES[field].choices, NO_VALUE):
        assert meaning_problem(field, "some", choice) is None
    assert value_meant(field, NO_VALUE) is None


@pytest.mark.parametrize(
    ("field", "meaning"), [("status", "gone"), ("country", "China"), ("email_consent", "express"), ("email", "a@b.c")]
)
def test_what_is_no_meaning_is_refused_in_words(field: str, meaning: str) -> None:
    assert meaning_problem(field, "some", meaning)


def test_what_is_shown_of_a_cell_is_nobodys_address() -> None:
    assert shown("status", "Check-Out") == "Check-Out"
    assert shown("status", "rita@example.com") == "r•••@e••••••.c••"
    assert shown("room_type", "+351 930 000 451") == "+3•• 9•• 0•• 4••"
    assert shown("arrival", "31/02/2016") == "31/02/2016" and shown("birth_date", "31/02/1980") == "3•/0•/1•••"
    assert shown("family_name", "Cantu") == masked_cell("Cantu") == "C••••"
    assert kept("status", "Cantu", 1) == "C••••" and kept("status", "Gone", 2) == "Gone"
