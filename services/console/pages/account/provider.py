"""The house's own identity provider, spoken to by OpenID Connect: where people sign in there, and who has come back.

Nothing here opens a transaction; every call passes the outgoing client's bounds, and few are made at once, so that a
provider that hangs takes the threads of no other page. The issuer may be private, since its address is a setting; where
it sends us on to is checked. What it says is believed only where signature, issuer, audience, time and nonce
hold. Whatever else happens is a `ProviderError`, in words for the sign-in page.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from services.console.config import IdentityProvider
from shared.errors import GuestloopError
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Reach
from shared.vocabulary.term import N_

WITHIN = 5.0  # seconds for each call
LIMITS = Limits(within=WITHIN, connect_within=WITHIN, longest=1024 * 1024)
KNOWN_FOR, AWAY_FOR = 60.0, 10.0  # seconds: what it says of itself is remembered, and that it does not answer
AT_ONCE = 4  # calls
CLOCKS_DIFFER_BY = 60  # seconds
SCOPE = "openid email profile"
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(GuestloopError):
    """Somebody cannot be signed in by the identity provider."""


class ProviderAway(ProviderError):
    def __init__(self) -> None:
        super().__init__(N_("The identity provider does not answer. Try again in a while; passwords work as ever."))


class NotBelieved(ProviderError):
    def __init__(self) -> None:
        super().__init__(N_("The identity provider's answer could not be believed. Start again from here."))


@dataclass(frozen=True)
class Departure:
    """What is remembered in the browser between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider knows them. `email`: None where it does not say that the address was verified.
    `by_two_factors`: it says that more than a password was asked for (`amr`, RFC 8176).
    """

    issuer: str
    subject: str
    email: str | None
    name: str
    by_two_factors: bool = False


class OpenIdProvider:
    """One a process. `redirect`: the address to which people come back, as it is registered there."""

    def __init__(self, settings: IdentityProvider, redirect: str) -> None:
        self._settings, self._redirect = settings, redirect
        host = urlsplit(settings.issuer).hostname
        self._reach = Reach(settings.networks, frozenset({host} if host else ()))
        self._calls, self._asking = threading.BoundedSemaphore(AT_ONCE), threading.Lock()
        self._said: tuple[float, Mapping[str, Any] | None] = (0.0, None)  # until when, and what; None: it was away

    def leave(self) -> tuple[str, Departure]:
        """The address at which somebody signs in there. Raises `ProviderAway`, `NotBelieved`."""
        from authlib.common.security import generate_token

        departure = Departure(generate_token(43), generate_token(43), generate_token(64))
        said = self._metadata()
        with self._session(said) as session:
            url, _ = session.create_authorization_url(
                said["authorization_endpoint"],
                state=departure.state,
                code_verifier=departure.verifier,
                nonce=departure.nonce,
            )
        return str(url), departure

    def come_back(self, departure: Departure, code: str, at: datetime) -> Identity:
        """Who it was. Raises `ProviderAway`, `NotBelieved`."""
        said = self._metadata()
        with self._asked(), self._session(said) as session:
            token = session.fetch_token(
                said["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                redirect_uri=self._redirect,
                code_verifier=departure.verifier,
                allow_redirects=False,
            )
            answer = session.get(said["jwks_uri"], withhold_token=True, allow_redirects=False)
            answer.raise_for_status()
            claims = self._claims(token, answer.json(), departure.nonce, at)
        is_verified = claims.get("email_verified") in (True, "true")
        email = claims.get("email") if is_verified else None
        name = next((str(claims[each]) for each in ("name", "preferred_username") if claims.get(each)), "")
        used = claims.get("amr")
        methods = {str(one) for one in used} if isinstance(used, list) else set()
        by_two = "mfa" in methods or len(methods) > 1
        return Identity(str(claims["iss"]), str(claims["sub"]), str(email) if email else None, name, by_two)

    def _claims(self, token: Mapping[str, Any], keys: Any, nonce: str, at: datetime) -> Mapping[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.jwk import KeySet

        read = jwt.decode(str(token["id_token"]), KeySet.import_key_set(keys), algorithms=list(SIGNED_BY))
        claims: Mapping[str, Any] = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": self._settings.client},
                "sub": {"essential": True},
            },
            {"nonce": nonce, "client_id": self._settings.client, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(at.timestamp()), leeway=CLOCKS_DIFFER_BY)  # type: ignore[attr-defined]
        return claims

    def _metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself; where several ask, one call is made."""
        if (known := self._known()) is not None:
            return known
        with self._asked(), self._asking:
            if (known := self._known()) is not None:
                return known
            try:
                found = self._discovered()
            except Exception:
                self._said = (time.monotonic() + AWAY_FOR, None)
                raise
            self._said = (time.monotonic() + KNOWN_FOR, found)
            return found

    def _known(self) -> Mapping[str, Any] | None:
        """None where it has to be asked. Raises `ProviderAway` where it did not answer a moment ago."""
        until, said = self._said
        if time.monotonic() >= until:
            return None
        if said is None:
            raise ProviderAway
        return said

    def _discovered(self) -> Mapping[str, Any]:
        with self._session({}) as session:
            url = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            answer = session.get(url, withhold_token=True)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        self._check(found)
        return found

    def _check(self, said: Mapping[str, Any]) -> None:
        """It is who it should be, and nothing of it is asked over a weaker connection."""
        scheme = urlsplit(self._settings.issuer).scheme
        if said.get("issuer") != self._settings.issuer:
            raise NotBelieved
        if any(urlsplit(str(said.get(name, ""))).scheme not in (scheme, "https") for name in ENDPOINTS):
            raise NotBelieved

    def _session(self, said: Mapping[str, Any]) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        from shared.outgoing.adapter import OutgoingAdapter, guard

        known = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        by_secret = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        session = OAuth2Session(
            self._settings.client,
            self._settings.secret or None,
            token_endpoint_auth_method=by_secret if self._settings.secret else "none",
            scope=SCOPE,
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            default_timeout=WITHIN,
        )
        return guard(session, OutgoingAdapter(self._reach, LIMITS))

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Around calls: what the network does and what the provider answers become errors of ours. Their own texts may
        hold a token and are not repeated."""
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError
        from requests import RequestException

        if not self._calls.acquire(blocking=False):
            raise ProviderAway
        try:
            yield
        except RequestException as error:
            raise ProviderAway from error
        except (AuthlibBaseError, JoseError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise NotBelieved from error
        finally:
            self._calls.release()
