"""A private Postfix and a private Dovecot on loopback, each in a folder of its own, which send nothing beyond it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tests.loopback import free_port

ARE_THERE = os.geteuid() == 0 and all(
    map(shutil.which, ("/usr/sbin/postfix", "/usr/sbin/smtp-sink", "/usr/sbin/dovecot"))
)
WHY_NOT = "Postfix and Dovecot start as root alone, where deploy/install-mail-servers installed them"
NEVER_OUTSIDE = "error:5.4.4 nothing is sent beyond this machine"

MAIN = """
    compatibility_level = 3.6
    queue_directory = {folder}/queue
    data_directory = {folder}/data
    daemon_directory = /usr/lib/postfix/sbin
    command_directory = /usr/sbin
    maillog_file = {folder}/log
    maillog_file_prefixes = {folder}
    inet_interfaces = 127.0.0.1
    inet_protocols = ipv4
    myhostname = mail.alfama.example
    mydestination =
    mynetworks = 127.0.0.0/8
    smtpd_relay_restrictions = permit_mynetworks, reject
    smtpd_peername_lookup = no
    smtp_dns_support_level = disabled
    smtp_host_lookup = native
    smtp_tls_security_level = none
    transport_maps = texthash:{folder}/transport
    default_transport = {never}
    relay_transport = {never}
    local_transport = {never}
    virtual_transport = {never}
    alias_maps =
    alias_database =
    recipient_delimiter = +
    lmtp_destination_recipient_limit = 1
    maximal_queue_lifetime = 4s
    bounce_queue_lifetime = 4s
    queue_run_delay = 1s
    minimal_backoff_time = 1s
    maximal_backoff_time = 1s
    smtputf8_enable = no
"""
MASTER = """
    127.0.0.1:{port} inet n - n - - smtpd
    pickup unix n - n 60 1 pickup
    cleanup unix n - n - 0 cleanup
    qmgr unix n - n 300 1 qmgr
    rewrite unix - - n - - trivial-rewrite
    bounce unix - - n - 0 bounce
    defer unix - - n - 0 bounce
    trace unix - - n - 0 bounce
    verify unix - - n - 1 verify
    flush unix n - n 1000? 0 flush
    proxymap unix - - n - - proxymap
    smtp unix - - n - - smtp
    relay unix - - n - - smtp
    lmtp unix - - n - - lmtp
    error unix - - n - - error
    retry unix - - n - - error
    discard unix - - n - - discard
    anvil unix - - n - 1 anvil
    scache unix - - n - 1 scache
    postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """
    base_dir = {folder}/run
    log_path = {folder}/log
    protocols = imap
    listen = 127.0.0.1
    ssl = no
    disable_plaintext_auth = no
    mail_location = maildir:{folder}/Maildir
    mail_uid = {owner}
    mail_gid = {owner}
    first_valid_uid = 1
    first_valid_gid = 1
    passdb {{
      driver = static
      args = password=secret
    }}
    userdb {{
      driver = static
      args = uid={owner} gid={owner} home={folder}
    }}
    service imap-login {{
      chroot =
      inet_listener imap {{
        port = {port}
      }}
      inet_listener imaps {{
        port = 0
      }}
    }}
    service anvil {{
      chroot =
    }}
"""


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


def wait_for(port: int, log: Path) -> None:
    for _ in range(200):
        if answers(port):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text() if log.exists() else f"nothing answers at {port}")


@contextmanager
def sinks(refusals: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, int]]:
    """A mail server a domain, each with the faults that it is told; by domain its port."""
    running, ports = [], {}
    try:
        for domain, faults in refusals.items():
            ports[domain] = free_port()
            command = ["/usr/sbin/smtp-sink", "-u", "nobody", *faults, f"127.0.0.1:{ports[domain]}", "10"]
            running.append(subprocess.Popen(command))
        for port in ports.values():
            wait_for(port, Path("/nonexistent"))
        yield ports
    finally:
        for one in running:
            one.terminate()
            one.wait()


@contextmanager
def postfix(folder: Path, transports: Mapping[str, str]) -> Iterator[int]:
    """The port at which it takes mail. `transports`: by domain, where it hands it on; all else it returns."""
    port, config = free_port(), folder / "config"
    for one in (folder, config, folder / "queue", folder / "data"):
        one.mkdir(exist_ok=True)
        one.chmod(0o755)
    shutil.chown(folder / "data", "postfix")
    (config / "main.cf").write_text(dedent(MAIN.format(folder=folder, never=NEVER_OUTSIDE)))
    (config / "master.cf").write_text(dedent(MASTER.format(port=port)))
    (folder / "transport").write_text("".join(f"{domain} {where}\n" for domain, where in transports.items()))
    subprocess.run(["/usr/sbin/postfix", "-c", str(config), "start"], check=True, capture_output=True)
    try:
        wait_for(port, folder / "log")
        yield port
    finally:
        subprocess.run(["/usr/sbin/postfix", "-c", str(config), "stop"], capture_output=True, check=False)


@dataclass
class Maildir:
    folder: Path
    owner: str = "nobody"
    port: int = 0
    brought: int = 0

    def bring(self, raw: bytes) -> None:
        """As a mail server delivers it."""
        self.brought += 1
        name = f"{int(time.time())}.{self.brought}.alfama"
        temporary = self.folder / "Maildir" / "tmp" / name
        temporary.write_bytes(raw)
        shutil.chown(temporary, self.owner)
        temporary.rename(self.folder / "Maildir" / "new" / name)

    def mails(self) -> list[bytes]:
        return [
            one.read_bytes() for part in ("new", "cur") for one in sorted((self.folder / "Maildir" / part).iterdir())
        ]


@contextmanager
def dovecot(folder: Path) -> Iterator[Maildir]:
    """A mailbox of the user `back` with the password `secret`."""
    found = Maildir(folder, port=free_port())
    folder.chmod(0o755)
    for one in ("Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp"):
        (folder / one).mkdir(exist_ok=True)
        shutil.chown(folder / one, found.owner)
    config = folder / "dovecot.conf"
    owner = (folder / "Maildir").stat().st_uid
    config.write_text(dedent(DOVECOT.format(folder=folder, owner=owner, port=found.port)))
    server = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(config)])
    try:
        wait_for(found.port, folder / "log")
        yield found
    finally:
        server.terminate()
        server.wait()
