"""A guest's file as people and programs read it: one HTML page that needs nothing beside it, and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from markupsafe import Markup

from shared.personal_data.guest_file.catalogues import Translate, translator
from shared.personal_data.guest_file.held import Cell, Held, in_file

TEMPLATES = Path(__file__).parent / "templates"
AREAS = {
    "segments": in_file("You, your stays, and the groups you are in"),
    "campaigns": in_file("Journeys: what decides which message you get and when"),
    "messaging": in_file("Messages and what you allowed"),
    "feedback": in_file("Your answers and replies, and what was done about them"),
    "console": in_file("Who looked at your page, and the record of this file"),
}
"""What each service holds, in the order of the file."""
PARTS = (in_file("place"), in_file("words"), in_file("from"), in_file("subject"), in_file("text"))
"""Of sealed texts of several parts."""
SINGLE = 3  # rows up to which a table reads better as a list of facts


@dataclass(frozen=True)
class GuestFile:
    """`name`: the guest's. `language`: one of our six. `zone`: IANA, of its hours. `parts`: tables by service."""

    name: str
    language: str
    zone: str
    made_at: datetime
    parts: Mapping[str, Sequence[Held]]


def html_of(file: GuestFile) -> str:
    from jinja2 import Environment, FileSystemLoader  # only who writes a file needs it

    say = translator(file.language)
    shown = _Shown(say, file.language, file.zone)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(say=say, single=SINGLE, zip=zip)
    environment.filters.update(cell=shown.text)
    areas = [(say(title), file.parts[name]) for name, title in AREAS.items() if file.parts.get(name)]
    return environment.get_template("guest_file.html").render(
        file=file, areas=areas, at={"at": file.made_at.isoformat()}
    )


def json_of(file: GuestFile) -> str:
    """The same by service and table, a JSON object a row, under translated labels; instants and days in ISO 8601."""
    say = translator(file.language)
    parts = {
        service: [
            {
                "title": say(table.title),
                "rows": [
                    {say(label): _bare(value, say) for label, value in zip(table.labels, row, strict=True)}
                    for row in table.rows
                ],
            }
            for table in tables
        ]
        for service, tables in file.parts.items()
    }
    whole = {"guest": file.name, "language": file.language, "made_at": file.made_at.isoformat(), "held": parts}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _bare(value: Cell, say: Translate) -> Any:
    match value:
        case {"word": text}:
            return say(text)
        case {"at": text} | {"day": text}:
            return text
        case {"money": amount, "currency": currency}:
            return f"{amount} {currency}" if currency else amount
        case {"picture": content, "type": kind}:
            return f"data:{kind};base64,{content}"
        case {"lines": lines}:
            return {say(name): _bare(one, say) for name, one in lines.items()}
        case list():
            return [_bare(one, say) for one in value]
        case _:
            return value


class _Shown:
    """Cells as text in one language and zone."""

    def __init__(self, say: Translate, language: str, zone: str) -> None:
        from zoneinfo import ZoneInfo

        self._say, self._locale, self._zone = say, language.replace("-", "_"), ZoneInfo(zone)

    def text(self, value: Cell) -> str:
        match value:
            case None | "" | []:
                return "–"
            case True | False:
                return self._say(in_file("yes")) if value else self._say(in_file("no"))
            case {"word": text}:
                return self._say(text)
            case {"at": text}:
                return self._moment(datetime.fromisoformat(text))
            case {"day": text}:
                return self._day(date.fromisoformat(text))
            case {"money": amount, "currency": currency}:
                return self._money(Decimal(amount), currency)
            case {"picture": content, "type": kind}:
                return Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, content, self._say("Picture"))
            case {"lines": lines}:
                return "\n".join(f"{self._say(name)}: {self.text(one)}" for name, one in lines.items())
            case list():
                return "\n".join(self.text(one) for one in value)
            case _:
                return str(value)

    def _money(self, amount: Decimal, currency: str | None) -> str:
        from babel.numbers import format_currency

        return str(format_currency(amount, currency or "XXX", locale=self._locale))

    def _moment(self, value: datetime) -> str:
        from babel.dates import format_datetime

        return str(format_datetime(value.astimezone(self._zone), "medium", tzinfo=self._zone, locale=self._locale))

    def _day(self, value: date) -> str:
        from babel.dates import format_date

        return str(format_date(value, "medium", locale=self._locale))
