"""A domain's records are asked for, outside any transaction, and what DNS said is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.messaging.commands.domains import keys
from services.messaging.config import Config
from services.messaging.rules.domains import records as rules
from services.messaging.rules.domains.followed import Followed, due_again, followed, kept_as, known
from services.messaging.rules.domains.records import Record, RecordKind, RecordState
from services.messaging.rules.senders import HouseSender
from services.messaging.store import domains as store
from services.messaging.store.domains import DkimKey, DomainCheck
from services.messaging.store.senders.rows import senders
from shared.access.people import Person
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel


class Asks(Protocol):
    """None: nobody could be asked."""

    def texts(self, name: str) -> list[str] | None: ...

    def exchanges(self, name: str) -> list[str] | None: ...


@dataclass(frozen=True)
class MailDomain:
    """A domain that mail is from. `hosts`: the mail servers that it goes by; `returns_to`: the domain of where it comes
    back; `names`: of the senders."""

    name: str
    hosts: tuple[str, ...]
    returns_to: str
    names: tuple[str, ...]
    keys: tuple[DkimKey, ...] = ()
    check: DomainCheck | None = None

    @property
    def shown_keys(self) -> list[DkimKey]:
        """The waiting one, the one in use, and those whose mails may still be under way."""
        now = self.check.checked_at if self.check else None
        return [
            key
            for key in self.keys
            if key.retired_at is None or (now is not None and key.retired_at + keys.RESTS > now)
        ]


def mail_domains(tx: Tx, config: Config) -> list[MailDomain]:
    """Of the house's senders and of the environment's, by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in senders(tx):
        if row.channel == Channel.EMAIL:
            found.setdefault(_domain_of(row), []).append((str(row.settings.get("host", "")), row.name))
    if config.mail_from:
        found.setdefault(config.mail_from, []).append((config.mail_host, ""))
    checks = store.checks(tx)
    return [
        MailDomain(
            name,
            tuple(dict.fromkeys(host for host, _ in by)),
            config.mail_back or name,
            tuple(sorted({name for _, name in by if name})),
            tuple(store.keys_of(tx, name)),
            checks.get(name),
        )
        for name, by in sorted(found.items())
        if name
    ]


def _domain_of(row: HouseSender) -> str:
    return row.from_address.rpartition("@")[2].lower()


def records_of(domain: MailDomain, dns: Asks) -> list[Record]:
    """As DNS says now."""
    mechanisms = list(dict.fromkeys(map(rules.mechanism_for, domain.hosts)))
    found = [rules.spf(domain.returns_to, dns.texts(domain.returns_to), mechanisms, dns.texts)]
    for key in domain.shown_keys:
        name = f"{key.selector}._domainkey.{domain.name}"
        found.append(rules.dkim(name, dns.texts(name), key.public_key))
    above = domain.name.partition(".")[2]
    own, name = dns.texts(f"_dmarc.{domain.name}"), f"_dmarc.{domain.name}"
    found.append(rules.dmarc(name, own, dns.texts(f"_dmarc.{above}") if own == [] and "." in above else ()))
    found.append(rules.mail_exchange(domain.returns_to, dns.exchanges(domain.returns_to)))
    return found


class _Nobody:
    def texts(self, _name: str) -> list[str] | None:
        return None

    def exchanges(self, _name: str) -> list[str] | None:
        return None


def known_records(domain: MailDomain) -> list[Followed]:
    """What is to be pasted, and what DNS said of it."""
    said: Mapping[str, Any] = domain.check.found if domain.check else {}
    checked_at = domain.check.checked_at if domain.check else None
    return [known(record, said.get(_key(record)), checked_at) for record in records_of(domain, _Nobody())]


def keep(tx: Tx, domain: MailDomain, records: Sequence[Record], *, by: Person | str, at: datetime) -> None:
    """A key that waited for DNS signs from now on, where DNS publishes it."""
    before = {_key(one): one for one in known_records(domain)}
    said = {_key(one): kept_as(followed(one, before[_key(one)], at)) for one in records}
    store.keep_check(tx, domain.name, said, at)
    published = {one.name.partition(".")[0] for one in records if one.kind == RecordKind.DKIM and _is_found(one)}
    for key in store.keys_of(tx, domain.name):
        if key.is_waiting and key.selector in published:
            keys.sign_by(tx, domain.name, key.selector, by=by, at=at)


def asked_next(domain: MailDomain) -> datetime | None:
    """None: at once."""
    checked_at = domain.check.checked_at if domain.check else None
    waits = any(key.is_waiting for key in domain.keys)
    return due_again(known_records(domain), checked_at, key_waits=waits)


def is_proven(domain: MailDomain) -> bool:
    """Whether its signature and its policy were found when DNS was asked last."""
    found = {record.kind for record in known_records(domain) if _is_found(record)}
    return {RecordKind.DKIM, RecordKind.DMARC} <= found


def _is_found(record: Record) -> bool:
    return record.state == RecordState.FOUND


def _key(record: Record) -> str:
    return f"{record.kind} {record.name}"
