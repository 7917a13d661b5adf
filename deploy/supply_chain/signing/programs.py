"""The programs that do the work: skopeo speaks with registries, OpenSSL signs and verifies."""

from __future__ import annotations

import base64
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from trouble import ASKED_WRONGLY, NOT_ASKED, Trouble

NOTHING_THERE = ("manifest unknown", "name unknown", "not found", "no such file", "No such image", "status code 404")


def skopeo(*words: str) -> bytes:
    """By no policy of this machine's: whose signature it is, is seen here. Raises `LookupError` where nothing is."""
    done = _run("skopeo", "--insecure-policy", *words)
    said = _last(done.stderr)
    if done.returncode and any(one in said for one in NOTHING_THERE):
        raise LookupError(said)
    if done.returncode:
        raise Trouble(NOT_ASKED, f"skopeo {words[0]}: {said}")
    return done.stdout


@dataclass(frozen=True)
class Key:
    """A private key signs, a public one verifies."""

    file: str
    passphrase: str = ""

    def sign(self, content: bytes) -> str:
        return base64.b64encode(self._openssl("dgst", "-sha256", "-sign", self.file, told=content)).decode()

    def public(self, folder: Path) -> Key:
        (folder / "public").write_bytes(self._openssl("pkey", "-in", self.file, "-pubout"))
        return Key(str(folder / "public"))

    def signed(self, content: bytes, signature: str) -> bool:
        with TemporaryDirectory() as folder:
            told, said = Path(folder, "told"), Path(folder, "said")
            told.write_bytes(content)
            said.write_bytes(base64.b64decode(signature))
            words = ("dgst", "-sha256", "-verify", self.file, "-signature", str(said), str(told))
            return _run("openssl", *words).returncode == 0

    def check_public(self) -> None:
        if _run("openssl", "pkey", "-pubin", "-in", self.file, "-noout").returncode:
            raise Trouble(ASKED_WRONGLY, f"{self.file}: no public key; «openssl pkey -in image.key -pubout» writes it")

    def _openssl(self, *words: str, told: bytes = b"") -> bytes:
        done = _run("openssl", *words, "-passin", "env:PASSPHRASE", told=told, PASSPHRASE=self.passphrase)
        if done.returncode:
            said = f"{self.file}: no private key that this passphrase opens and that signs (elliptic, P-256)"
            raise Trouble(ASKED_WRONGLY, said)
        return done.stdout


def _run(*words: str, told: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(words, input=told, capture_output=True, check=False, env={**os.environ, **environment})
    except FileNotFoundError:
        said = f"{words[0]} is not installed: it is a package of that name, as on Debian «apt-get install {words[0]}»"
        raise Trouble(NOT_ASKED, said) from None


def _last(said: bytes) -> str:
    return said.decode(errors="replace").strip().rpartition("\n")[2]
