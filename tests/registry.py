"""A registry of images of the tests' own on 127.0.0.1, and images of one small layer to put there."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import tarfile
from contextlib import suppress
from pathlib import Path
from textwrap import dedent
from urllib.request import urlopen

from shared.embedded.programs import dies_with_parent
from tests.loopback import free_port, until

SERVER, SKOPEO = shutil.which("docker-registry"), shutil.which("skopeo")
WHY_NOT = "skopeo and a registry are not installed: deploy/install-registry installs them"

CONFIGURATION = """
    version: 0.1
    log: {{level: error}}
    storage: {{filesystem: {{rootdirectory: {folder}}}}}
    http: {{addr: 127.0.0.1:{port}}}
"""
WITHOUT_TLS = """
    [[registry]]
    location = "{address}"
    insecure = true
"""


class Registry:
    """`told`: an environment in which skopeo finds it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"127.0.0.1:{self._port}"
        home = folder / "home"
        settings = home / ".config" / "containers"
        settings.mkdir(parents=True)
        (settings / "registries.conf").write_text(dedent(WITHOUT_TLS.format(address=self.address)))
        told = CONFIGURATION.format(folder=folder / "kept", port=self._port)
        (folder / "registry.yaml").write_text(dedent(told))
        self.told = {**os.environ, "HOME": str(home)}

    def start(self) -> None:
        assert SERVER is not None, WHY_NOT
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [SERVER, "serve", str(self._folder / "registry.yaml")],
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        until(self._answers)

    def _answers(self) -> bool:
        assert self._process and self._process.poll() is None, (self._folder / "log").read_text()
        with suppress(OSError), urlopen(f"http://{self.address}/v2/", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def skopeo(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["skopeo", *words], env=self.told, capture_output=True, text=True, check=False)


def image(folder: Path, says: str) -> str:
    """In skopeo's words: an image of one file that says this."""
    folder.mkdir()
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        file = tarfile.TarInfo("says")
        file.size = len(says.encode())
        archive.addfile(file, io.BytesIO(says.encode()))
    roots = {"type": "layers", "diff_ids": [_digest(layer.getvalue())]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": roots}).encode()
    packed = gzip.compress(layer.getvalue())
    kind = "application/vnd.oci.image"
    told = {
        "schemaVersion": 2,
        "mediaType": f"{kind}.manifest.v1+json",
        "config": {"mediaType": f"{kind}.config.v1+json", "size": len(config), "digest": _digest(config)},
        "layers": [{"mediaType": f"{kind}.layer.v1.tar+gzip", "size": len(packed), "digest": _digest(packed)}],
    }
    for content in (config, packed):
        (folder / _digest(content).removeprefix("sha256:")).write_bytes(content)
    (folder / "version").write_text("Directory Transport Version: 1.1\n")
    (folder / "manifest.json").write_text(json.dumps(told))
    return f"dir:{folder}"


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
