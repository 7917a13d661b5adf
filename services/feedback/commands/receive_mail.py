"""A mail came in, by whichever way: it is kept once, and what it says is done."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.commands.report_message import report_message
from services.feedback.mail.kinds import Mail, MailKind
from services.feedback.mail.pictures import count_of
from services.feedback.mail.read import LONGEST, read_mail
from services.feedback.rules.replies import TakenAs
from services.feedback.store import mails, reply_pictures
from services.feedback.store.guests import emails_of, erased_among
from services.feedback.store.messages import Message, find
from shared.contact_points.emails import the_email
from shared.crypto.mail_addresses import BackAddress, BackSigner, WayBack, tokens_in
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.channel import Channel

REPORTS = (MailKind.BOUNCE, MailKind.COMPLAINT, MailKind.UNSUBSCRIBE)
KEPT_WHOLE = (MailKind.REPLY, MailKind.AUTOMATIC, MailKind.UNREADABLE)


class Taken(StrEnum):
    NEW = "new"
    AGAIN = "again"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A mail of ours, read and addressed. `way`: http | smtp | imap."""

    raw: bytes
    mail: Mail
    way: str
    to: WayBack
    message_id: UUID

    @property
    def mail_id(self) -> UUID:
        return make_id("mail", self.message_id, self.mail.fingerprint)


def incoming(signer: BackSigner, back: BackAddress, raw: bytes, recipients: Sequence[str], way: str) -> Incoming | None:
    """The mail, where it is ours: a signed address is among those it came to (`recipients` of its envelope, else of its
    head), or a report carries one. None for everything else, whatever is wrong with it."""
    if len(raw) > LONGEST:
        return None
    mail = read_mail(raw)
    addressed = "\n".join(recipients) if recipients else mail.addressed
    evidence = mail.evidence if mail.kind in REPORTS else ""
    for token in (*tokens_in(addressed, back), *tokens_in(evidence, back)):
        if found := signer.read(token):
            return Incoming(raw=raw, mail=mail, way=way, to=found[0], message_id=found[1])
    return None


def receive_mail(tx: Tx, came: Incoming, at: datetime) -> Taken:
    """Kept and acted on once: the number of a mail is made of the message it is about and of what stands in it."""
    if mails.is_known(tx, came.mail_id):
        return Taken.AGAIN
    mail, message = came.mail, find(tx, came.message_id)
    of_an_erased = message is not None and bool(erased_among(tx, [message.guest_id]))
    row = mails.MailRow(
        mail_id=came.mail_id,
        way=came.way,
        kind=str(mail.kind),
        message_id=came.message_id,
        reason=mail.reason and str(mail.reason),
        code=mail.code,
        raw_sealed=None if of_an_erased else _packed(tx.keyring, came),
        received_at=at,
    )
    if not mails.add(tx, row):
        return Taken.AGAIN
    _act_on(tx, came, message, at)
    return Taken.NEW


def _packed(keyring: KeyRing, came: Incoming) -> str | None:
    if came.mail.kind not in KEPT_WHOLE:
        return None
    return keyring.seal(b64encode(zlib.compress(came.raw, 6)).decode(), Sealing.WORDS)


def _act_on(tx: Tx, came: Incoming, message: Message | None, at: datetime) -> None:
    mail, ref = came.mail, str(came.mail_id)
    match mail.kind:
        case MailKind.BOUNCE:
            report_message(tx, ref, came.message_id, "bounced", reason=mail.reason, code=mail.code, at=at)
        case MailKind.COMPLAINT:
            report_message(tx, ref, came.message_id, "complained", at=at)
        case MailKind.UNSUBSCRIBE:
            report_message(tx, ref, came.message_id, "unsubscribed", at=at)
        case MailKind.REPLY if came.to is WayBack.UNSUBSCRIBE:
            report_message(tx, ref, came.message_id, "unsubscribed", at=at)
        case MailKind.REPLY:
            _reply(tx, came, message, at)
        case MailKind.AUTOMATIC if came.to is WayBack.UNSUBSCRIBE:
            report_message(tx, ref, came.message_id, "unsubscribed", at=at)  # mail programs mark it as theirs
        case MailKind.AUTOMATIC | MailKind.UNREADABLE:
            pass
        case _:
            assert_never(mail.kind)


def _reply(tx: Tx, came: Incoming, message: Message | None, at: datetime) -> None:
    """A guest's words, of the message whose signed address they came to. What they object to concerns the address they
    wrote from and those of the guest, should that be another; a STOP ends its kind where it was sent, too."""
    sender = the_email(came.mail.sender)
    point, *others = tx.keyring.indexes(Channel.EMAIL, sender or "nobody")
    theirs = emails_of(tx, message.guest_id) if message else []
    if not {point, *others} & set(theirs):
        others += theirs
    reply = Reply(
        ref=str(came.mail_id),
        channel=Channel.EMAIL,
        point=point,
        others=tuple(others),
        text=came.mail.text,
        answers=came.message_id,
        sender=sender if sender and "@" in sender else None,
    )
    taken_as = receive_reply(tx, reply, at)
    mails.became(tx, came.mail_id, reply.reply_id)
    if taken_as is not None:
        places = [f"{reply_pictures.IN_THE_MAIL}{place}" for place in range(count_of(came.raw))]
        reply_pictures.add(tx, reply.reply_id, [tx.keyring.seal(one, Sealing.WORDS) for one in places], at)
    if taken_as is TakenAs.STOP:
        report_message(tx, str(came.mail_id), came.message_id, "unsubscribed", at=at)
