"""Mail that came in, and how far mailboxes were read."""

from __future__ import annotations

import zlib
from base64 import b64decode
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class MailRow:
    mail_id: UUID
    way: str
    kind: str
    message_id: UUID
    reason: str | None
    code: str | None
    raw_sealed: str | None
    received_at: datetime


def add(tx: Tx, mail: MailRow) -> bool:
    """Whether it is new."""
    return tx.execute(ADD, asdict(mail)).rowcount == 1


def is_known(tx: Tx, mail_id: UUID) -> bool:
    return tx.execute("select from inbound_mail where mail_id = %s", [mail_id]).fetchone() is not None


def became(tx: Tx, mail_id: UUID, reply_id: UUID) -> None:
    """A guest's own words became a reply."""
    tx.execute("update inbound_mail set reply_id = %s where mail_id = %s", [reply_id, mail_id])


def raw_of_reply(tx: Tx, reply_id: UUID) -> bytes | None:
    """The mail that a reply came in, as it was sent; None where it came otherwise or is no longer kept."""
    query = "select raw_sealed from inbound_mail where reply_id = %s and raw_sealed is not null limit 1"
    row = tx.execute(query, [reply_id]).fetchone()
    return zlib.decompress(b64decode(tx.keyring.open(Sealed(row[0]), Sealing.WORDS))) if row else None


def position(tx: Tx, mailbox: str) -> tuple[int, int] | None:
    """The mailbox's validity, and the last number that was read in it."""
    row = tx.execute("select uidvalidity, uid from mailbox_position where mailbox = %s", [mailbox]).fetchone()
    return (row[0], row[1]) if row else None


def move_on(tx: Tx, mailbox: str, uidvalidity: int, uid: int) -> None:
    tx.execute(MOVE_ON, {"mailbox": mailbox, "uidvalidity": uidvalidity, "uid": uid})


ADD = """
    insert into inbound_mail (mail_id, way, kind, message_id, reason, code, raw_sealed, received_at)
    values (%(mail_id)s, %(way)s, %(kind)s, %(message_id)s, %(reason)s, %(code)s, %(raw_sealed)s, %(received_at)s)
    on conflict do nothing
"""
MOVE_ON = """
    insert into mailbox_position (mailbox, uidvalidity, uid) values (%(mailbox)s, %(uidvalidity)s, %(uid)s)
    on conflict (mailbox) do update set uidvalidity = excluded.uidvalidity, uid = excluded.uid
"""
