"""The settings of segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.outgoing.object_store import Bucket
from shared.outgoing.reach import Network
from shared.settings.installation import ERASURES, HOME, OUTGOING_NETWORKS
from shared.settings.object_stores import FILES
from shared.settings.services import AGENCY_DOMAINS, DOUBLE_OPT_IN, DOUBLE_OPT_IN_SMS, EVALUATORS, IMPORTS, WATCHED
from shared.vocabulary.consent import Confirmed, confirmed_in


@dataclass(frozen=True)
class Config:
    """`agency_domains`: mail domains of agencies, beside those known by their role addresses. `imports`: where files
    wait for their import. `watched`: a folder whose files are imported by themselves. `erasures`: the list of
    erased guests. `files`: the store in which both lie where one is set; `imports` then holds a file while it is read.
    `networks`: where other systems may be although they are not public. `double_opt_in`,
    `double_opt_in_sms`: countries where a consent to offers by e-mail, by text message, is confirmed by a link.
    `evaluators`: how many ranges of guests are evaluated at once.
    """

    agency_domains: frozenset[str] = frozenset()
    imports: Path = HOME.default / "imports"
    watched: Path | None = None
    erasures: Path = HOME.default / "erasures"
    files: Bucket | None = None
    networks: tuple[Network, ...] = ()
    double_opt_in: frozenset[str] = DOUBLE_OPT_IN.default
    double_opt_in_sms: frozenset[str] = DOUBLE_OPT_IN_SMS.default
    evaluators: int = EVALUATORS.default

    @property
    def confirmed(self) -> Confirmed:
        return confirmed_in(self.double_opt_in, self.double_opt_in_sms)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        imports = IMPORTS.read(environment) or HOME.read(environment) / "imports"
        watched = WATCHED.read(environment)
        erasures = ERASURES.read(environment) or HOME.read(environment) / "erasures"
        return cls(
            AGENCY_DOMAINS.read(environment),
            imports.absolute(),
            watched.absolute() if watched else None,
            erasures.absolute(),
            FILES.read(environment),
            OUTGOING_NETWORKS.read(environment),
            DOUBLE_OPT_IN.read(environment),
            DOUBLE_OPT_IN_SMS.read(environment),
            EVALUATORS.read(environment),
        )
