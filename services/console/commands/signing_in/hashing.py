"""Hashes of passwords: scrypt at the recommended cost, and only so many at once.

One takes 32 MB and a fifth of a second of a processor. Strangers may start as many sign-ins as they like, so they pass
one after another, a few wait, and whoever comes then is told to come again; people on devices that are known have a
turnstile of their own, which strangers cannot block.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

from shared.errors import Busy
from shared.vocabulary.term import N_

METHOD = "scrypt:32768:8:3"
FORMER = "scrypt:32768:8:1"
DIFFERENCE = "scrypt:32768:8:2"
"""What checking a hash of the former cost lacks of the present one: with it, both take as long."""


class TooBusy(Busy):
    """Too many passwords are being checked at this moment."""

    def __init__(self) -> None:
        super().__init__(N_("Many people sign in at this moment; try again in a few seconds."))


class Turnstile:
    """Lets so many through at once and so many more wait; refuses everybody else."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(at_once + waiting)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Raises `TooBusy`."""
        if not self._room.acquire(blocking=False):
            raise TooBusy()
        try:
            with self._places:
                yield
        finally:
            self._room.release()


KNOWN, STRANGERS = Turnstile(at_once=1, waiting=7), Turnstile(at_once=1, waiting=3)


def hashed(password: str) -> str:
    """Raises `TooBusy`."""
    with KNOWN.passing():
        return generate_password_hash(password, METHOD)


def matches(password_hash: str | None, password: str, *, known: bool = True) -> bool:
    """Whether the password has that hash; False without one, which takes as long. `known`: whoever asks is no stranger.

    Raises `TooBusy`.
    """
    with (KNOWN if known else STRANGERS).passing():
        right = check_password_hash(password_hash or _decoy(), password)
        if password_hash and password_hash.startswith(f"{FORMER}$"):
            generate_password_hash(password, DIFFERENCE)
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made at a cost that is no longer the recommended one."""
    return not password_hash.startswith(f"{METHOD}$")


@cache
def _decoy() -> str:
    return generate_password_hash(secrets.token_hex(), METHOD)
