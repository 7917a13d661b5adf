"""A mail of blocks: whole in a page and in plain text, for each guest what concerns them, and nothing let through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.messaging.channels.email.blocks.registry import BLOCKS
from services.messaging.channels.email.blocks.slots import ACCENT
from services.messaging.channels.email.blocks.stay import LINES, labels
from services.messaging.channels.email.text import MailText
from services.messaging.library.advice import advice
from services.messaging.library.checks import OFFER_WORDS, check
from services.messaging.library.documents import read_template
from services.messaging.library.rendering import prepared
from services.messaging.wording.names import Person
from services.messaging.wording.piece import Rendered
from services.messaging.wording.sandbox import MissingValue
from services.messaging.wording.values import StaySaid
from shared.errors import InputError
from tests.messaging.words import LANGUAGES, LINKS, SENDER, document, values

PICTURE = "0" * 64 + ".jpg"
STAY = StaySaid("Casa Alfama", "alfama", date(2027, 3, 5), date(2027, 3, 8), "10023")
ONE_OF_EACH: dict[str, dict[str, Any]] = {
    "heading": {"text": "A heading"},
    "text": {"text": "Your room is **ready**."},
    "picture": {"file": PICTURE, "alt": "The river", "link": "https://alfama.example/river"},
    "button": {"label": "A button", "link": "https://alfama.example/book?a=1&b=2"},
    "stay": {},
    "offer": {"shows": ["qr", "barcode"]},
    "divider": {},
    "spacer": {"height": 40},
    "social": {"places": [{"name": "Instagram", "link": "https://social.example/alfama"}]},
    "source": {"text": "<mj-section><mj-column><mj-text>Our <b>own</b></mj-text></mj-column></mj-section>"},
    "columns": {"columns": [[{"heading": {"text": "Left"}}], ["Right"]]},
}


def rendered(*body: Any, language: str = "en", **changes: Any) -> Rendered:
    written = document(body=list(body)) | {"purpose": "stay_service"}
    written["offer"] = "winter"
    written["locales"] = {language: written["locales"]["en"]}
    ready = prepared(read_template(written, version=1), language, "email")
    return ready.render(values(language, **{"offer": OFFER_WORDS} | changes))


class Read(HTMLParser):
    """The tags of a page with their attributes, and its words."""

    def __init__(self, page: str | None) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all_of(self, tag: str, attribute: str) -> list[str | None]:
        return [attrs.get(attribute) for name, attrs in self.tags if name == tag]


def test_there_is_one_of_each_kind_here() -> None:
    assert set(ONE_OF_EACH) == set(BLOCKS)


@pytest.mark.parametrize("kind", BLOCKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_block_is_drawn_in_each_language(kind: str, language: str) -> None:
    mail = rendered("Above.", {kind: ONE_OF_EACH[kind]}, "Below.", language=language, stay=STAY)
    page = Read(mail.html)
    assert page.words.index("Above.") < page.words.index("Below.") and "@@" not in (mail.html or "") + mail.text
    assert mail.text.index("Above.") < mail.text.index("Below.")
    assert ("html", {"lang": language, "dir": "ltr"}) in [
        (tag, {key: attrs.get(key) for key in ("lang", "dir")}) for tag, attrs in page.tags
    ]


def test_marks_are_read_in_a_text_block_and_nowhere_else() -> None:
    marked = "Your **room** is *ready*:\n\n- a bath\n- a [view](https://alfama.example/view?x=1&y=2)\n\nhttps://alfama.example."
    mail = rendered({"text": {"text": marked}}, "Not **here**.")
    page = mail.html or ""
    assert "<strong>room</strong>" in page and "<em>ready</em>" in page and page.count("<li>") == 2
    links = Read(page).all_of("a", "href")
    assert links == ["https://alfama.example/view?x=1&y=2", "https://alfama.example"]
    assert "- a view (https://alfama.example/view?x=1&y=2)" in mail.text and "Not **here**." in mail.text


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("place", ["heading", "text", "button", "picture", "social", "columns", "plain"])
def test_what_a_marketer_writes_is_text(place: str) -> None:
    bodies: dict[str, Any] = {
        "heading": {"heading": {"text": HOSTILE}},
        "text": {"text": {"text": f"**{HOSTILE}**\n\n- {HOSTILE}"}},
        "button": {"button": {"label": HOSTILE, "link": "links.survey"}},
        "picture": {"picture": {"file": PICTURE, "alt": HOSTILE}},
        "social": {"social": {"places": [{"name": HOSTILE[:40], "link": "https://a.example"}]}},
        "columns": {"columns": {"columns": [[HOSTILE], [{"text": {"text": HOSTILE}}]]}},
        "plain": HOSTILE,
    }
    page = Read(rendered(bodies[place]).html)
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]


def test_what_a_guest_is_called_is_text_too() -> None:
    """A name in a text with marks is escaped after it was filtered, and its marks are none."""
    person = Person("O'Neil & *Sons*", "Lee", None)
    page = rendered({"text": {"text": "**{{ guest.first_name | default('you') | upper }}**"}}, person=person).html or ""
    assert "<em>" not in page and "&amp;AMP;" not in page


@given(st.text(max_size=60))
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    """Of a paragraph and of a text block without marks, both say the same; nothing that was written opens a tag."""
    own = "".join(letter for letter in text if letter.isalnum() or letter in " <>&\"'.,@0")
    plain, marked = rendered(f"x {own} x"), rendered({"text": {"text": f"x {own} x"}})
    tags = [tag for tag, _ in Read(rendered("x").html).tags]
    assert [tag for tag, _ in Read(plain.html).tags] == tags
    assert " ".join(own.split()) in " ".join(Read(plain.html).words.split())
    assert " ".join(own.split()) in " ".join(Read(marked.html).words.split())


def test_a_block_is_shown_where_its_conditions_hold() -> None:
    body = [
        "Always.",
        {"text": {"text": "Long."}, "when": [{"of": "stay.nights", "is": "at_least", "to": 4}]},
        {"text": {"text": "Short."}, "when": [{"of": "stay.nights", "is": "at_most", "to": 3}]},
        {
            "text": {"text": "From here."},
            "when": [
                {"of": "guest.country", "is": "one_of", "to": ["PT", "ES"]},
                {"of": "property.code", "is": "unknown"},
            ],
        },
        {"text": {"text": "No stay."}, "when": [{"of": "stay.nights", "is": "unknown"}]},
    ]

    def shown(**facts: Any) -> list[str]:
        return rendered(*body, **facts).text.split("\n\n--")[0].split("\n\n")

    assert shown(stay=STAY) == ["Always.", "Short."]
    assert shown(stay=STAY, country="PT") == ["Always.", "Short.", "From here."]
    assert shown(country="DE") == ["Always.", "No stay."]


def test_a_block_with_a_condition_is_left_out_where_a_value_of_it_is_not_known() -> None:
    """Without a condition the guest is held back instead, with the value that is missing for a reason."""
    told = {"text": {"text": "Your room: {{ stay.room_type }}."}}
    when = [{"of": "stay.nights", "is": "known"}]
    assert "Your room" not in rendered("Hello.", {**told, "when": when}, stay=STAY).text
    with pytest.raises(MissingValue):
        rendered("Hello.", told, stay=STAY)
    written = {**document(body=["Hello.", {**told, "when": when}]), "purpose": "stay_service"}
    assert "stay.room_type" not in prepared(read_template(written, version=1), "en", "email").required


def test_what_is_empty_for_a_guest_takes_no_room() -> None:
    said = "{% if stay.room_type is defined %}Your room: {{ stay.room_type }}{% endif %}"
    empty = rendered("Hello.", {"text": {"text": said}}, {"heading": {"text": said}}, stay=STAY)
    assert empty.text.startswith("Hello.\n\n--")
    assert "Your room" not in (empty.html or "") and (empty.html or "").count("<h2") == 0


def test_the_card_of_a_stay_speaks_the_guests_language_and_keeps_silent_on_what_it_does_not_know() -> None:
    mail = rendered({"stay": {}}, language="de", stay=STAY)
    assert "Anreise: 5. März 2027\nAbreise: 8. März 2027\nNächte: 3" in mail.text and "Zimmer" not in mail.text
    assert "2027年3月5日" in rendered({"stay": {"lines": ["arrival"]}}, language="zh-Hans", stay=STAY).text
    assert all(set(words) == set(LINES) for words in labels().values()) and set(labels()) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("block", "place"),
    [
        ({"video": {}}, ""),
        ({"heading": {"text": "x", "level": 9}}, "/heading/level"),
        ({"button": {"label": "x", "link": "javascript:alert(1)"}}, "/button/link"),
        ({"picture": {"file": "../../etc/passwd"}}, "/picture/file"),
        ({"columns": {"columns": [["x"], [{"columns": {"columns": [["y"], ["z"]]}}]]}}, "/columns/columns/1/0"),
        ({"text": {"text": "x"}, "when": [{"of": "guest.age", "is": "known"}]}, "/when/0/of"),
        ({"text": {"text": "x"}, "when": [{"of": "stay.nights", "is": "at_least", "to": "3"}]}, "/when/0/to"),
        ({"text": {"text": "**{% if guest.name is defined %}x** y{% endif %}"}}, "/text/text"),
    ],
)
def test_what_is_wrong_with_a_block_is_said_at_its_place(block: Any, place: str) -> None:
    with pytest.raises(InputError) as raised:
        check(read_template(document(body=["Hello.", block]), version=1))
    assert f"/locales/en/email/body/1{place}" in raised.value.problems


def test_what_tells_of_a_stay_stands_in_no_subject_of_an_offer() -> None:
    told = document(subject="See you on {{ stay.arrival }}")
    with pytest.raises(InputError):
        check(read_template(told, version=1))
    service = read_template({**told, "purpose": "stay_service"}, version=1)
    check(service)
    assert advice(service)["/locales/en/email/subject"].code == "telling"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": ["Now **bold**."]}, "raw_marks"),
        ({"body": ["Now <b>bold</b>."]}, "raw_html"),
        ({"body": [{"picture": {"file": PICTURE}}]}, "no_alt"),
        ({"subject": "Click here"}, "spam"),
        ({"subject": "LAST CHANCE to come"}, "shouted"),
        ({"body": [{"text": {"text": "word " * 900}} for _ in range(25)]}, "clipped"),
    ],
)
def test_what_is_worth_a_look_keeps_nothing_from_being_published(change: dict[str, Any], code: str) -> None:
    template = read_template(document(**change), version=1)
    check(template)
    assert [problem.code for problem in advice(template).values()] == [code] * max(len(advice(template)), 1)


def test_plain_writing_loses_no_block() -> None:
    """The form without scripts shows a body as lines; every block comes back as it was."""
    body = ["Hello.", *({kind: part} for kind, part in ONE_OF_EACH.items())]
    part = {"subject": "A word", "preview": "", "body": body}
    typed = MailText().typed(part)
    assert MailText().part(typed) == part
    assert MailText().part({**typed, "blocks": ""}) == part
    with pytest.raises(InputError):
        MailText().part({**typed, "blocks": "{"})


def test_a_mail_wears_the_brand_of_the_hotel_that_sends_it() -> None:
    branded = replace(SENDER, colour="#7a1f3d", logo="https://go.alfama.example/brand/logo.png")
    body = ["Hello.", {"button": ONE_OF_EACH["button"]}]
    own, plain = rendered(*body, sender=branded).html or "", rendered(*body).html or ""
    assert 'bgcolor="#7a1f3d"' in own and branded.logo in Read(own).all_of("img", "src")
    assert f'bgcolor="{ACCENT}"' in plain and Read(plain).all_of("img", "src") == []


def test_the_card_of_an_offer_holds_the_code_in_every_form_and_only_where_a_template_names_an_offer() -> None:
    mail = rendered({"offer": {"shows": ["qr", "barcode"]}}, language="fr")
    pictures = Read(mail.html).all_of("img", "src")
    assert OFFER_WORDS.code in (mail.html or "") and f"Votre code: {OFFER_WORDS.code}" in mail.text
    assert LINKS.offer_qr in pictures and LINKS.offer_barcode in pictures and str(LINKS.offer) in mail.text
    with pytest.raises(InputError):
        check(read_template(document(body=[{"offer": {}}]), version=1))
