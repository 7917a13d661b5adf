"""Templates: what is refused at publishing, what every guest reads, and how fast."""

from __future__ import annotations

import copy
from time import perf_counter
from typing import Any

import psycopg
import pytest

from services.messaging.commands.templates import install_shipped, publish_template, shipped_documents
from services.messaging.store.templates import Shelf, newest_versions, version_of
from services.messaging.wording import (
    House,
    Identity,
    Library,
    Links,
    MissingValue,
    Person,
    framing,
    message_values,
    missing_values,
    read_template,
)
from services.messaging.wording.checks import check
from services.messaging.wording.languages import choose_language
from services.messaging.wording.sms_parts import sms_parts
from shared.errors import InputError, NotFound
from shared.events.campaigns import Purpose
from tests.conftest import MIGRATED_AT, MakeDatabase

LANGUAGES = ("de", "en", "es", "fr", "pt", "zh-Hans")
SENDER = Identity("Alfama Hotels", "Alfama Hotels, Lda.", "Rua das Escolas 1, 1100-001 Lisboa", "hello@alfama.example")
HOUSE = House("Casa Alfama", "casa@alfama.example")
LINKS = Links("https://go.alfama.example/u/token", "https://go.alfama.example/s/token")
ANNA = Person("Anna", "Müller", "Frau")


def values(language: str = "en", person: Person = ANNA, **changes: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {"sender": SENDER, "house": HOUSE, "links": LINKS} | changes
    return message_values(person, language, **parts)


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(read_template(document, version=1) for document in shipped_documents())


def document(**mail: Any) -> dict[str, Any]:
    """A sound little template, with what a test wants changed in its English mail."""
    email = {"subject": "A word", "body": ["{{ guest.greeting }},", "Come and see us."]} | mail
    return {"key": "note", "name": "A note", "purpose": "marketing", "locales": {"en": {"email": email}}}


def problems(of: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InputError) as refused:
        check(read_template(of, version=1))
    return refused.value.problems


def test_the_shipped_templates_speak_six_languages_and_are_sound(library: Library) -> None:
    assert library.keys() == ("birthday", "post-stay-survey", "win-back")
    for shipped in shipped_documents():
        check(read_template(shipped, version=1))
        assert library.languages(shipped["key"]) == LANGUAGES
    assert library.channels("birthday") == {"email"}
    assert library.channels("win-back") == library.channels("post-stay-survey") == {"email", "sms"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["birthday", "win-back", "post-stay-survey"])
def test_every_mail_says_who_sends_it_and_holds_a_way_out_in_both_forms(
    library: Library, key: str, language: str
) -> None:
    rendered = library.render(key, language, "email", values(language))
    for form in (rendered.text, rendered.html or ""):
        for needed in (SENDER.legal_entity, SENDER.postal_address, SENDER.contact, "https://go.alfama.example/u/token"):
            assert needed in form
        assert "{{" not in form and "None" not in form
    assert "\n" not in rendered.subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["win-back", "post-stay-survey"])
def test_every_text_message_begins_with_the_brand_says_how_to_stop_and_is_three_parts_at_most(
    library: Library, key: str, language: str
) -> None:
    text = library.render(key, language, "sms", values(language)).text
    assert text.startswith((f"{SENDER.brand}: ", f"{SENDER.brand} : ", f"【{SENDER.brand}】"))
    assert "STOP" in text or "拒收" in text
    assert sms_parts(text) <= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_birthday_mail_is_an_announcement_and_never_a_congratulation(library: Library, language: str) -> None:
    rendered = library.render("birthday", language, "email", values(language))
    said = f"{rendered.subject} {rendered.text}".casefold()
    wishes = ("happy birthday", "congratulat", "生日快乐", "祝贺", "parabéns", "feliz", "felicid", "anniversaire")
    assert not any(wish in said for wish in (*wishes, "glückwunsch", "alles gute zum"))


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("language", [*LANGUAGES, "nl", "zh-TW"])
def test_the_frame_leaves_out_nothing_in_any_language(language: str, purpose: Purpose) -> None:
    frame = framing.mail_frame(language, purpose)
    assert frame.reason
    assert bool(frame.way_out) == (purpose is not Purpose.STAY_SERVICE)
    assert bool(framing.text_frame(language, purpose).ending) == (purpose is not Purpose.STAY_SERVICE)


def test_a_guest_in_china_reads_that_marketing_is_advertising_and_nobody_else_does(library: Library) -> None:
    chinese = values("zh-Hans")
    label = "（广告）"
    assert library.render("win-back", "zh-Hans", "email", chinese, country="CN").subject.startswith(label)
    assert library.render("win-back", "en", "email", values(), country="CN").subject.startswith(label)
    assert label not in library.render("win-back", "zh-Hans", "email", chinese, country="PT").subject
    assert label not in library.render("post-stay-survey", "zh-Hans", "email", chinese, country="CN").subject
    assert label not in library.render("win-back", "zh-Hans", "sms", chinese, country="CN").text


