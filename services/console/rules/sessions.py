"""Sessions: how somebody proved who they are, and what is kept of the machine they used."""

from __future__ import annotations

import ipaddress
import re

from shared.vocabulary.term import N_, Term

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""What a browser writes of itself, and its name; the first that is found counts, since each names its forebears too."""


class SignedInBy(Term):
    """How somebody proved who they are."""

    PASSWORD = "password", N_("with the password")
    AUTHENTICATOR = "authenticator", N_("with a code of the authenticator app")
    RECOVERY_CODE = "recovery_code", N_("with a recovery code")
    PASSKEY = "passkey", N_("with a passkey")
    OIDC = "oidc", N_("with the house's own sign-in")


def device_words(user_agent: str) -> str:
    """Browser and system, as «Firefox · Windows»; empty where neither is known. Names of products stay untranslated."""
    found = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return " · ".join(name for name in found if name)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if re.search(rf"\b{re.escape(sign)}\b", user_agent)), "")


def network_words(address: str) -> str:
    """The network of an address, without what tells one machine from another: «192.0.2.x», «2001:db8:1::x»."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if isinstance(found, ipaddress.IPv4Address):
        return f"{str(found).rpartition('.')[0]}.x"
    network = ipaddress.ip_network((found, 48), strict=False)
    return f"{network.network_address}x"
