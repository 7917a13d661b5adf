"""WhatsApp messages, compiled: free words with the way out behind them, and texts of templates with what fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from services.messaging.wording import sandbox
from services.messaging.wording.languages import choose_language
from services.messaging.wording.links import Targets, Tracked, with_places
from services.messaging.wording.piece import Approved, Piece, Rendered, Values
from shared.plain_yaml import read_yaml
from shared.vocabulary.purpose import Purpose

NUMBERED = re.compile(r"\{\{\s*(\d{1,2})\s*\}\}")


@cache
def endings() -> Mapping[str, str]:
    loaded: dict[str, str] = read_yaml(files(__package__).joinpath("frame.yaml").read_text("utf-8"))
    return loaded


class ReadyWords:
    """Lines stay lines. The guest sees whose they are: WhatsApp shows the sender's own profile."""

    needs_window = True

    def __init__(self, text: str, language: str, purpose: Purpose) -> None:
        words, targets = with_places(text, 1)
        ending = "" if purpose is Purpose.STAY_SERVICE else f"\n\n{endings()[choose_language(endings(), language)]}"
        self._whole, self._targets = Piece(words + ending), Targets(targets)

    @property
    def required(self) -> frozenset[str]:
        return self._whole.required | self._targets.required

    def render(self, values: Values, country: str | None = None, tracked: Tracked | None = None) -> Rendered:
        led = self._targets.led(values, tracked)
        return Rendered("", _lines(self._whole.fill(sandbox.context_of(led.values))), None, led.kept)


class ReadyApproved:
    """The text as it was approved, around what fills it: Twilio writes the same. `sid`: empty until it is approved;
    then it goes as free words, and as they stand: it says the way out itself."""

    def __init__(self, sid: str, text: str, variables: Sequence[str]) -> None:
        self._sid, self._text = sid, text
        self.needs_window = not sid
        self._pieces: list[Piece] = []
        targets: list[str] = []
        for variable in variables:
            words, found = with_places(variable, len(targets) + 1)
            self._pieces.append(Piece(words))
            targets += found
        self._targets = Targets(targets)

    @property
    def required(self) -> frozenset[str]:
        return self._targets.required.union(*(piece.required for piece in self._pieces))

    def render(self, values: Values, country: str | None = None, tracked: Tracked | None = None) -> Rendered:
        """MissingValue where a variable comes out empty: WhatsApp refuses such a message."""
        led = self._targets.led(values, tracked)
        variables = self._filled(led.values)
        whole = NUMBERED.sub(lambda found: variables[str(int(found[1]))], self._text)
        approved = Approved(self._sid, variables) if self._sid else None
        return Rendered("", whole if approved else _lines(whole), None, led.kept, approved)

    def filled(self, values: Values) -> Mapping[str, str]:
        """By number, what stands in each place. MissingValue as above."""
        return self._filled(self._targets.led(values, None).values)

    def _filled(self, values: Values) -> Mapping[str, str]:
        context = sandbox.context_of(values)
        filled = [sandbox.one_line(piece.fill(context)) for piece in self._pieces]
        if empty := [number for number, words in enumerate(filled, start=1) if not words]:
            raise sandbox.MissingValue(f"{{{{{empty[0]}}}}} comes out empty")
        return {str(number): words for number, words in enumerate(filled, start=1)}


def _lines(text: str) -> str:
    """Without control characters, and no more than one empty line at a time."""
    lines = [sandbox.one_line(line) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
