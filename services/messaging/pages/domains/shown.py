"""A domain as its page shows it: each record with its state in words and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from services.messaging.commands.domains.check import MailDomain, known_records, mail_domains
from services.messaging.commands.domains.keys import RESTS
from services.messaging.config import Config
from services.messaging.rules.domains.followed import Followed
from services.messaging.rules.domains.records import MOST_LOOKUPS, Record, RecordKind, RecordState, is_aligned
from services.messaging.store.domains import DkimKey
from shared.database.pool import Tx


@dataclass(frozen=True)
class ShownDomain:
    domain: MailDomain
    records: Sequence[Followed]

    @property
    def state(self) -> tuple[str, str]:
        """In words, and the tone: what of the whole domain."""
        states = {record.shown_state for record in self.records}
        if self.lost:
            return gettext("no longer as it was: %(records)s", records=self.lost), "bad"
        if not self.domain.keys:
            return gettext("mail is not signed"), "look"
        if states <= {RecordState.FOUND}:
            return gettext("all is found"), "good"
        if RecordState.NOT_ASKED in states:
            return gettext("not checked yet"), "look"
        if states <= {RecordState.FOUND, RecordState.CANNOT_ASK}:
            return gettext("DNS did not answer"), "look"
        return gettext("something is missing"), "bad"

    @property
    def lost(self) -> str:
        """Which records were right once and are wrong now."""
        return gettext(", ").join(dict.fromkeys(record.kind.upper() for record in self.records if record.is_lost))

    @property
    def lost_since(self) -> datetime | None:
        return min((one.wrong_since for one in self.records if one.is_lost and one.wrong_since), default=None)

    @property
    def serves(self) -> str:
        return gettext(", ").join(self.domain.names) or gettext("the sender of the environment")

    @property
    def has_waiting_key(self) -> bool:
        return any(key.is_waiting for key in self.domain.keys)

    @property
    def alignment(self) -> str:
        """What DMARC compares, in one sentence."""
        if is_aligned(self.domain.name, self.domain.returns_to):
            return gettext(
                "DMARC compares the domain in «From» (%(domain)s) with the one that signs and the one that mail "
                "returns to (%(back)s): both agree, one of them is enough.",
                domain=self.domain.name,
                back=self.domain.returns_to,
            )
        return gettext(
            "DMARC compares the domain in «From» (%(domain)s) with the one that signs and the one that mail returns to "
            "(%(back)s): only the signature agrees, so mail must be signed.",
            domain=self.domain.name,
            back=self.domain.returns_to,
        )

    def key_of(self, record: Record) -> DkimKey | None:
        selector = record.name.partition(".")[0]
        return next((key for key in self.domain.keys if key.selector == selector), None)

    def leaves_at(self, key: DkimKey) -> datetime | None:
        return key.retired_at + RESTS if key.retired_at else None


def lost_domains(tx: Tx, config: Config) -> list[ShownDomain]:
    """Of which DNS said what it should, and no longer does."""
    found = [ShownDomain(one, known_records(one)) for one in mail_domains(tx, config)]
    return [one for one in found if one.lost]


def title(record: Record) -> str:
    match record.kind:
        case RecordKind.SPF:
            return gettext("SPF: who may send")
        case RecordKind.DKIM:
            return gettext("DKIM: the key that mail is signed with")
        case RecordKind.DMARC:
            return gettext("DMARC: what becomes of mail that is not yours")
        case RecordKind.MX:
            return gettext("MX: who takes mail that comes back")


def mark(record: Followed) -> tuple[str, str]:
    """Its state in words, and the tone."""
    match record.shown_state:
        case RecordState.FOUND:
            return gettext("found"), "good"
        case RecordState.MISSING:
            return gettext("missing"), "bad"
        case RecordState.DIFFERENT:
            return gettext("different"), "bad"
        case RecordState.SEVERAL:
            return gettext("more than one"), "bad"
        case RecordState.CANNOT_ASK:
            return gettext("cannot ask"), "look"
        case RecordState.NOT_ASKED:
            return gettext("not asked yet"), "plain"


def advice(record: Followed) -> str:
    """What to do; nothing where nothing is to be done."""
    match record.kind, record.shown_state:
        case RecordKind.MX, RecordState.CANNOT_ASK:
            return gettext("DNS did not answer. Try again in a few minutes.")
        case _, RecordState.CANNOT_ASK:
            return gettext("DNS did not answer. Try again in a few minutes; the line below is right in any case.")
        case RecordKind.SPF, RecordState.SEVERAL:
            return gettext("There may be one SPF record only: two count as none. Delete them and paste this one.")
        case RecordKind.SPF, RecordState.DIFFERENT:
            return gettext(
                "Replace the record that is there by this one: it keeps what stands there and adds the rest."
            )
        case RecordKind.DKIM, RecordState.DIFFERENT:
            return gettext("Another key stands there. Replace it by this line.")
        case RecordKind.DKIM | RecordKind.DMARC, RecordState.SEVERAL:
            return gettext("There may be one such record only. Delete the others.")
        case RecordKind.DMARC, RecordState.DIFFERENT:
            return gettext("It says no policy. Replace it by this line, and sharpen it later to quarantine.")
        case RecordKind.MX, RecordState.MISSING:
            return gettext(
                "Nobody takes mail for this domain: answers and returned mail are lost. Ask your mail provider."
            )
        case _, RecordState.MISSING:
            return gettext("Paste this line at your DNS provider.")
    return ""


def too_many(record: Record) -> str:
    if not record.has_too_many:
        return ""
    return gettext(
        "Whoever checks this SPF record must ask more than %(most)s times, and then counts it as broken. Take out "
        "providers that no longer send for you.",
        most=MOST_LOOKUPS,
    )
