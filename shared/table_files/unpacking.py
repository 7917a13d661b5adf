"""Unpack a file while it is read: what is missing, damaged or a bomb is told by the byte it begins at."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from shared.errors import InputError, Problem
from shared.vocabulary.file_problem import FileProblem

MB = 1024 * 1024
MOST_UNPACKED = 4096 * MB
MOST_RATIO, ALWAYS_ALLOWED = 200, 64 * MB
"""Exports pack to a tenth, repetitive ones to a hundredth. A small file may unpack to so much whatever it packs to."""


def check_size(unpacked: int, packed: int, most: int = MOST_UNPACKED) -> None:
    """Raises `InputError` where `packed` bytes unpack to more than a table can be."""
    if unpacked > min(most, max(ALWAYS_ALLOWED, MOST_RATIO * packed)):
        text = f"it unpacks to more than {unpacked // MB:,} MB"
        raise InputError(None, {"file": Problem(text, FileProblem.UNPACKS_ENDLESSLY)})


class Unpacked(io.RawIOBase):
    """The text of a gzipped file. Where that ends too soon the text ends, and `ends_early` is given the byte.

    Raises `InputError` where it is damaged, or unpacks to more than a table can be.
    """

    def __init__(self, packed: IO[bytes], ends_early: Callable[[int], None]) -> None:
        self._packed, self._ends_early = packed, ends_early
        self._size = packed.seek(0, io.SEEK_END)
        packed.seek(0)
        self._gzip = gzip.GzipFile(fileobj=packed)
        self._unpacked, self._has_ended = 0, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        if self._has_ended:
            return 0
        before = self._packed.tell()
        try:
            found = self._gzip.read1(len(buffer))
        except EOFError:
            self._has_ended = True
            self._ends_early(self._size)
            return 0
        except (zlib.error, gzip.BadGzipFile) as error:
            raise damaged(f"the file is damaged from byte {before:,} on") from error
        self._unpacked += len(found)
        check_size(self._unpacked, self._size)
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._gzip.close()
            self._packed.close()
        super().close()


class Member(io.RawIOBase):
    """A file of a zip archive. Raises `InputError` where it is damaged, locked, or more than a table can be."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self._about = archive, archive.getinfo(name)
        try:
            self._file = archive.open(name)
        except RuntimeError as error:  # it is encrypted
            text = f"«{name}» in the archive is locked with a password"
            raise InputError(None, {"file": Problem(text, FileProblem.LOCKED)}) from error
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise damaged(f"«{name}» in the archive cannot be unpacked") from error
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        try:
            found = self._file.read(len(buffer))
        except (zlib.error, zipfile.BadZipFile, EOFError) as error:
            text = f"«{self._about.filename}» in the archive is damaged from byte {self._unpacked:,} of its text on"
            raise damaged(text) from error
        self._unpacked += len(found)
        check_size(self._unpacked, self._about.compress_size)
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            self._archive.close()
        super().close()


def damaged(text: str) -> InputError:
    return InputError(None, {"file": Problem(text, FileProblem.DAMAGED)})
