"""A text that goes wrong is one text's error: told where it is written, and one message's outcome where it is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.store.templates.versions import add_versions
from services.messaging.wording import sandbox
from services.messaging.wording.sandbox import NotOfTheLanguage, parse
from shared.errors import InputError
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon, stay, survey
from tests.messaging.words import document

ELIFS = "".join(f"{{% elif guest.name == '{number}' %}}x" for number in range(5_000))
UNREADABLE = {
    "a filter given too much": "{{ guest.name|length(3) }}",
    "a filter given a word for a number": "{{ guest.name|truncate('long') }}",
    "no room for the end of what is cut off": "{{ guest.name|truncate(1) }}",
    "a filter given a name": "{{ guest.name|truncate(length=5) }}",
    "a number of five thousand digits": "{{ " + "9" * 5_000 + " }}",
    "five thousand questions": "{% if guest.name %}a" + ELIFS + "{% endif %}",
    "two thousand brackets": "{{ " + "(" * 2_000 + "1" + ")" * 2_000 + " }}",
}
BEHIND_AN_IF = {
    "on a way nobody takes": "Hello{% if guest.name == 'Nobody' %}{{ 'a' if guest.name < 5 else 'b' }}{% endif %}",
    "in a question nobody is asked": (
        "Hello{% if guest.name == 'Nobody' %}x{% elif guest.name == 'Else' %}"
        "{% if guest.name > 3 %}y{% endif %}{% endif %}"
    ),
    "in one half of a line": "Hello {{ 'a' if guest.name != 'Nobody' else ('a' if guest.name < 5 else 'b') }}",
}


def written(text: str) -> dict[str, Any]:
    """A template whose only text is this one."""
    return document(body=[text])


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotOfTheLanguage):
        sandbox.compiled(text)


@pytest.mark.parametrize("text", ["{{ 5|length }}", "{{ 5|first }}", "{{ 5|upper }}", "{{ guest.name|truncate(3) }}"])
def test_filters_take_any_value(text: str) -> None:
    assert sandbox.fill(sandbox.compiled(text), sandbox.context_of({"guest": {"name": "Anna"}}))


def test_what_goes_wrong_while_it_is_filled_in_is_the_texts_error() -> None:
    template = sandbox.compiled("{% if guest.name > 3 %}x{% endif %}")
    with pytest.raises(NotOfTheLanguage, match="TypeError"):
        sandbox.fill(template, sandbox.context_of({"guest": {"name": "Anna"}}))


@pytest.mark.parametrize("text", BEHIND_AN_IF.values(), ids=BEHIND_AN_IF)
def test_every_way_through_an_if_is_tried_before_it_is_published(text: str) -> None:
    assert parse(text)
    with pytest.raises(InputError) as refusal:
        check(read_template(written(text), version=1))
    assert "cannot be filled in" in str(refusal.value)


def test_one_messages_text_is_that_messages_outcome_and_its_neighbours_are_sent(make_database: MakeDatabase) -> None:
    """A text that was published before every way through it was tried."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]))
    hotel.hears(guest(BEN, points=[email(hotel.keyring, "ben@example.com")]), stay("LIS-000001", BEN))
    hotel.runs()  # the shipped templates are there
    broken = document(body=["Hello {{ 'a' if guest.name < 5 else 'b' }}"])
    with hotel.database.transaction() as tx:
        add_versions(tx, {"birthday": {**broken, "key": "birthday"}}, by="0.1.0", at=MONDAY)
    hotel.hears(birthday(ANA), survey("LIS-000001", BEN))
    hotel.runs(MONDAY + timedelta(minutes=1))
    assert sorted(hotel.outcomes()) == [("failed", "unwritable"), ("sent", None)]
    hotel.runs(MONDAY + timedelta(minutes=20))
    assert sorted(hotel.outcomes()) == [("failed", "unwritable"), ("sent", None)]
