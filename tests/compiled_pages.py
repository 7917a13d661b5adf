"""Templates of pages are compiled once a run: hundreds of tests build an application each, all of the same files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache, FileSystemBytecodeCache

OF_A_RUN = "tests-"
"""How the folder begins in which a run has its files (`tests.conftest`)."""


class CompiledPages(BytecodeCache):
    """By file and content, as Jinja names them: in memory, and in the run's folder for its other workers."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))
        if bucket.code is None and (shared := _shared()):
            shared.load_bytecode(bucket)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._keep(bucket)
        if shared := _shared():
            shared.dump_bytecode(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._compiled[bucket.key, bucket.checksum] = bucket.code


def _shared() -> BytecodeCache | None:
    """None where the run has no folder of its own: what another run compiled may be of other settings."""
    folder = Path(tempfile.gettempdir())
    if not folder.name.startswith(OF_A_RUN):
        return None
    pages = folder / "compiled-pages"
    pages.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(pages))
