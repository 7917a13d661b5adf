"""Signs an image in the house's registry with the house's key, or says whether images bear its signature.

Ends with 0 where all is in order, with 1 where an image is refused, with 2 where it was asked wrongly, and with 3 where
the registry could not be asked: that is no refusal, and no all-clear either.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from programs import Key
from registry import Image
from signatures import parts_of, sign, verify
from trouble import ASKED_WRONGLY, DONE, REFUSED, Trouble


def main(words: list[str]) -> int:
    asked = _read(words)
    try:
        return _sign(asked) if asked.command == "sign" else max([_verify(asked, one) for one in asked.images])
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.status


def _read(words: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="deploy/…-image", description=__doc__)
    commands = reader.add_subparsers(dest="command", required=True)
    signing = commands.add_parser("sign", prog="deploy/sign-image")
    signing.add_argument("image", help="where it is to stand: registry.hotel.example.com/guestloop:0.3.0")
    signing.add_argument("--key", required=True, help="file of the private key, of OpenSSL")
    signing.add_argument("--passphrase-file", type=Path, help="what opens it; asked for where it is not said")
    signing.add_argument("--sbom", type=Path, help="the list of its parts, CycloneDX, signed along with it")
    signing.add_argument("--from", dest="source", required=True, help="the image, in skopeo's words")
    verifying = commands.add_parser("verify", prog="deploy/verify-image")
    verifying.add_argument("images", nargs="+", help="registry.hotel.example.com/guestloop:0.3.0@sha256:…")
    verifying.add_argument("--key", required=True, help="file of the public key")
    verifying.add_argument("--sbom", type=Path, help="where to write its signed list of parts")
    return reader.parse_args(words)


def _sign(asked: argparse.Namespace) -> int:
    image = Image.named(asked.image)
    missing = [one for one in (Path(asked.key), asked.passphrase_file, asked.sbom) if one and not one.is_file()]
    if missing:
        raise Trouble(ASKED_WRONGLY, f"{missing[0]}: there is no such file")
    key = Key(asked.key, _passphrase(asked))
    with TemporaryDirectory() as work:
        digest = sign(image, asked.source, key, key.public(Path(work)), asked.sbom)
    print(f"{image}@{digest}")
    return DONE


def _passphrase(asked: argparse.Namespace) -> str:
    if asked.passphrase_file:
        return asked.passphrase_file.read_text(encoding="utf-8").rstrip("\n")
    sealed = "ENCRYPTED" in Path(asked.key).read_text(encoding="utf-8", errors="replace")
    return getpass.getpass(f"passphrase of {asked.key}: ") if sealed else ""


def _verify(asked: argparse.Namespace, name: str) -> int:
    image, public = Image.named(name), Key(asked.key)
    public.check_public()
    digest = verify(image, public)
    listed = parts_of(image, digest, public)
    if asked.sbom and listed is None:
        raise Trouble(REFUSED, f"{image} has no list of parts that this key signed: deploy/sign-image --sbom adds it")
    if asked.sbom:
        asked.sbom.write_text(json.dumps(listed, indent=2), encoding="utf-8")
    print(f"{image.repository}:{image.tag}@{digest}: signed by {asked.key}{', its parts too' if listed else ''}")
    if not image.digest:
        said = "a tag may be given to another image tomorrow: name it in deploy/.env as it is written above"
        raise Trouble(REFUSED, f"{image}: {said}")
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
