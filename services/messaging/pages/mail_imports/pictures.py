"""Pictures of a mail from elsewhere, fetched from where they lie and put into the library; no guest is told of."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from flask_babel import gettext

from services.messaging.commands.pictures.keeping import add_picture
from services.messaging.commands.pictures.library import LONGEST_NAME
from services.messaging.config import Config
from services.messaging.pages.pictures import object_store
from services.messaging.rules.pictures import file_name
from services.messaging.store.templates.pictures import Place
from shared.errors import InputError
from shared.outgoing.limits import Limits
from shared.outgoing.object_store import StoreSilent
from shared.outgoing.reach import Reach
from shared.pictures.scaling import LARGEST_FILE, Picture, scaled_for_mail
from shared.web.access_control import me
from shared.web.site import here

AT_ONCE, MOST = 4, 12  # the rest by another press of the button
LIMITS = Limits(within=10.0, connect_within=4.0, longest=LARGEST_FILE)
FOUND = 200


def take_pictures(addresses: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """By address its file in the library; and those that could not be fetched or are no pictures."""
    from shared.outgoing.client import OutgoingClient

    wanted = list(addresses)[:MOST]
    client = OutgoingClient(Reach(here().part(Config).networks), LIMITS)
    try:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            found = dict(zip(wanted, threads.map(lambda url: _fetched(client, url), wanted), strict=True))
    finally:
        client.close()
    taken = {address: kept for address, picture in found.items() if picture and (kept := _kept(address, picture))}
    return taken, [address for address in wanted if address not in taken]


def _fetched(client: object, address: str) -> Picture | None:
    from shared.outgoing.client import NoAnswer, OutgoingClient

    assert isinstance(client, OutgoingClient)
    try:
        answer = client.ask("GET", f"https:{address}" if address.startswith("//") else address)
        return scaled_for_mail(answer.body) if answer.status == FOUND else None
    except (NoAnswer, InputError):
        return None


def _kept(address: str, picture: Picture) -> str | None:
    name = PurePath(unquote(urlsplit(address).path)).stem.strip()[:LONGEST_NAME] or gettext("Picture")
    try:
        add_picture(here().database, object_store(), picture, Place(), name, here().now(), me())
    except StoreSilent:
        return None
    return file_name(sha256(picture.content).hexdigest(), picture.media_type)
