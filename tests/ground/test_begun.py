"""A key taken in once gives what the standard library gives."""

from __future__ import annotations

import hmac

import pytest

from shared.crypto.begun import BegunHmac


@pytest.mark.parametrize("length", [0, 1, 32, 64, 65, 200])
def test_it_is_the_hmac_of_the_standard_library_again_and_again(length: int) -> None:
    key = bytes(range(length))
    begun = BegunHmac(key)
    for text in (b"", b"one", b"x" * 500, b"one"):
        assert begun.digest(text) == hmac.digest(key, text, "sha256")
