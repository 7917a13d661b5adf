"""Where an installation keeps what is its own: the embedded database and the key ring."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from shared.crypto.purposes import IN_THE_RING, Hashing, KeyPurpose
from shared.crypto.sealing import KeyRing
from shared.embedded.server import EmbeddedPostgres, Progress
from shared.errors import SettingError
from shared.settings.backups import BACKUPS
from shared.settings.environment import IN_A_FILE
from shared.settings.installation import ERASURE_KEYS, HOME, KEYS
from shared.settings.setting import Setting

FILES: Mapping[Setting[str], tuple[str, tuple[KeyPurpose, ...]]] = {
    KEYS: ("keys", IN_THE_RING),
    ERASURE_KEYS: ("erasure_keys", tuple(Hashing)),
}
"""Which file holds the keys of which purposes where the environment does not give them."""


class Home:
    """A folder: `postgres/` is the embedded server's, `keys` and `erasure_keys` the key ring (readable by its owner
    only).
    """

    def __init__(
        self,
        path: Path,
        *,
        durable: bool = True,
        archived: bool = False,
        keys: str | None = None,
        erasure_keys: str | None = None,
    ) -> None:
        self.path, self.durable, self.archived = path.absolute(), durable, archived
        self._given = {KEYS: keys, ERASURE_KEYS: erasure_keys}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Home:
        """The home of `GUESTLOOP_HOME` (default `.guestloop`); `GUESTLOOP_KEYS` overrides its key ring."""
        keys, erasure_keys = KEYS.read(environment) or None, ERASURE_KEYS.read(environment) or None
        archived = BACKUPS.read(environment) is not None
        return cls(HOME.read(environment), archived=archived, keys=keys, erasure_keys=erasure_keys)

    def open(self) -> None:
        """Make the folder, closed to others, where it is missing."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingError(f"GUESTLOOP_HOME: the folder {self.path} cannot be made: {error.strerror}.") from error
        owner = self.path.stat().st_uid
        if os.geteuid() not in (0, owner) or not os.access(self.path, os.W_OK | os.X_OK):
            raise SettingError(
                f"GUESTLOOP_HOME: the folder {self.path} is not yours to write in (it is user {owner}'s): "
                "start Guestloop as that user, or name a folder of your own."
            )

    def postgres(self, progress: Progress = lambda _: None) -> EmbeddedPostgres:
        folder = self.path / "postgres"
        return EmbeddedPostgres(folder, durable=self.durable, archived=self.archived, progress=progress)

    def keyring(self) -> KeyRing:
        """The keys of the environment, else of the files `keys` and `erasure_keys`, which are made the first time."""
        return KeyRing.parse(*(self._given[one] or self._file(one).read_text() for one in FILES))

    def with_keys(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The environment of a process that is to use this home's key ring."""
        given = {one.name: text for one in FILES if (text := self._given[one])}
        files = {f"{one.name}{IN_A_FILE}": str(self._file(one)) for one in FILES if not self._given[one]}
        return {**environment, **given, **files}

    def _file(self, setting: Setting[str]) -> Path:
        name, purposes = FILES[setting]
        path = self.path / name
        if not path.exists():
            new = self.path / f"{name}.{os.getpid()}.{threading.get_ident()}"
            new.touch(mode=0o600)
            new.write_text(KeyRing.fresh(purposes) + "\n")
            self._like_home(new)
            with_both_names(new, path)
        return path

    def _like_home(self, path: Path) -> None:
        if os.geteuid() == 0:
            status = self.path.stat()
            os.chown(path, status.st_uid, status.st_gid)


def with_both_names(new: Path, path: Path) -> None:
    """Give a finished file its lasting name unless another process was quicker, then drop the first name."""
    try:
        path.hardlink_to(new)
    except FileExistsError:
        pass
    finally:
        new.unlink()


@contextmanager
def throw_away_home() -> Iterator[Home]:
    """A home of its own for one run, removed at the end, also after an error, Ctrl-C or a polite kill."""
    path = Path(tempfile.mkdtemp(prefix="guestloop-home-"))
    before = signal.signal(signal.SIGTERM, _end) if threading.current_thread() is threading.main_thread() else None
    try:
        yield Home(path, durable=False, keys=KeyRing.fresh(IN_THE_RING), erasure_keys=KeyRing.fresh(tuple(Hashing)))
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
