"""Settings of how colleagues sign in: the house's own identity provider, by OpenID Connect."""

from __future__ import annotations

from urllib.parse import urlsplit

from shared.settings.setting import SetBy, Setting, one_of, switch
from shared.vocabulary.role import PEOPLE, Role

NEWCOMERS = tuple(str(role) for role in PEOPLE if role is not Role.ADMINISTRATOR)


def issuer(text: str) -> str:
    """https://host[/path], as the provider writes it; http on this machine alone."""
    split = urlsplit(text)
    is_local = split.scheme == "http" and split.hostname in ("127.0.0.1", "localhost", "::1")
    if not split.hostname or split.query or split.fragment or not (split.scheme == "https" or is_local):
        raise ValueError(f"the issuer's https:// address, not «{text}»")
    return text


OIDC_ISSUER = Setting(
    "GUESTLOOP_OIDC_ISSUER",
    "the identity provider by which colleagues sign in (OpenID Connect); its address as it writes it itself",
    issuer,
    "",
    "https://login.example.com/realms/hotel",
    "console",
)
OIDC_CLIENT = Setting("GUESTLOOP_OIDC_CLIENT", "our client id at the provider", str, "", "guestloop", "console")
OIDC_SECRET = Setting(
    "GUESTLOOP_OIDC_SECRET",
    "the client's secret, where the provider gave one",
    str,
    "",
    "secret",
    "console",
    set_by=SetBy.SECRET,
)
OIDC_LABEL = Setting(
    "GUESTLOOP_OIDC_LABEL",
    "what the button at the sign-in says of it: «Sign in with …»",
    str,
    "SSO",
    "Casa do Tejo",
    "console",
)
OIDC_NEWCOMERS = Setting(
    "GUESTLOOP_OIDC_NEWCOMERS",
    "the role of an account that a first sign-in makes, "
    f"{', '.join(f'`{role}`' for role in NEWCOMERS)}; without it only invited people come in",
    one_of(*NEWCOMERS),
    "",
    "analyst",
    "console",
)
OIDC_ONLY = Setting(
    "GUESTLOOP_OIDC_ONLY",
    "`1`: nobody but administrators signs in with a password",
    switch,
    False,
    "1",
    "console",
    default_text="off",
)
