"""The certificates by which SNS signs: fetched from Amazon's own addresses, by the one outgoing client, and kept."""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.messaging.config import Config
from shared.errors import GuestloopError
from shared.outgoing.client import NoAnswer, OutgoingClient
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Network, Reach
from shared.vocabulary.trouble import Trouble

LIMITS = Limits(within=5.0, connect_within=3.0, longest=64 * 1024)
MOST = 8


class NoCertificate(GuestloopError):
    """This stands at no address of Amazon's, or is no certificate."""


class Certificates:
    """`amazon`: what an address of Amazon's begins with, as a pattern."""

    def __init__(self, amazon: str, networks: tuple[Network, ...]) -> None:
        self._certificate = re.compile(rf"(?:{amazon})/SimpleNotificationService-[0-9A-Za-z]{{1,64}}\.pem")
        self._confirmation = re.compile(rf"(?:{amazon})/\?Action=ConfirmSubscription&[!-~]{{1,2000}}")
        self._client = OutgoingClient(Reach(networks), LIMITS)
        self._keys: OrderedDict[str, RSAPublicKey] = OrderedDict()

    @classmethod
    def of(cls, config: Config) -> Certificates:
        return _certificates(config.amazon, config.networks)

    def key(self, url: str) -> RSAPublicKey:
        """Raises `NoCertificate`, and `NoAnswer` where Amazon gives none that can be used now."""
        if not self._certificate.fullmatch(url):
            raise NoCertificate()
        if url not in self._keys:
            self._keys[url] = self._fetched(url)
            while len(self._keys) > MOST:
                self._keys.popitem(last=False)
        return self._keys[url]

    def confirm(self, url: str) -> None:
        """We want what this topic says. Raises `NoCertificate` and `NoAnswer`."""
        if not self._confirmation.fullmatch(url):
            raise NoCertificate()
        if self._client.ask("GET", url).status != 200:
            raise NoAnswer(Trouble.CUT_OFF)

    def _fetched(self, url: str) -> RSAPublicKey:
        answer = self._client.ask("GET", url)
        if answer.status != 200:
            raise NoAnswer(Trouble.CUT_OFF)
        try:
            found = x509.load_pem_x509_certificate(answer.body).public_key()
        except ValueError as error:
            raise NoCertificate() from error
        if not isinstance(found, RSAPublicKey):
            raise NoCertificate()
        return found


@lru_cache(maxsize=4)
def _certificates(amazon: str, networks: tuple[Network, ...]) -> Certificates:
    return Certificates(amazon, networks)
