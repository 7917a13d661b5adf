"""One guest's file: all that the five services hold of them, as a page to read and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from guestloop.composition.services import MANIFEST, Group
from services.campaigns.queries.guest_file import tell as campaigns
from services.console.queries.guest_file import tell as console
from services.messaging.queries.guests.guest_file import tell as messaging
from services.segments.commands.guests.files import file_from
from services.segments.queries.guests.file import currencies_in, ids_of
from services.segments.queries.guests.file import tell as segments
from services.segments.queries.guests.page import guest_card
from services.segments.queries.search.exact import guests_under
from shared.access.audit import record
from shared.access.scope import EVERYWHERE
from shared.errors import InputError
from shared.personal_data.guest_file.held import Tell, held_of, no_money, nothing_more
from shared.personal_data.guest_file.paper import html_of, json_of
from shared.private_files import private_folder, write_private

TELLS: dict[str, Tell] = {
    "segments": segments,
    "campaigns": campaigns,
    "messaging": messaging,
    "feedback": nothing_more,
    "console": console,
}
MOST_LISTED = 20


@dataclass(frozen=True)
class Written:
    """Paths of the files and rows by service."""

    html: Path
    json: Path
    rows: dict[str, int]


def guest_named(group: Group, text: str) -> UUID:
    """By an id, or an exact address, number or reservation. Raises `InputError` where it is nobody, or several."""
    with group.database("segments").transaction() as tx:
        found = guests_under(tx, text)
        cards = [guest_card(tx, one, EVERYWHERE) for one in found[:MOST_LISTED]]
    if not found:
        raise InputError(f"no guest has the id, address, number or reservation {text!r}")
    if len(found) > 1:
        lines = [f"  {card.id}  {card.name} ({card.home_property or 'no hotel'})" for card in cards]
        raise InputError(f"{len(found)} guests are known under {text!r}; name one by id:\n" + "\n".join(lines))
    return found[0]


def write_guest_file(group: Group, guest_id: UUID, folder: Path, now: datetime) -> Written:
    """The folder is new and closed to others, and so are its files. It is in the audit trail before it is written."""
    if folder.exists():
        raise InputError(f"{folder} exists already: name a folder that is new")
    with group.database("segments").transaction() as tx:
        card, ids = guest_card(tx, guest_id, EVERYWHERE), ids_of(tx, guest_id)
        record(tx, "guestloop export", "guest.file_exported", f"guest {guest_id}", {}, now)
    parts = {}
    for name, service in group.services.items():
        with service.database.transaction() as tx:
            parts[name] = held_of(
                tx, MANIFEST[name].personal_data, ids, TELLS[name], currencies_in if name == "segments" else no_money
            )
    whole = file_from(card, parts, now)
    private_folder(folder)
    written = folder / "guest.html", folder / "guest.json"
    for path, text in zip(written, (html_of(whole), json_of(whole)), strict=True):
        with write_private(path) as file:
            file.write(text)
    rows = {name: sum(len(table.rows) for table in tables) for name, tables in parts.items()}
    return Written(*written, rows)
