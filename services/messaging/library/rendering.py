"""From a template and a guest's values to the message as it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.messaging.library.documents import Template
from services.messaging.wording.languages import choose_language
from services.messaging.wording.links import Tracked
from services.messaging.wording.piece import Ready, Rendered, Values
from shared.errors import NotFound
from shared.vocabulary.channel import Channel


class Library:
    """The newest version of every template, compiled when first used. It never changes; publishing makes a new one."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._templates = {template.key: template for template in templates}
        self._ready: dict[tuple[str, str, str], Ready] = {}

    def template(self, key: str) -> Template:
        if key not in self._templates:
            raise NotFound(f"there is no template «{key}»")
        return self._templates[key]

    def keys(self) -> tuple[str, ...]:
        return tuple(sorted(self._templates))

    def version(self, key: str) -> int:
        return self.template(key).version

    def languages(self, key: str) -> tuple[str, ...]:
        return tuple(sorted(self.template(key).locales))

    def channels(self, key: str) -> frozenset[str]:
        """The same in every language, but for one whose texts are all yet to be approved."""
        return frozenset(channel for locale in self.template(key).locales.values() for channel in locale)

    def choose_language(self, key: str, wanted: str) -> str:
        return choose_language(self.template(key).locales, wanted)

    def required_values(self, key: str, language: str, channel: str) -> frozenset[str]:
        """The dotted paths without which this text is not complete, the frame's among them."""
        return self._prepared(key, language, channel).required

    def needs_window(self, key: str, language: str, channel: str) -> bool:
        """Whether this text goes only to who wrote lately on the channel."""
        return self._prepared(key, language, channel).needs_window

    def render(
        self,
        key: str,
        language: str,
        channel: str,
        values: Values,
        *,
        country: str | None = None,
        tracked: Tracked | None = None,
    ) -> Rendered:
        """The message, or MissingValue. `country` is the guest's: some want advertising labelled."""
        return self._prepared(key, language, channel).render(values, country, tracked)

    def _prepared(self, key: str, language: str, channel: str) -> Ready:
        place = (key, language, channel)
        if place not in self._ready:
            self._ready[place] = prepared(self.template(key), language, channel)
        return self._ready[place]


def prepared(template: Template, language: str, channel: str) -> Ready:
    written = template.locales.get(language, {}).get(Channel(channel))
    if written is None:
        raise NotFound(f"«{template.key}» is not written in {language} for {channel}")
    return written.ready(language, template.purpose)


def missing_values(required: Iterable[str], values: Values) -> tuple[str, ...]:
    """Of the paths required, those that are absent, None or empty, in order."""
    return tuple(sorted(path for path in required if _value(path, values) in (None, "")))


def _value(path: str, values: Values) -> Any:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
