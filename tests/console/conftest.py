"""The console's tests sign in hundreds of times: at a thousandth of the cost, but for what is about the cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.console.commands.signing_in import hashing

CHEAP = "scrypt:1024:8:1"


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "METHOD", CHEAP)
        hashing._decoy.cache_clear()
        yield
    hashing._decoy.cache_clear()
