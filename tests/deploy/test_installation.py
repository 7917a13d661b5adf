"""The image is built, composed and driven for real, restarted under load, backed up and restored. Needs Docker."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guestloop.composition.services import SERVICES, database_name
from tests.deploy.roles import ROOT, every_role

pytestmark = pytest.mark.proof
TOKEN = "a-token-of-the-trial"
PORT, SINK_PORT = "18081", "18026"


def why_not() -> str | None:
    if shutil.which("docker") is None or subprocess.run(["docker", "info"], capture_output=True).returncode:
        return "Docker does not answer"
    return None


@dataclass(frozen=True)
class Installation:
    compose: tuple[str, ...]
    environment: Mapping[str, str]
    said: str

    def run(self, *command: str, check: bool = True, stdin: bytes | None = None) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=dict(self.environment), capture_output=True, timeout=1800, input=stdin
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode(errors="replace")

    def composed(self, *arguments: str) -> str:
        return self.run(*self.compose, *arguments)

    def sql(self, service: str, query: str) -> str:
        psql = ("exec", "-T", "postgres", "psql", "-U", "postgres", "-At", "-d", database_name(service), "-c", query)
        return self.composed(*psql).strip()

    def status(self) -> dict[str, Any]:
        text = self.run("deploy/guestloop", "status", "--json", stdin=b"")
        found: dict[str, Any] = json.loads(text.splitlines()[-1])
        return found


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """What deploy/smoke leaves running, and has driven to an open case."""
    if reason := why_not():
        pytest.skip(reason)
    secrets = tmp_path_factory.mktemp("private")
    (secrets / "twilio_token").write_text(TOKEN)
    (secrets / "twilio_token").chmod(0o444)
    told = {"SMOKE_SECRETS": str(secrets), "SMOKE_PORT": PORT, "SMOKE_SINK_PORT": SINK_PORT}
    environment = {**os.environ, "BUILD_WITH": "--network host", **told}
    done = subprocess.run(["deploy/smoke", "--keep"], cwd=ROOT, env=environment, capture_output=True, text=True)
    v2 = subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
    compose = (*(("docker", "compose") if v2 else ("docker-compose",)), "-f", "deploy/compose.yaml")
    compose = (*compose, "-f", "deploy/trial/compose.yaml")
    origin = f"http://127.0.0.1:{PORT}"
    environment |= {"COMPOSE_PROJECT_NAME": "guestloop-smoke", "GUESTLOOP_SECRETS": str(secrets)}
    environment |= {"GUESTLOOP_LISTEN": origin.removeprefix("http://"), "GUESTLOOP_ORIGIN": origin}
    environment |= {"GUESTLOOP_EMAIL": "smtp", "GUESTLOOP_SMTP_HOST": "mail-sink", "GUESTLOOP_SMTP_PORT": "1025"}
    environment |= {"GUESTLOOP_SMTP_SECURITY": "none", "GUESTLOOP_MAIL_FROM": "hello@prova.example.com"}
    environment |= {"GUESTLOOP_SINK_LISTEN": f"127.0.0.1:{SINK_PORT}", "COMPOSE": " ".join(compose)}
    found = Installation(compose, environment, done.stdout + done.stderr)
    try:
        assert done.returncode == 0, found.said[-8000:]
        yield found
    finally:
        found.composed("down", "--volumes", "--remove-orphans")


def test_the_main_job_is_done_through_the_gateway(installation: Installation) -> None:
    assert "the whole way was gone: imported, asked, answered, case open" in installation.said


def test_every_role_is_able_to_work_and_small_at_rest(installation: Installation) -> None:
    names = installation.composed("config", "--services").split()
    assert {f"{service}-{role}" for service, role in every_role()} <= set(names)
    listed = installation.run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}")
    used = dict(re.findall(r"^guestloop-smoke[_-](\S+?)[_-]1 ([\d.]+)MiB", listed, re.MULTILINE))
    print(json.dumps(used, indent=1))
    fat = {name: amount for name, amount in used.items() if float(amount) > 120}
    assert not set(fat) - {"postgres", "rabbitmq"}


def test_the_desk_checks_exports_and_lists(installation: Installation) -> None:
    """It knows by which sender mail goes: it was told «sandbox» of an installation that had sent."""
    checked = installation.run("deploy/guestloop", "check", stdin=b"")
    assert "sender of email: smtp" in checked and "mail server: mail-sink:1025 answers" in checked
    written = json.loads(
        installation.run("deploy/guestloop", "export", "desk/all", "--json", stdin=b"").splitlines()[-1]
    )
    assert sum(written.values()) > 0
    assert installation.composed("run", "--rm", "-T", "desk", "ls", "desk/all").split()
    assert "nothing is set aside" in installation.run("deploy/guestloop", "letters", "list", stdin=b"")


def test_a_service_has_no_way_into_the_database_of_another(installation: Installation) -> None:
    url = (Path(installation.environment["GUESTLOOP_SECRETS"]) / "feedback_database").read_text().strip()
    other = f"{url.rpartition('/')[0]}/guestloop_segments"
    said = refusal(installation, "feedback-web", f"import psycopg; psycopg.connect('{other}')")
    assert 'permission denied for database "guestloop_segments"' in said


def test_a_service_says_nothing_in_anothers_name_and_reads_no_queue_of_its(installation: Installation) -> None:
    connect = """
