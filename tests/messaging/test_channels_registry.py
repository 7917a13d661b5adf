"""Every channel has all that a channel is: a walk through the registry."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from importlib.resources import files

import pytest
import yaml
from marshmallow import Schema

from services.messaging.channels.registry import CHANNELS, chosen_senders
from services.messaging.channels.sandbox import SandboxSender
from services.messaging.channels.sender import Outgoing
from services.messaging.config import Config
from services.messaging.library.documents import read_template
from services.messaging.library.rendering import prepared
from services.messaging.rules.channel import ChannelRules, Hours
from services.messaging.wording.piece import Rendered
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose
from tests.conftest import MakeDatabase

NOW = datetime(2016, 6, 6, 10, tzinfo=UTC)
TEMPLATES = files("services.messaging").joinpath("templates")
SHIPPED = files("services.messaging").joinpath("shipped/post-stay-survey.yaml")
NOT_SHIPPED = {"en": {"whatsapp": {"text": "How was it, {{ guest.name }}?"}}}  # who has a number there writes its texts
TYPED = {Channel.WHATSAPP: {"content": "HX" + "0" * 32, "variables": "{{ guest.greeting }}", "whatsapp": "{{1}}"}}
SHOWS_THE_SENDER = {Channel.WHATSAPP}  # by itself, beside each message


def test_the_registry_is_closed() -> None:
    assert list(CHANNELS) == list(Channel)


@pytest.mark.parametrize("channel", Channel)
def test_it_has_a_folder_of_its_own(channel: Channel) -> None:
    folder = f"services.messaging.channels.{channel}"
    for part in ("rules", "text", "settings"):
        import_module(f"{folder}.{part}")
    assert import_module(folder).__doc__


@pytest.mark.parametrize("channel", Channel)
def test_it_has_rules_for_every_purpose(channel: Channel) -> None:
    rules = CHANNELS[channel].rules
    assert isinstance(rules, ChannelRules)
    for purpose in Purpose:
        for country in (None, "PT", "US"):
            hours = rules.hours(purpose, country)
            assert isinstance(hours, Hours) and hours.opens < hours.closes and hours.days
    assert rules.at_property <= set(Purpose)


@pytest.mark.parametrize("channel", Channel)
def test_its_text_is_read_framed_and_limited(channel: Channel) -> None:
    text = CHANNELS[channel].text
    assert issubclass(text.schema, Schema) and text.fields
    document = yaml.safe_load(SHIPPED.read_text("utf-8"))
    if channel not in document["locales"]["en"]:
        document["locales"] = NOT_SHIPPED
    template = read_template(document, version=1)
    for language in template.locales:
        ready = prepared(template, language, channel)
        says_who = any(path.startswith("sender.") for path in ready.required)
        assert says_who or channel in SHOWS_THE_SENDER
    written = template.locales["en"][channel]
    assert any(source.is_exposed for source in written.sources())
    assert text.limit_passed(Rendered("s" * 10_000, "t" * 10_000, None))


@pytest.mark.parametrize("channel", Channel)
def test_the_editor_gives_back_what_was_typed(channel: Channel) -> None:
    text = CHANNELS[channel].text
    assert text.part({}) is None
    typed = TYPED.get(channel) or {field: f"words of {field}" for field in text.fields}
    part = text.part(typed)
    assert part is not None and {field: text.typed(part)[field] for field in typed} == typed
    assert text.read(text.schema().load(part))


@pytest.mark.parametrize("channel", Channel)
def test_the_console_shows_and_edits_it(channel: Channel) -> None:
    assert channel.label and channel.icon
    for room in ("reading", "writing"):
        plain = len(CHANNELS[channel].text.fields) == 1
        assert TEMPLATES.joinpath(room, "plain.html" if plain else f"{channel}.html").is_file()


def test_without_settings_every_channel_ends_in_the_sandbox(make_database: MakeDatabase) -> None:
    senders = chosen_senders({}, make_database("messaging"))
    assert Config.read({}).sandboxed == tuple(Channel)
    for channel in Channel:
        sender = senders[channel]
        assert isinstance(sender, SandboxSender)
        message = Outgoing(
            message_id=make_id("message", channel), channel=channel, to="somebody", text="Hello", at=NOW,
            purpose=Purpose.MARKETING,
        )  # fmt: skip
        assert [outcome.state for outcome in sender.send([message])] == [MessageState.SENT]
