"""Publishing: what is refused and where, and versions that never change."""

from __future__ import annotations

import copy
import re
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.messaging.commands.templates.publish import install_shipped, publish_template, shipped_documents
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.library.shelf import Shelf
from services.messaging.queries.templates.versions import document_of
from services.messaging.store.templates.versions import newest_versions
from services.messaging.wording import sandbox
from services.messaging.wording.piece import Piece
from services.messaging.wording.sandbox import MissingValue
from shared.errors import InputError
from tests.conftest import MakeDatabase
from tests.databases import MIGRATED_AT
from tests.messaging.words import document, values

SCRAPS = re.findall(
    r"\S+",
    "{{ }} {{ }} {% %} guest.name guest . [0] | e default truncate ( ) 9999 for if endif in set = * ** ~ + range lipsum"
    " __class__ not ' x",
)


def problems(of: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InputError) as refused:
        check(read_template(of, version=1))
    return refused.value.problems


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("Dear {{ guest.shoe_size }}", "there is no value «guest.shoe_size»"),
        ("{{ guest.name | center(1000000000) }}", "there is no filter «center»"),
        ("{{ guest.name | safe }}", "there is no filter «safe»"),
        ("{{ guest.name", "line 1: "),
        ("one\ntwo {% if %}", "line 2: "),
        ("{% for x in guest.name %}{{ x }}{% endfor %}", "«for» is not used in texts"),
        ("{% set x = 1 %}", "«assign» is not used in texts"),
        ("{% macro m() %}{% endmacro %}", "«macro» is not used in texts"),
        ("{% include 'x' %}", "«include» is not used in texts"),
        ("{{ 'A' * 1000000000 }}", "«mul» is not used in texts"),
        ("{{ range(3) }}", "«call» is not used in texts"),
        ("{{ guest.name.__class__ }}", "there is no value"),
        ("{{ guest['name'] }}", "«getitem» is not used in texts"),
        ("{{ lipsum }}", "there is no value «lipsum»"),
        ("{{ " + "(" * 600 + "guest.name" + ")" * 600 + " }}", "nested too deep"),
        ("{{ " + "not " * 100 + "guest.name }}", "nested too deep"),
    ],
)
def test_publishing_names_what_is_wrong_and_where(source: str, complaint: str) -> None:
    assert complaint in problems(document(body=["Fine.", source]))["/locales/en/email/body/1"]


@pytest.mark.parametrize(
    ("subject", "complaint"),
    [
        ("Your stay of 12–14 May", "names a date"),
        ("Your stay from 12.05.", "names a date"),
        ("Ihr Aufenthalt im Mai 2026", "names a date"),
        ("您5月12日的入住", "names a date"),
        ("From €99", "names a price"),
        ("Now 20 % off", "names a price"),
    ],
)
def test_a_subject_and_a_text_message_name_no_date_and_no_price(subject: str, complaint: str) -> None:
    assert complaint in problems(document(subject=subject))["/locales/en/email/subject"]
    texted = document() | {"locales": {"en": {"sms": {"text": subject}}}}
    assert complaint in problems(texted)["/locales/en/sms/text"]


def test_a_survey_carries_no_offer() -> None:
    survey = document(body=["Answer and get 10 % off."]) | {"purpose": "feedback"}
    assert problems(survey) == {"/locales/en/email/body/0": "a question about a stay carries no offer"}


def test_a_language_that_lacks_a_channel_the_others_have_is_not_published() -> None:
    uneven = document()
    uneven["locales"] = uneven["locales"] | {"de": {"sms": {"text": "Hallo"}}}
    assert problems(uneven) == {"/locales/en": "has no sms", "/locales/de": "has no email"}


def test_a_text_message_of_too_many_parts_is_not_published() -> None:
    long = document() | {"locales": {"en": {"sms": {"text": "很" * 280}}}}
    assert "would cost 5 text messages" in problems(long)["/locales/en/sms"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"purpose": "fun"}, "/purpose"),
        ({"key": "A note"}, "/key"),
        ({"locales": {}}, "/locales"),
        ({"locales": {"english": {}}}, "/locales/english"),
        ({"locales": {"en": {"email": {"body": ["x"]}}}}, "/locales/en/email/subject"),
        ({"locales": {"en": {"email": {"subject": "x", "body": ["x", {"image": "y"}]}}}}, "/locales/en/email/body/1"),
        ({"locales": {"en": {"fax": {}}}}, "/locales/en/fax"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_a_malformed_document_is_refused_with_the_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(InputError) as refused:
        read_template(document() | change, version=1)
    assert list(refused.value.problems) == [place]


def test_publishing_makes_the_next_version_and_keeps_the_one_before(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    shelf = Shelf()
    with database.transaction() as tx:
        first = publish_template(tx, document(), at=MIGRATED_AT, by="maria")
        assert shelf.library(tx).render("note", "en", "email", values()).subject == "A word"
        second = publish_template(tx, document(subject="Two words"), at=MIGRATED_AT, by="maria")
        assert (first.version, second.version) == (1, 2)
        assert shelf.library(tx).version("note") == 2
        assert shelf.library(tx).render("note", "en", "email", values()).subject == "Two words"
        assert shelf.library(tx) is shelf.library(tx)
        kept = document_of(tx, "note", 1)
        assert kept is not None and read_template(kept, version=1) == first
        assert document_of(tx, "note", 3) is None


def test_what_cannot_be_used_is_not_published(make_database: MakeDatabase) -> None:
    with make_database("messaging").transaction() as tx:
        with pytest.raises(InputError):
            publish_template(tx, document(subject="{{ nobody }}"), at=MIGRATED_AT, by="maria")
        assert newest_versions(tx) == []


@pytest.mark.parametrize(
    "statement", ["update template_version set published_by = 'x'", "delete from template_version"]
)
def test_a_published_version_never_changes(make_database: MakeDatabase, statement: str) -> None:
    database = make_database("messaging")
    with database.transaction() as tx:
        publish_template(tx, document(), at=MIGRATED_AT, by="maria")
    with pytest.raises(psycopg.errors.RaiseException, match="never changes"), database.transaction() as tx:
        tx.execute(statement)


def test_installing_what_is_shipped_twice_publishes_once_and_spares_what_was_rewritten(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with make_database("messaging").transaction() as tx:
        first = {"birthday": 1, "confirm-consent": 1, "post-stay-survey": 1, "welcome": 1, "win-back": 1}
        assert install_shipped(tx, MIGRATED_AT) == first
        assert install_shipped(tx, MIGRATED_AT) == {}
        own = copy.deepcopy(shipped_documents()[-1])
        own["locales"]["en"]["email"]["subject"] = "Our own words"
        publish_template(tx, own, at=MIGRATED_AT, by="maria")
        better = copy.deepcopy(shipped_documents())
        for improved in better:
            improved["name"] += ", improved"
        monkeypatch.setattr("services.messaging.commands.templates.publish.shipped_documents", lambda: better)
        assert install_shipped(tx, MIGRATED_AT) == {
            "birthday": 2,
            "confirm-consent": 2,
            "post-stay-survey": 2,
            "welcome": 2,
        }


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=12))
def test_whatever_is_written_is_refused_or_stays_short(words: list[str]) -> None:
    source = " ".join(words)
    try:
        filled = Piece(source).fill(sandbox.context_of(values()))
    except (sandbox.NotOfTheLanguage, MissingValue):
        return
    assert len(filled) <= len(source) + 20 * len(words)
