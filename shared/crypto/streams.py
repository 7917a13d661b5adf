"""Files of any length are sealed as they are written and opened as they are read; no more than a block is in memory.

A file: a line with the form, a line with the name of the key, 16 bytes of salt, then blocks. Each file has a key of its
own, made of the named key, the salt and what the file is, so that one put in the place of another does not open. A
block is its length and up to 1 MiB, compressed or as it is, under AES-GCM with its number and whether it is the last:
blocks that were swapped, dropped, repeated or cut off at the end are found (the construction is STREAM, as age uses
it).
"""

from __future__ import annotations

import base64
import os
import zlib
from collections.abc import Iterator, Mapping
from typing import IO, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.errors import GuestloopError, SettingError

FORM = b"guestloop stream 1\n"
BLOCK = 1 << 20
TAG = 16  # bytes that a sealed block is longer
LENGTH = 4  # bytes before a block, which say how long it is
LONGEST = 2 * BLOCK
AS_IT_IS, COMPRESSED = b"\x00", b"\x01"
SAMPLE, WORTH_IT = 1 << 14, 0.7
LONGEST_NAME = 100
SALT = 16


class CannotOpenStream(GuestloopError):
    """A sealed file is cut short, was altered, is another file than its name says, or its key is not here."""


class StreamKeys:
    """Keys of 32 bytes by name: the first one seals, all of them open."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys or any(len(key) != 32 for key in keys.values()):
            raise SettingError("keys of 32 bytes each are needed")
        self._keys = dict(keys)

    @classmethod
    def parse(cls, text: str) -> StreamKeys:
        """`backup.2=<base64>,backup.1=<base64>`. Raises `SettingError`."""
        try:
            pairs = [part.split("=", 1) for part in text.strip().split(",")]
            return cls({name.strip(): base64.b64decode(value, validate=True) for name, value in pairs})
        except ValueError as error:
            raise SettingError("keys read <key name>=<base64>[,…]") from error

    @staticmethod
    def fresh(name: str) -> str:
        """The text form of one new key."""
        return f"{name}={base64.b64encode(os.urandom(32)).decode()}"

    @property
    def first(self) -> str:
        return next(iter(self._keys))

    def sealer(self, name: str, salt: bytes, what: str) -> AESGCM:
        """Raises `CannotOpenStream` where the key is not here."""
        if name not in self._keys:
            raise CannotOpenStream(
                f"{what} is sealed under the key «{name}», which is not among the keys that are set."
            )
        info = f"guestloop stream {what}".encode()
        return AESGCM(HKDF(SHA256(), 32, salt=salt, info=info).derive(self._keys[name]))


class SealingStream:
    """Seals what is written into `file`, which is `what`. `close` writes the last block: without it nothing opens.

    A block whose beginning does not become much shorter is kept as it is: most of a house is sealed already, and to
    compress it costs ten times what sealing costs.
    """

    def __init__(self, file: BinaryIO, keys: StreamKeys, what: str) -> None:
        salt = os.urandom(SALT)
        self._file, self._sealer = file, keys.sealer(keys.first, salt, what)
        self._waiting, self._number = bytearray(), 0
        file.write(FORM + keys.first.encode() + b"\n" + salt)

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > BLOCK:
            self._seal(bytes(self._waiting[:BLOCK]), is_last=False)
            del self._waiting[:BLOCK]

    def close(self) -> None:
        """The file itself stays open."""
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, block: bytes, *, is_last: bool) -> None:
        sealed = self._sealer.encrypt(_nonce(self._number, is_last), _packed(block), None)
        self._file.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        self._number += 1


def seal_all(plain: IO[bytes], file: BinaryIO, keys: StreamKeys, what: str) -> None:
    """What is left of `plain`, into `file`."""
    stream = SealingStream(file, keys, what)
    while piece := plain.read(BLOCK):
        stream.write(piece)
    stream.close()


def open_all(file: BinaryIO, keys: StreamKeys, what: str, plain: IO[bytes]) -> None:
    """The whole of `file`, into `plain`. Raises `CannotOpenStream`."""
    for piece in opened(file, keys, what):
        plain.write(piece)


def opened(file: BinaryIO, keys: StreamKeys, what: str) -> Iterator[bytes]:
    """What was sealed as `what`, piece by piece. Raises `CannotOpenStream`, perhaps after some pieces: what they were
    used for is then to be thrown away.
    """
    sealer = _begun(file, keys, what)
    number, block = 0, _read_block(file)
    while True:
        after = _read_block(file)
        try:
            yield _unpacked(sealer.decrypt(_nonce(number, not after), block, None))
        except (InvalidTag, ValueError, zlib.error) as error:
            raise CannotOpenStream(f"{what} is cut short or was altered.") from error
        if not after:
            return
        block, number = after, number + 1


def _packed(block: bytes) -> bytes:
    sample = block[:SAMPLE]
    if len(zlib.compress(sample, 1)) > WORTH_IT * len(sample):
        return AS_IT_IS + block
    return COMPRESSED + zlib.compress(block, 1)


def _unpacked(packed: bytes) -> bytes:
    kind, content = packed[:1], packed[1:]
    return zlib.decompress(content) if kind == COMPRESSED else content


def _read_block(file: BinaryIO) -> bytes:
    """Nothing at the end; a block of less than it should hold, or of a length that none has, does not open."""
    length = int.from_bytes(file.read(LENGTH), "big")
    return file.read(min(length, LONGEST))


def _begun(file: BinaryIO, keys: StreamKeys, what: str) -> AESGCM:
    if file.read(len(FORM)) != FORM:
        raise CannotOpenStream(f"{what} is not a sealed file.")
    name = file.readline(LONGEST_NAME).rstrip(b"\n").decode(errors="replace")
    return keys.sealer(name, file.read(SALT), what)


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")
