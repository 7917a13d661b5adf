"""How kombu's connections to the broker are made."""

from __future__ import annotations

from typing import Any

from kombu import Connection


def connect(url: str, **options: Any) -> Any:
    """A kombu connection, opened when first used.

    By amqps:// the certificate must name the host of the URL; SSL_CERT_FILE names an authority unknown to the system.
    """
    by_host: Any = {"server_hostname": None} if url.startswith("amqps://") else False  # None: the URL's
    return Connection(url, ssl=by_host, **options)
