"""The terms: by kind of data the careful default, its bounds, its source, and what the law of a country changes.

Each number has its reason. What is named for a country stands here without a check of the rule itself: it is to be
checked by the hotel's adviser. A hotel sets its own within the bounds; what it sets for one country goes before the
country's, and that before what it sets for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.personal_data.retention.spans import Span
from shared.vocabulary.personal_data import Kept

EVERYWHERE = ""


@dataclass(frozen=True)
class OfCountry:
    """`source`: the rule it is meant to follow, to be checked by the hotel's adviser before anybody relies on it."""

    span: Span
    source: str


@dataclass(frozen=True)
class Keeping:
    """`default`: None, it has no term of its own. `shortest`, `longest`: what a hotel may set; None, nothing: the
    product relies on the default. `source`: why this long.
    """

    default: Span | None
    source: str
    shortest: Span | None = None
    longest: Span | None = None
    by_country: Mapping[str, OfCountry] = field(default_factory=dict)

    @property
    def is_settable(self) -> bool:
        return self.shortest is not None and self.longest is not None

    def allows(self, span: Span) -> bool:
        if self.shortest is None or self.longest is None:
            return False
        return self.shortest.length <= span.length <= self.longest.length


TO_CHECK = "to be checked by the hotel's adviser"
ITALY = OfCountry(Span(months=24), f"Garante, provvedimento of 24 February 2005; {TO_CHECK}")
FRANCE = OfCountry(Span(months=36), f"CNIL, référentiel «gestion commerciale», 2022; {TO_CHECK}")
STORAGE = "GDPR 5(1)(e): no longer than the purpose needs"
A_GUEST_FILE = Span(days=7)
"""The link to it ends then, and it goes the night after."""
A_BACKUP = Span(days=35)
"""As `GUESTLOOP_BACKUP_DAYS` and `GUESTLOOP_BACKUP_WEEKS` have it where nobody sets them."""
KEEPING: Mapping[Kept, Keeping] = {
    Kept.GUEST: Keeping(
        Span(months=36),
        f"{STORAGE}; three years after the last stay or click",
        Span(months=6),
        Span(months=120),
        {"IT": ITALY, "FR": FRANCE},
    ),
    Kept.MEMBER: Keeping(
        Span(months=72),
        f"{STORAGE}; a membership is a relation that lasts",
        Span(months=6),
        Span(months=120),
        {"IT": ITALY},
    ),
    Kept.MESSAGE_TEXT: Keeping(
        Span(months=13),
        f"{STORAGE}; a year's messages can be compared and explained; it counts from the end of their month",
        Span(days=30),
        Span(months=36),
    ),
    Kept.DECISION: Keeping(
        Span(months=24),
        "GDPR 5(2): why a message went or did not go can be shown; it counts from the end of their month",
        Span(months=13),
        Span(months=120),
    ),
    Kept.INBOUND: Keeping(
        Span(days=90), f"{STORAGE}; until what a reply asked for is done", Span(days=14), Span(months=24)
    ),
    Kept.CONSENT_PROOF: Keeping(None, "as long as the consent is used: it goes with the guest, 36 months after"),
    Kept.SUPPRESSION: Keeping(None, "as long as the objection holds: GDPR 21(3)"),
    Kept.ERASURE: Keeping(None, "for good: a backup or an import would bring the guest back"),
    Kept.GUEST_FILE: Keeping(A_GUEST_FILE, "the guest has it by then"),
    Kept.BACKUP: Keeping(
        A_BACKUP,
        "so that a loss can be mended; dropped by the role `backup`, whose settings say how long; the newest one that "
        "was verified stays until there is another",
    ),
    Kept.IMPORT_FILE: Keeping(
        Span(days=90), f"{STORAGE}; until a dispute about an import is settled", Span(days=7), Span(months=24)
    ),
    Kept.PUBLISHED: Keeping(Span(days=7), "a source to publish again from; dropped by the relay"),
    Kept.RECEIVED: Keeping(Span(days=30), "longer than anything can be published again; dropped by the relay"),
    Kept.DEAD_LETTER: Keeping(
        Span(days=30), f"{STORAGE}; somebody looks at them meanwhile", Span(days=7), Span(days=180)
    ),
    Kept.AUDIT: Keeping(
        Span(months=24),
        "GDPR 5(2): who saw and changed what can be shown; it counts from the end of their month",
        Span(months=13),
        Span(months=120),
    ),
    Kept.ACCOUNT: Keeping(None, "as long as the colleague has access; an ended account keeps its name in the trail"),
    Kept.SESSION: Keeping(
        Span(days=30), "what guessing passwords looks like is seen within a month", Span(days=2), Span(days=180)
    ),
    Kept.INSTALLATION: Keeping(None, "as long as the installation: it holds no guest"),
}


BY_COUNTRY = frozenset({Kept.GUEST, Kept.MEMBER})
"""What may have another term for the guests of one country."""


@dataclass(frozen=True)
class Terms:
    """The terms in force. `own`: what the hotel set, by (kind, country or `EVERYWHERE`)."""

    own: Mapping[tuple[str, str], Span] = field(default_factory=dict)

    def span(self, kept: Kept, country: str | None = None) -> Span | None:
        """None: no term of its own."""
        keeping = KEEPING[kept]
        if country and (set_there := self.own.get((kept, country))):
            return set_there
        if country and (known := keeping.by_country.get(country)):
            return known.span
        return self.own.get((kept, EVERYWHERE), keeping.default)

    def countries(self, kept: Kept) -> list[str]:
        """The countries whose guests have another term than the rest."""
        return sorted({*KEEPING[kept].by_country, *(country for kind, country in self.own if kind == kept and country)})
