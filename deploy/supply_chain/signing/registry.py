"""Images in a registry, and what lies beside one: a manifest of its own under a tag that is made of its digest."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from programs import skopeo
from trouble import ASKED_WRONGLY, Trouble

REFERENCE = re.compile(r"([^/@\s]+/[^@\s]+?)(?::(\w[\w.-]*))?(?:@(sha256:[0-9a-f]{64}))?")
MANIFEST, CONFIG = (f"application/vnd.oci.image.{one}.v1+json" for one in ("manifest", "config"))


@dataclass(frozen=True)
class Image:
    """Without a digest it is what stands under its tag now."""

    repository: str
    tag: str
    digest: str = ""

    @classmethod
    def named(cls, name: str) -> Image:
        found = REFERENCE.fullmatch(name)
        if not found:
            said = f"{name}: names no registry, as registry.hotel.example.com/guestloop:0.3.0 does"
            raise Trouble(ASKED_WRONGLY, said)
        return cls(found[1], found[2] or "latest", found[3] or "")

    def __str__(self) -> str:
        return f"{self.repository}@{self.digest}" if self.digest else f"{self.repository}:{self.tag}"

    def beside(self, digest: str, kind: str) -> Image:
        return Image(self.repository, f"{digest.replace(':', '-')}.{kind}")


@dataclass(frozen=True)
class Layer:
    kind: str
    content: bytes
    notes: dict[str, str]

    @property
    def digest(self) -> str:
        return sha256(self.content)


def sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def as_json(said: object) -> bytes:
    return json.dumps(said, separators=(",", ":"), sort_keys=True).encode()


def push(source: str, image: Image) -> str:
    """Its digest. Raises `LookupError` where the source has none."""
    with TemporaryDirectory() as work:
        skopeo("copy", "--digestfile", f"{work}/digest", source, f"docker://{image}")
        return Path(work, "digest").read_text().strip()


def digest_of(image: Image) -> str:
    """Of what the registry gives for this name. Raises `LookupError` where it has none."""
    return sha256(skopeo("inspect", "--raw", f"docker://{image}"))


def layers_of(image: Image) -> list[Layer]:
    with TemporaryDirectory() as work:
        folder = Path(work, "there")
        try:
            skopeo("copy", f"docker://{image}", f"dir:{folder}")
        except LookupError:
            return []
        told = json.loads((folder / "manifest.json").read_bytes())["layers"]
        return [
            Layer(one["mediaType"], _blob(folder, one["digest"]).read_bytes(), one.get("annotations", {}))
            for one in told
        ]


def put(image: Image, layers: list[Layer]) -> None:
    diffs = {"type": "layers", "diff_ids": [one.digest for one in layers]}
    config = as_json({"architecture": "", "os": "", "config": {}, "rootfs": diffs})
    told = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG, "size": len(config), "digest": sha256(config)},
        "layers": [
            {"mediaType": one.kind, "size": len(one.content), "digest": one.digest, "annotations": one.notes}
            for one in layers
        ],
    }
    with TemporaryDirectory() as work:
        folder = Path(work)
        for content in (config, *(one.content for one in layers)):
            _blob(folder, sha256(content)).write_bytes(content)
        (folder / "version").write_text("Directory Transport Version: 1.1\n")
        (folder / "manifest.json").write_bytes(as_json(told))
        skopeo("copy", f"dir:{folder}", f"docker://{image}")


def _blob(folder: Path, digest: str) -> Path:
    return folder / digest.removeprefix("sha256:")
