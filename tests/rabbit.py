"""A RabbitMQ of the tests' own: a private node on 127.0.0.1 that can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pika
from pika.exceptions import AMQPError

from shared.embedded.programs import dies_with_parent
from tests.loopback import free_ports

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the plain script; the one in PATH insists on a user
START_WITHIN = 300.0  # a busy machine is no failure


def why_not() -> str | None:
    """Why no node can be started here; None where one can."""
    if not SERVER.exists():
        return "RabbitMQ is not installed (Debian: rabbitmq-server)"
    if shutil.which("epmd") is None:
        return "Erlang's epmd is not installed (it comes with rabbitmq-server)"
    return None


class RabbitNode:
    """One node, all of it in `folder`. A node that was killed starts again with what it had written.

    RabbitMQ 3.10 may lose a quorum queue younger than a second when it is killed: let queues grow older first.
    """

    host = "127.0.0.1"  # where it listens to clients
    among_nodes = "127.0.0.1"  # and to other nodes

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self._dist_port, self._epmd_port = free_ports(3)
        self._node: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return f"guestloop{self.port}@localhost"

    @property
    def place(self) -> tuple[str, int]:
        return self.host, self.port

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{self.host}:{self.port}/%2F"

    def start(self) -> None:
        """Start and wait until it takes connections."""
        self._write_configuration()
        if self._epmd is None:
            # foreground, on a port of its own: no daemon is left behind
            self._epmd = self._spawn("epmd", "-port", str(self._epmd_port), "-address", self.among_nodes)
        self._node = self._spawn(str(SERVER))
        deadline = time.monotonic() + START_WITHIN
        while not self._answers():
            if self._node.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"RabbitMQ did not start: {self._last_words()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL for the whole node, as if the power went."""
        if self._node is not None:
            os.killpg(self._node.pid, signal.SIGKILL)
            self._node.wait()
            self._node = None

    def stop(self) -> None:
        """End for good; nothing of it is needed any more."""
        self.kill()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "output").open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )

    def _environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PATH": os.environ.get("PATH", os.defpath) + ":/usr/sbin",
            "HOME": folder,  # Erlang keeps its cookie there
            "LANG": "C.UTF-8",
            "ERL_EPMD_ADDRESS": self.among_nodes,
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_NODENAME": self.name,
            "RABBITMQ_NODE_IP_ADDRESS": self.host,
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/env.conf",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/none.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/generated",
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_ALLOW_INPUT": "1",  # the script becomes the node, rather than waiting for it
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                f"-noinput -kernel inet_dist_use_interface {{{self.among_nodes.replace('.', ',')}}} "
                "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
            ),
        }

    def _write_configuration(self) -> None:
        (self.folder / "env.conf").write_text("")
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "rabbitmq.conf").write_text(
            "vm_memory_high_watermark.absolute = 512MB\n"
            "disk_free_limit.absolute = 50MB\n"
            "raft.wal_max_size_bytes = 33554432\n"
            "log.file.level = warning\n"
        )

    def _answers(self) -> bool:
        try:
            socket.create_connection(self.place, timeout=1).close()
            pika.BlockingConnection(pika.URLParameters(self.url)).close()
        except (OSError, AMQPError):
            return False
        return True

    def _last_words(self) -> str:
        return (self.folder / "output").read_text(errors="replace")[-1000:]
