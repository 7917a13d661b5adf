"""What root meets: PostgreSQL refuses root, and whom it runs as instead may not see root's folders.

None of it exists for an ordinary user, so there these tests are not made.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shared.embedded.programs import Programs, copied_within_reach, programs_for
from shared.embedded.server import EmbeddedPostgres
from shared.errors import GuestloopError


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder only root may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder everybody may walk to."""
    folder = Path(tempfile.mkdtemp(prefix="guestloop-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def works(folder: Path) -> str:
    with EmbeddedPostgres(folder, durable=False) as server, psycopg.connect(server.admin_dsn()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    return "works"


def as_user(person: pwd.struct_passwd, action: Callable[[], str]) -> str:
    """What `action` returns, or the error it ends with, in a process of that user."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setgid(person.pw_gid)
            os.setuid(person.pw_uid)
            said = action()
        except GuestloopError as error:
            said = str(error)
        except BaseException as error:
            said = repr(error)
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        return pipe.read()


if os.geteuid() == 0:
    NOBODY = pwd.getpwnam("nobody")

    def test_root_runs_it_as_nobody_even_below_a_folder_that_nobody_may_enter(closed: Path) -> None:
        folder = closed / "home" / "postgres"
        for _ in range(2):
            assert works(folder) == "works"
        assert (folder / "data").stat().st_uid == NOBODY.pw_uid
        assert closed.stat().st_uid == 0  # what is not ours is left as it is

    def test_root_runs_it_as_the_owner_of_the_home_who_can_then_start_it_too(open_place: Path) -> None:
        home = open_place / "home"
        home.mkdir(mode=0o700)
        os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
        assert works(home / "postgres") == "works"
        assert all(path.stat().st_uid == NOBODY.pw_uid for path in (home / "postgres").iterdir())
        said = as_user(NOBODY, lambda: works(home / "postgres"))
        programs = Programs(programs_for(home).folder, NOBODY)
        if programs.can_access(programs.folder / "bin" / "postgres"):
            assert said == "works"
        else:  # the checkout itself is closed to that user
            assert len(said.splitlines()) == 1

    def test_a_home_that_root_made_is_refused_to_others_in_one_sentence(open_place: Path) -> None:
        folder = open_place / "postgres"
        folder.mkdir()
        said = as_user(NOBODY, lambda: works(folder))
        assert "belongs to somebody else (user 0)" in said
        assert len(said.splitlines()) == 1

    def closed_programs(closed: Path) -> Programs:
        """The wheel's programs as they are in an environment below a folder that only root enters."""
        package = programs_for(closed).folder.parent
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.with_name(name), closed / name, symlinks=True)
        return Programs(closed / package.name / programs_for(closed).folder.name, NOBODY)

    def test_programs_that_nobody_may_reach_run_from_a_copy(closed: Path, open_place: Path) -> None:
        copy = copied_within_reach(closed_programs(closed), open_place)
        assert copy.folder.is_relative_to(open_place)
        for name in ("postgres", "initdb"):
            with (open_place / "said").open("wb") as output:
                assert copy.start(name, ["--version"], inside=open_place, output=output).wait() == 0
        assert copied_within_reach(copy, open_place) == copy

    def test_programs_out_of_reach_make_and_run_a_whole_server(
        closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out_of_reach = closed_programs(closed)
        monkeypatch.setattr("shared.embedded.server.programs_for", lambda _: out_of_reach)
        assert works(tmp_path / "postgres") == "works"
