"""What guests read: whole, in their language, and nothing that does not belong there."""

from __future__ import annotations

from itertools import product
from time import process_time

import pytest

from services.messaging.channels.email import frame
from services.messaging.channels.sms.parts import sms_parts
from services.messaging.channels.sms.text import ReadyText
from services.messaging.commands.templates.publish import shipped_documents
from services.messaging.library.checks import check, sample_values
from services.messaging.library.documents import read_template
from services.messaging.library.rendering import Library, missing_values
from services.messaging.wording.languages import choose_language
from services.messaging.wording.names import Person
from services.messaging.wording.sandbox import MissingValue
from services.messaging.wording.values import KNOWN, Hotel, Identity, Links
from shared.errors import NotFound
from shared.vocabulary.purpose import Purpose
from tests.messaging.words import ANNA, HOTEL, LANGUAGES, SENDER, document, values


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(read_template(document, version=1) for document in shipped_documents())


def test_the_shipped_templates_speak_six_languages_and_are_sound(library: Library) -> None:
    assert library.keys() == ("birthday", "confirm-consent", "post-stay-survey", "welcome", "win-back")
    for shipped in shipped_documents():
        check(read_template(shipped, version=1))
        assert library.languages(shipped["key"]) == LANGUAGES
    for key in ("birthday", "win-back", "post-stay-survey"):
        assert library.channels(key) == {"email", "sms", "whatsapp"}


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
@pytest.mark.parametrize("key", ["birthday", "win-back", "post-stay-survey"])
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
    around = frame.mail_frame(language, purpose)
    assert around.reason
    assert bool(around.way_out) == (purpose is not Purpose.STAY_SERVICE)
    alone = ReadyText("", language, purpose).render({"sender": {"brand": "Hotel"}}).text
    declined = ReadyText("", language, Purpose.MARKETING).render({"sender": {"brand": "Hotel"}}).text
    assert (alone == declined) == (purpose is not Purpose.STAY_SERVICE)


def test_a_guest_in_china_reads_that_marketing_is_advertising_and_nobody_else_does(library: Library) -> None:
    chinese = values("zh-Hans")
    label = "（广告）"
    assert library.render("win-back", "zh-Hans", "email", chinese, country="CN").subject.startswith(label)
    assert library.render("win-back", "en", "email", values(), country="CN").subject.startswith(label)
    assert label not in library.render("win-back", "zh-Hans", "email", chinese, country="PT").subject
    assert label not in library.render("post-stay-survey", "zh-Hans", "email", chinese, country="CN").subject
    assert label not in library.render("win-back", "zh-Hans", "sms", chinese, country="CN").text


def test_a_missing_value_is_named_before_and_never_left_empty(library: Library) -> None:
    homeless = values(hotel=None)
    required = library.required_values("win-back", "en", "email")
    assert missing_values(required, homeless) == ("property.contact", "property.name")
    with pytest.raises(MissingValue):
        library.render("win-back", "en", "email", homeless)
    without_link = values(links=Links(unsubscribe="https://go.alfama.example/u/token"))
    assert missing_values(library.required_values("post-stay-survey", "en", "email"), without_link) == ("links.survey",)
    assert missing_values(library.required_values("birthday", "en", "email"), homeless) == ()


def test_every_value_that_texts_may_read_is_there_for_a_guest_of_whom_all_is_known() -> None:
    known = sample_values(ANNA, "en")
    present = {f"{part}.{name}" for part, names in known.items() if part != "facts" for name in names}
    present -= {"last_stay.number", "last_stay.guests", "last_stay.check_in", "sender.pictures"}  # in no text
    assert present == set(KNOWN)


def test_a_value_that_is_none_is_missing_too() -> None:
    library = Library([read_template(document(), version=1)])
    none = {**values(), "guest": {"greeting": None}}
    assert missing_values(library.required_values("note", "en", "email"), none) == ("guest.greeting",)
    with pytest.raises(MissingValue):
        library.render("note", "en", "email", none)


def test_what_was_printed_for_one_guest_says_nothing_to_another_but_what_is_hers() -> None:
    spoken = document(
        subject="{% if guest.name is defined %}{{ guest.name }}, {% endif %}{{ property.name }}",
        preview="{% if guest.name is defined %}For {{ guest.name }}{% endif %}",
        body=[
            "{{ guest.greeting }},\n{{ property.name }} <&> {{ guest.name | default('you') }}",
            {"button": {"label": "{{ guest.name | default('Here') }}", "link": "links.survey"}},
        ],
    )
    written = read_template(spoken, version=1)
    people = (ANNA, Person("Ben", "O'Hara & Co", None), Person("", ""))
    hotels = (HOTEL, Hotel("Casa <Rio>", "rio@alfama.example"), None)
    senders = (SENDER, Identity("Rio", "Rio, Lda.", "Rua 2", "hello@rio.example"))
    kept = Library([written])
    for number, (person, hotel, sender, country) in enumerate(product(people, hotels, senders, ("CN", "PT"))):
        links = Links(f"https://go.alfama.example/u/{number}?a=1&b", f"https://go.alfama.example/s/{number}")
        given = values("en", person, hotel=hotel, sender=sender, links=links)
        if hotel is None:
            with pytest.raises(MissingValue):
                kept.render("note", "en", "email", given, country=country)
            continue
        afresh = Library([written]).render("note", "en", "email", given, country=country)
        assert kept.render("note", "en", "email", given, country=country) == afresh
        page = afresh.html or ""
        asked = f"https://go.alfama.example/s/{number}"
        assert asked in afresh.text and asked in page and hotel.name in afresh.subject
        assert f"/u/{number}?a=1&amp;b" in page and "a=1&b" not in page and "O'Hara &" not in page


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
    nameless = values(person=Person("", ""), hotel=None)
    assert library.render("note", "en", "email", nameless).text.startswith("Hello you\n\n")


def test_markup_in_a_value_or_in_a_paragraph_is_text() -> None:
    library = Library([read_template(document(body=["1 < 2 & {{ property.name }}"]), version=1)])
    rendered = library.render("note", "en", "email", values(hotel=Hotel("<script>alert(1)</script>", "x")))
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
    hostile = values(hotel=Hotel("Casa\r\nBcc: all@example.com\x00\u202e", "x"))
    assert library.render("note", "en", "email", hostile).subject == "From Casa Bcc: all@example.com"
    assert "\n" not in library.render("note", "en", "sms", hostile).text


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
    with pytest.raises(NotFound, match="there is no template «farewell»"):
        library.languages("farewell")
    with pytest.raises(NotFound, match="«welcome» is not written in en for sms"):
        library.required_values("welcome", "en", "sms")


def test_a_mail_is_rendered_in_well_under_a_millisecond(library: Library) -> None:
    library.render("win-back", "pt", "email", values("pt"))
    started = process_time()
    for _ in range(500):
        library.render("win-back", "pt", "email", values("pt"))
    assert (process_time() - started) / 500 < 0.001


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
