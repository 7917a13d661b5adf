"""What DNS must say of a domain, so that mailboxes know that mail in its name is ours; and what it says.

SPF names who may hand mail over for the domain that it returns to, DKIM holds the key by which it is signed, DMARC says
what becomes of mail that neither proves to be from the domain in its «From».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_LOOKUPS = 10  # RFC 7208: with more of them an SPF record counts as broken
ENDS = re.compile(r"[-~?+]?all|redirect=.*|exp=.*", re.IGNORECASE)
ASKS = re.compile(r"[-~?+]?(include:|a$|a[:/]|mx$|mx[:/]|ptr|exists:)|redirect=", re.IGNORECASE)
PROVIDERS = {
    "sendgrid.net": "sendgrid.net",
    "mailgun.org": "mailgun.org",
    "amazonaws.com": "amazonses.com",
    "postmarkapp.com": "spf.mtasv.net",
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "office365.com": "spf.protection.outlook.com",
    "brevo.com": "spf.brevo.com",
    "mailjet.com": "spf.mailjet.com",
    "sparkpostmail.com": "sparkpostmail.com",
    "exmail.qq.com": "spf.mail.qq.com",
    "qiye.163.com": "spf.163.com",
    "aliyun.com": "spf1.dm.aliyun.com",
}
"""By the domain of their mail server, whose SPF record lists what they send from."""

Texts = Sequence[str]
Asked = Callable[[str], Texts | None]  # the texts at a name; None: it cannot be asked


class RecordKind(StrEnum):
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    MX = "mx"


class RecordState(StrEnum):
    FOUND = "found"
    MISSING = "missing"
    DIFFERENT = "different"
    SEVERAL = "several"  # of which there may be one
    CANNOT_ASK = "cannot_ask"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Record:
    """One line of DNS: `wanted` is what is to be pasted at `name`, as it would be with what stands there kept.
    `lookups`: that an SPF record costs whoever checks it."""

    kind: RecordKind
    name: str
    wanted: str
    state: RecordState = RecordState.NOT_ASKED
    found: tuple[str, ...] = ()
    lookups: int = 0

    @property
    def has_too_many(self) -> bool:
        return self.lookups > MOST_LOOKUPS


def mechanism_for(host: str) -> str:
    """By what SPF allows a mail server: a provider's own list, else the server's addresses."""
    name = host.lower().rstrip(".")
    known = next((record for domain, record in PROVIDERS.items() if f".{name}".endswith(f".{domain}")), "")
    if known:
        return f"include:{known}"
    if re.fullmatch(r"[\d.]+", name):
        return f"ip4:{name}"
    return f"ip6:{name}" if ":" in name else f"a:{name}"


def spf(name: str, found: Texts | None, mechanisms: Sequence[str], asked: Asked = lambda _: ()) -> Record:
    """`mechanisms`: of all mail servers that send in the name of this domain."""
    if found is None:
        return Record(RecordKind.SPF, name, _merged((), mechanisms), RecordState.CANNOT_ASK)
    existing = tuple(text for text in found if text.lower().split(" ")[0] == "v=spf1")
    wanted = _merged(existing, mechanisms)
    if len(existing) > 1:
        state = RecordState.SEVERAL
    elif not existing:
        state = RecordState.MISSING
    else:
        held = {term.lstrip("+").lower() for term in existing[0].split()}
        state = RecordState.FOUND if held.issuperset(mechanisms) else RecordState.DIFFERENT
    wanted = existing[0] if state == RecordState.FOUND else wanted
    return Record(RecordKind.SPF, name, wanted, state, existing, lookups(wanted, asked))


def _merged(existing: Sequence[str], mechanisms: Sequence[str]) -> str:
    """What stands there is kept, each once; how it ends is as the last of it ends."""
    kept, ends = list[str](), list[str]()
    for record in existing:
        terms = record.split()[1:]
        kept += [term for term in terms if not ENDS.fullmatch(term)]
        ends = [term for term in terms if ENDS.fullmatch(term)] or ends
    known = {term.lstrip("+").lower() for term in kept}
    kept += [mechanism for mechanism in mechanisms if mechanism not in known]
    return " ".join(["v=spf1", *dict.fromkeys(kept), *(ends or ["~all"])])


def lookups(record: str, asked: Asked, within: int = MOST_LOOKUPS + 1) -> int:
    """How many times whoever checks the record must ask DNS; counted to `within`."""
    count = 0
    for term in record.split()[1:]:
        if count >= within:
            break
        if ASKS.match(term):
            count += 1
            inner = re.fullmatch(r"[-~?+]?(?:include:|redirect=)(\S+)", term, re.IGNORECASE)
            nested = _first_spf(asked(inner[1])) if inner and count < within else ""
            count += lookups(nested, asked, within - count) if nested else 0
    return min(count, within)


def _first_spf(texts: Texts | None) -> str:
    return next((text for text in texts or () if text.lower().startswith("v=spf1")), "")


def dkim(name: str, found: Texts | None, public_key: str) -> Record:
    wanted = f"v=DKIM1; k=rsa; p={public_key}"
    if found is None:
        return Record(RecordKind.DKIM, name, wanted, RecordState.CANNOT_ASK)
    keys = tuple(text for text in found if "p" in _tags(text))
    if len(keys) > 1:
        state = RecordState.SEVERAL
    elif not keys:
        state = RecordState.MISSING
    else:
        same = re.sub(r"\s", "", _tags(keys[0])["p"]) == public_key
        state = RecordState.FOUND if same else RecordState.DIFFERENT
    return Record(RecordKind.DKIM, name, wanted, state, keys)


def dmarc(name: str, found: Texts | None, above: Texts | None = ()) -> Record:
    """`above`: what the domain above says, which counts where this one says nothing."""
    wanted = "v=DMARC1; p=none"
    if found is None:
        return Record(RecordKind.DMARC, name, wanted, RecordState.CANNOT_ASK)
    records = _policies(found)
    if not records and above is None:
        return Record(RecordKind.DMARC, name, wanted, RecordState.CANNOT_ASK)
    if not records:
        inherited = _policies(above or ())
        state = RecordState.FOUND if len(inherited) == 1 else RecordState.MISSING
        return Record(RecordKind.DMARC, name, wanted, state, inherited if state == RecordState.FOUND else ())
    if len(records) > 1:
        return Record(RecordKind.DMARC, name, records[0], RecordState.SEVERAL, records)
    is_whole = _tags(records[0]).get("p", "").lower() in ("none", "quarantine", "reject")
    state = RecordState.FOUND if is_whole else RecordState.DIFFERENT
    return Record(RecordKind.DMARC, name, records[0] if is_whole else wanted, state, records)


def mail_exchange(name: str, found: Texts | None) -> Record:
    """Whether mail that returns is taken by anybody: which server that is, the house knows."""
    if found is None:
        return Record(RecordKind.MX, name, "", RecordState.CANNOT_ASK)
    return Record(RecordKind.MX, name, "", RecordState.FOUND if found else RecordState.MISSING, tuple(found))


def _policies(texts: Texts) -> tuple[str, ...]:
    return tuple(text for text in texts if re.match(r"v\s*=\s*DMARC1\b", text, re.IGNORECASE))


def _tags(text: str) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in text.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, value in pairs}


def is_aligned(from_domain: str, returns_to: str) -> bool:
    """Whether SPF too speaks for the domain in «From»: it is the same, or one below it."""
    one, other = from_domain.lower(), returns_to.lower()
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