import os, pika
url = open(os.environ["GUESTLOOP_BROKER_FILE"]).read().strip()
channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
channel.confirm_delivery()
"""
    published = connect + "channel.basic_publish('guestloop', 'guest.erased.v1.stay', b'{}')"
    assert "ACCESS_REFUSED" in refusal(installation, "feedback-relay", published)
    read = connect + "channel.basic_get('messaging.requests.stay')"
    assert "ACCESS_REFUSED" in refusal(installation, "feedback-relay", read)


def refusal(installation: Installation, role: str, code: str) -> str:
    command = [*installation.compose, "exec", "-T", role, "python", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=dict(installation.environment), capture_output=True, text=True)
    assert done.returncode
    return done.stderr


def test_every_role_is_restarted_under_load_and_no_webhook_is_refused(installation: Installation) -> None:
    command = [sys.executable, "deploy/trial/webhooks.py", f"http://127.0.0.1:{PORT}", TOKEN]
    hooks = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        rolled = installation.run("deploy/roll").split()
    finally:
        hooks.terminate()
        told = json.loads(hooks.communicate(timeout=60)[0])
    print(told)
    assert set(rolled) == {f"{service}-{role}" for service, role in every_role()}
    assert told["refused"] == [] and told["handed_in"] > 0
    assert int(installation.sql("feedback", "select count(*) from reply")) == told["handed_in"]


def test_what_was_backed_up_comes_back_and_is_not_sent_again(installation: Installation) -> None:
    before = installation.status()
    roles = [f"{service}-{role}" for service, role in every_role()]
    installation.composed("stop", *roles)
    script = "for one in {}; do pg_dump -U postgres -Fc -f /tmp/$one.dump guestloop_$one; done".format(
        " ".join(SERVICES)
    )
    installation.composed("exec", "-T", "postgres", "bash", "-ec", script)
    lost = "for one in {}; do dropdb -U postgres guestloop_$one; done".format(" ".join(SERVICES))
    installation.composed("exec", "-T", "postgres", "bash", "-ec", lost)
    back = "for one in {}; do pg_restore -U postgres --create -d postgres /tmp/$one.dump; done".format(
        " ".join(SERVICES)
    )
    installation.composed("exec", "-T", "postgres", "bash", "-ec", back)
    installation.composed("run", "--rm", "-T", "migrate", "guestloop", "restored")
    installation.composed("start", *roles)
    after = installation.status()
    assert after["segments"]["guests"] == before["segments"]["guests"] > 0
    assert after["messaging"]["sent"] == before["messaging"]["sent"] == 1
