"""Addresses that people give for other systems: what may be asked at all. Where it may lie is `reach`'s to say."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def web_address(url: str, *, plain_allowed: bool) -> SplitResult | None:
    """Its parts; None where it is no address of a web server. `plain_allowed`: http too, for systems in a listed
    network.
    """
    try:
        split = urlsplit(url)
        _ = split.port
    except ValueError:
        return None
    schemes = ("https", "http") if plain_allowed else ("https",)
    is_one = split.scheme in schemes and bool(split.hostname) and "@" not in split.netloc and url.isprintable()
    return split if is_one else None