def test_a_missing_value_is_named_before_and_never_left_empty(library: Library) -> None:
    homeless = values(house=None)
    required = library.required_values("win-back", "en", "email")
    assert missing_values(required, homeless) == ("property.contact", "property.name")
    with pytest.raises(MissingValue):
        library.render("win-back", "en", "email", homeless)
    without_link = values(links=Links(unsubscribe="https://go.alfama.example/u/token"))
    assert missing_values(library.required_values("post-stay-survey", "en", "email"), without_link) == ("links.survey",)
    assert missing_values(library.required_values("birthday", "en", "email"), homeless) == ()


def test_a_value_that_is_none_is_missing_too() -> None:
    library = Library([read_template(document(), version=1)])
    none = values() | {"guest": {"greeting": None}}
    assert missing_values(library.required_values("note", "en", "email"), none) == ("guest.greeting",)
    with pytest.raises(MissingValue):
        library.render("note", "en", "email", none)


def test_a_value_with_a_default_is_not_required() -> None:
    kind = document(
        body=[
            "Hello {{ guest.name | default('you') }}",
            "{% if property.name is defined %}{{ property.name }}{% endif %}",
        ]
    )
    library = Library([read_template(kind, version=1)])
    required = library.required_values("note", "en", "email")
    assert "guest.name" not in required and "property.name" not in required
    nameless = values(person=Person("", ""), house=None)
    assert library.render("note", "en", "email", nameless).text.startswith("Hello you\n\n")


def test_markup_in_a_value_or_in_a_paragraph_is_text() -> None:
    library = Library([read_template(document(body=["1 < 2 & {{ property.name }}"]), version=1)])
    rendered = library.render("note", "en", "email", values(house=House("<script>alert(1)</script>", "x")))
    assert "<script>" not in (rendered.html or "")
    assert "1 &lt; 2 &amp; &lt;script&gt;" in (rendered.html or "")
    assert rendered.text.startswith("1 < 2 & <script>")


def test_a_line_break_in_a_value_makes_neither_a_header_nor_a_second_line() -> None:
    locales = {
        "en": {
            "email": {"subject": "From {{ property.name }}", "body": ["x"]},
            "sms": {"text": "At {{ property.name }}"},
        }
    }
    library = Library([read_template(document() | {"locales": locales}, version=1)])
    hostile = values(house=House("Casa\r\nBcc: all@example.com\x00\u202e", "x"))
    assert library.render("note", "en", "email", hostile).subject == "From Casa Bcc: all@example.com"
    assert "\n" not in library.render("note", "en", "sms", hostile).text


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("Dear {{ guest.first_name }}", "there is no value «guest.first_name»"),
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


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("pt-BR", "pt"),
        ("pt_BR", "pt"),
        ("DE", "de"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hans"),
        ("nl", "en"),
        ("", "en"),
    ],
)
def test_a_language_falls_back_to_the_nearest_that_is_written(wanted: str, chosen: str) -> None:
    assert choose_language(LANGUAGES, wanted) == chosen


def test_chinese_is_chosen_by_script_where_both_are_written() -> None:
    both = ("en", "zh-Hans", "zh-Hant")
    assert [choose_language(both, tag) for tag in ("zh-HK", "zh-Hant-TW", "zh-SG", "zh")] == [
        "zh-Hant",
        "zh-Hant",
        "zh-Hans",
        "zh-Hans",
    ]
    assert choose_language(("fr", "de"), "nl") == "de"


def test_what_is_not_there_is_said_by_name(library: Library) -> None:
    with pytest.raises(NotFound, match="there is no template «welcome»"):
        library.languages("welcome")
    with pytest.raises(NotFound, match="«birthday» is not written in en for sms"):
        library.required_values("birthday", "en", "sms")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # a character of two places is not cut at the seam
        ("好" * 70, 1),
        ("好" * 71, 2),
        ("好" * 134, 2),
        ("好" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("ç" + "a" * 70, 2),
        ("à" * 160, 1),
    ],
)
def test_a_text_message_is_counted_as_the_carrier_counts_it(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


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
        assert version_of(tx, "note", 1) == first
        assert version_of(tx, "note", 3) is None


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
        assert install_shipped(tx, MIGRATED_AT) == {"birthday": 1, "post-stay-survey": 1, "win-back": 1}
        assert install_shipped(tx, MIGRATED_AT) == {}
        own = copy.deepcopy(shipped_documents()[2])
        own["locales"]["en"]["email"]["subject"] = "Our own words"
        publish_template(tx, own, at=MIGRATED_AT, by="maria")
        better = copy.deepcopy(shipped_documents())
        for improved in better:
            improved["name"] += ", improved"
        monkeypatch.setattr("services.messaging.commands.templates.shipped_documents", lambda: better)
        assert install_shipped(tx, MIGRATED_AT) == {"birthday": 2, "post-stay-survey": 2}


def test_a_mail_is_rendered_in_well_under_a_millisecond(library: Library) -> None:
    library.render("win-back", "pt", "email", values("pt"))
    started = perf_counter()
    for _ in range(500):
        library.render("win-back", "pt", "email", values("pt"))
    assert (perf_counter() - started) / 500 < 0.001
