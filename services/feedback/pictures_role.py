"""Fetches the pictures that came with replies, outside any transaction, by the one outgoing client; those of a mail are
in the mail that is kept.

A claim is a lease: whoever dies meanwhile leaves the picture due again. One that cannot be had after some tries, or is
no picture, is lost, and the page says so. Our credentials at the provider go to the provider's own host and to no
other: where it sends us on, we ask without them.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from services.feedback.config import Config
from services.feedback.mail.pictures import picture_of
from services.feedback.store import reply_pictures as store
from services.feedback.store.mails import raw_of_reply
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database
from shared.errors import InputError
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Reach
from shared.pictures.scaling import LARGEST_FILE, scaled

if TYPE_CHECKING:
    from shared.outgoing.client import Answer, OutgoingClient

log = structlog.get_logger()

MOST, MOST_TRIES = 5, 6
LEASE, PAUSE = timedelta(minutes=5), timedelta(minutes=2)
PROVIDER = "api.twilio.com"
SENT_ON = (301, 302, 303, 307, 308)
LIMITS = Limits(within=30.0, longest=LARGEST_FILE)


class ReplyPictures:
    name = "pictures"

    def __init__(self, database: Database, config: Config) -> None:
        self._database = database
        self._config = config
        self._client: OutgoingClient | None = None

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return store.next_due(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            due = store.claim(tx, MOST, now, now + LEASE)
        for one in due:
            try:
                self._fetch(one, now)
            except Exception as error:  # one picture must not end the others: once its lease is over it is tried again
                if is_passing(error):
                    raise
                log.error("a picture cannot be fetched", error=type(error).__name__)
        return len(due)

    def _fetch(self, one: store.Due, now: datetime) -> None:
        if one.tries > MOST_TRIES:  # each of them was cut off
            with self._database.transaction() as tx:
                store.lose(tx, one.picture_id)
            return
        url = self._database.keyring.open(Sealed(one.url_sealed), Sealing.WORDS)
        if url.startswith(store.IN_THE_MAIL):
            self._make_small(one, self._in_the_mail(one, int(url.removeprefix(store.IN_THE_MAIL))))
            return
        answer = self._ask(url)
        if answer is None or answer.status != 200:
            is_final = one.tries >= MOST_TRIES or (answer is not None and answer.status in (401, 403, 404, 410))
            with self._database.transaction() as tx:
                if is_final:
                    store.lose(tx, one.picture_id)
                else:
                    store.wait(tx, one.picture_id, now + PAUSE * 2**one.tries)
            return
        self._make_small(one, answer.body)

    def _in_the_mail(self, one: store.Due, place: int) -> bytes | None:
        with self._database.transaction() as tx:
            raw = raw_of_reply(tx, one.reply_id)
        return picture_of(raw, place) if raw else None

    def _make_small(self, one: store.Due, content: bytes | None) -> None:
        """Kept as it can be shown; lost where it is no picture, or no longer there."""
        try:
            picture = scaled(content) if content else None
        except InputError:
            picture = None
        if picture is None:
            with self._database.transaction() as tx:
                store.lose(tx, one.picture_id)
            return
        sealed = self._database.keyring.seal(b64encode(picture.content).decode(), Sealing.WORDS)
        with self._database.transaction() as tx:
            store.keep(tx, one.picture_id, picture.media_type, sealed)

    def _ask(self, url: str) -> Answer | None:
        """The answer, after being sent on once; None where there was none."""
        from shared.outgoing.client import NoAnswer

        try:
            answer = self._asks().ask("GET", url, self._credentials(url))
            if answer.status in SENT_ON and answer.leads_to:
                return self._asks().ask("GET", answer.leads_to, self._credentials(answer.leads_to))
        except NoAnswer:
            return None
        return answer

    def _credentials(self, url: str) -> dict[str, str]:
        account, token = self._config.twilio_account, self._config.twilio_token
        ours = {PROVIDER, urlsplit(self._config.twilio_address).hostname}
        if not (account and token) or urlsplit(url).hostname not in ours:
            return {}
        return {"Authorization": "Basic " + b64encode(f"{account}:{token}".encode()).decode()}

    def _asks(self) -> OutgoingClient:
        if self._client is None:
            from shared.outgoing.client import OutgoingClient

            self._client = OutgoingClient(Reach(self._config.networks), LIMITS)
        return self._client
