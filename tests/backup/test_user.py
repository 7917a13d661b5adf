"""What `guestloop provision` writes for the backups: a user who may take them, and change nothing."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from guestloop.backup.house import CannotBackUp, House
from guestloop.backup.take import take
from guestloop.composition.services import SERVICES, database_name
from guestloop.operations.provision import provision
from shared.crypto.streams import StreamKeys
from shared.embedded.server import EmbeddedPostgres
from tests.backup.conftest import Backups


def psql(server: EmbeddedPostgres, script: Path) -> None:
    """As the server's image runs it, and an operator."""
    told = conninfo_to_dict(server.admin_dsn())
    program = House("").programs_here(Path.cwd()).folder / "bin" / "psql"
    place = make_conninfo("", **{key: str(value) for key, value in told.items() if key != "password"})
    command = [str(program), place, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script)]
    done = subprocess.run(
        command, env={**os.environ, "PGPASSWORD": str(told["password"])}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def user(backups: Backups, tmp_path: Path) -> House:
    """Of a fresh installation's secrets, on this server."""
    provision(tmp_path / "private", database_host="db:5432", broker_host="rabbitmq:5672")
    backups.server.create_databases([database_name(one) for one in SERVICES])
    psql(backups.server, tmp_path / "private" / "backup.sql")
    psql(backups.server, tmp_path / "private" / "backup.sql")  # once more, as after an upgrade
    StreamKeys.parse((tmp_path / "private" / "backup_keys").read_text())
    given = conninfo_to_dict((tmp_path / "private" / "backup_database").read_text().strip())
    assert (given["host"], given["dbname"]) == ("db", "postgres")
    here = {"host": conninfo_to_dict(backups.server.admin_dsn())["host"], "dbname": "postgres"}
    return House(make_conninfo("", **here, user=str(given["user"]), password=str(given["password"])))


def test_the_user_takes_backups_and_changes_nothing(backups: Backups, user: House) -> None:
    note = take(replace(backups.taking, house=user))
    assert note.counts["guestloop_segments"]["guest"] == 1000
    with user.connect("guestloop_segments") as connection:
        assert connection.execute("select count(*) from guest").fetchone() == (1000,)
        for change in ("delete from guest", "create table x ()", "create role y"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change.encode())


def test_a_right_that_is_missing_is_said_with_what_gives_it(backups: Backups, user: House) -> None:
    backups.asks("postgres", "revoke execute on function pg_create_restore_point(text) from guestloop_backup")
    with pytest.raises(CannotBackUp, match=r"permission denied for function pg_create_restore_point.*run backup\.sql"):
        take(replace(backups.taking, house=user))
    assert backups.folder.notes() == []
