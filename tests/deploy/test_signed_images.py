"""deploy/sign-image and deploy/verify-image at a real registry: what the house signed runs, and nothing else."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.deploy.roles import DEPLOY
from tests.loopback import nobody_listens
from tests.registry import SERVER, SKOPEO, WHY_NOT, Registry, image

pytestmark = [pytest.mark.proof, pytest.mark.skipif(None in (SERVER, SKOPEO), reason=WHY_NOT)]

PASSPHRASE = "correct horse"
PARTS = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "flask"}]}
Done = subprocess.CompletedProcess[str]


class House:
    """A registry, an image, and two keys: the house's, and somebody else's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registry = Registry(folder)
        self.name = f"{self.registry.address}/guestloop"
        self.ours, self.altered = image(folder / "ours", "ours"), image(folder / "altered", "theirs")
        (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
        (folder / "parts.json").write_text(json.dumps(PARTS))
        for key in ("house", "other"):
            self._make_key(key)

    def _make_key(self, name: str) -> None:
        """As docs/operations.md says it, but for the passphrase, which is asked for there."""
        making = ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes-256-cbc"]
        private, public = str(self.folder / f"{name}.key"), str(self.folder / f"{name}.pub")
        opened = f"file:{self.folder / 'passphrase'}"
        subprocess.run([*making, "-pass", opened, "-out", private], capture_output=True, check=True)
        subprocess.run(["openssl", "pkey", "-in", private, "-passin", opened, "-pubout", "-out", public], check=True)

    def sign(self, tag: str, *, key: str = "house", source: str = "", more: tuple[str, ...] = ()) -> str:
        """The name with the digest."""
        done = self.asked(
            *("sign-image", f"{self.name}:{tag}", "--key", str(self.folder / f"{key}.key")),
            *("--from", source or self.ours, "--passphrase-file", str(self.folder / "passphrase"), *more),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(self, source: str, tag: str) -> str:
        done = self.registry.skopeo("copy", "--digestfile", str(self.folder / "pushed"), source, self.docker(tag))
        assert done.returncode == 0, done.stderr
        return f"{self.name}:{tag}@{(self.folder / 'pushed').read_text()}"

    def layers(self, tag: str) -> tuple[list[dict[str, Any]], list[bytes]]:
        """What lies under a tag: each layer as the manifest tells it, and its content."""
        folder = self.folder / f"layers-{tag}"
        assert self.registry.skopeo("copy", self.docker(tag), f"dir:{folder}").returncode == 0
        told = json.loads((folder / "manifest.json").read_text())["layers"]
        return told, [(folder / one["digest"].removeprefix("sha256:")).read_bytes() for one in told]

    def docker(self, tag: str) -> str:
        return f"docker://{self.name}:{tag}"

    def verify(self, name: str, *words: str, key: str = "house") -> Done:
        return self.asked("verify-image", name, *words, GUESTLOOP_IMAGE_KEY=str(self.folder / f"{key}.pub"))

    def asked(self, script: str, *words: str, **told: str) -> Done:
        environment = {**self.registry.told, **told}
        return subprocess.run([DEPLOY / script, *words], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    made.registry.start()
    yield made
    made.registry.stop()


def beside(name: str, kind: str) -> str:
    return f"{name.partition('@')[2].replace(':', '-')}.{kind}"


def test_an_image_that_the_house_signed_is_taken_and_its_parts_are_known(house: House) -> None:
    name = house.sign("signed", more=("--sbom", str(house.folder / "parts.json")))
    written = house.folder / "written.json"
    done = house.verify(name, "--sbom", str(written))
    assert done.returncode == 0 and done.stdout == f"{name}: signed by {house.folder / 'house.pub'}, its parts too\n"
    assert json.loads(written.read_text()) == PARTS


def test_whoever_names_a_tag_is_told_the_digest_and_to_write_it(house: House) -> None:
    name = house.sign("tagged")
    done = house.verify(name.partition("@")[0])
    assert done.returncode == 1 and done.stdout.startswith(f"{name}: signed by ")
    assert "a tag may be given to another image tomorrow: name it in deploy/.env as it is written above" in done.stderr


def test_an_unsigned_image_is_refused(house: House) -> None:
    done = house.verify(house.push(image(house.folder / "unsigned", "unsigned"), "unsigned"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not signed: if the house built it, deploy/sign-image signs it" in done.stderr


def test_one_that_another_signed_is_refused_until_the_house_signs_it_too(house: House) -> None:
    theirs = image(house.folder / "theirs", "signed by another")
    name = house.sign("other", key="other", source=theirs)
    done = house.verify(name)
    assert done.returncode == 1 and "is signed by another key than" in done.stderr and "find out who" in done.stderr
    assert house.sign("other", source=theirs) == name
    assert [house.verify(name, key=key).returncode for key in ("house", "other")] == [0, 0]


def test_signed_again_by_the_same_key_it_bears_one_signature(house: House) -> None:
    name = house.sign("again")
    assert house.sign("again") == name
    assert len(house.layers(beside(name, "sig"))[0]) == 1 and house.verify(name).returncode == 0


def test_an_altered_image_under_the_same_tag_is_refused_also_with_the_signature_of_the_first(house: House) -> None:
    name = house.sign("moved")
    altered = house.push(house.altered, "moved")
    assert altered != name and house.verify(name).returncode == 0
    assert "is not signed" in house.verify(altered).stderr
    house.registry.skopeo("copy", house.docker(beside(name, "sig")), house.docker(beside(altered, "sig")))
    done = house.verify(altered)
    assert done.returncode == 1
    assert f"bears the signature of another image, {house.name}@{name.partition('@')[2]}" in done.stderr


def test_a_signature_that_was_changed_is_refused(house: House) -> None:
    name = house.sign("forged", source=image(house.folder / "forged", "forged"))
    tag = beside(name, "sig")
    house.layers(tag)
    folder = house.folder / f"layers-{tag}"
    told = json.loads((folder / "manifest.json").read_text())
    notes = told["layers"][0]["annotations"]
    (signature,) = notes
    notes[signature] = notes[signature].replace(notes[signature][20], "A" if notes[signature][20] != "A" else "B")
    (folder / "manifest.json").write_text(json.dumps(told))
    house.registry.skopeo("copy", f"dir:{folder}", house.docker(tag))
    done = house.verify(name)
    assert done.returncode == 1 and "or the signature was changed" in done.stderr


def test_the_signature_of_one_repository_is_worth_nothing_in_another(house: House) -> None:
    name = house.sign("here")
    there = f"{house.name}-elsewhere"
    for tag in ("here", beside(name, "sig")):
        house.registry.skopeo("copy", house.docker(tag), f"docker://{there}:{tag}")
    done = house.verify(f"{there}:here@{name.partition('@')[2]}")
    assert done.returncode == 1 and "a mirror's image is signed anew" in done.stderr


def test_signature_and_parts_stand_as_cosign_writes_them(house: House) -> None:
    """By its specification, verified by another library than ours."""
    name = house.sign("form", more=("--sbom", str(house.folder / "parts.json")))
    digest = name.partition("@")[2]
    public = load_pem_public_key((house.folder / "house.pub").read_bytes())
    assert isinstance(public, EllipticCurvePublicKey)
    (told,), (payload,) = house.layers(beside(name, "sig"))
    assert told["mediaType"] == "application/vnd.dev.cosign.simplesigning.v1+json"
    signature = told["annotations"]["dev.cosignproject.cosign/signature"]
    public.verify(base64.b64decode(signature), payload, ECDSA(SHA256()))
    critical = json.loads(payload)["critical"]
    assert critical.pop("type") == "cosign container image signature"
    assert critical == {"identity": {"docker-reference": house.name}, "image": {"docker-manifest-digest": digest}}
    (told,), (content,) = house.layers(beside(name, "att"))
    assert told["mediaType"] == "application/vnd.dsse.envelope.v1+json"
    assert told["annotations"]["predicateType"] == "https://cyclonedx.org/bom"
    envelope = json.loads(content)
    statement = base64.b64decode(envelope["payload"])
    signed = f"DSSEv1 28 application/vnd.in-toto+json {len(statement)} ".encode() + statement
    public.verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed, ECDSA(SHA256()))
    said = json.loads(statement)
    assert said["subject"] == [{"name": house.name, "digest": {"sha256": digest.removeprefix("sha256:")}}]
    assert said["predicateType"] == "https://cyclonedx.org/bom" and said["predicate"] == PARTS


def test_containers_own_policy_takes_the_signed_and_refuses_the_rest(house: House) -> None:
    """As Podman and CRI-O verify it. Debian's skopeo is built without."""
    policy, places = house.folder / "policy.json", house.folder / "places"
    places.mkdir()
    sigstore = f"docker: {{{house.registry.address}: {{use-sigstore-attachments: true}}}}\n"
    (places / "house.yaml").write_text(sigstore)
    rule = {"type": "sigstoreSigned", "keyPath": str(house.folder / "house.pub")}
    wanted = {house.name: [{**rule, "signedIdentity": {"type": "matchRepository"}}]}
    policy.write_text(json.dumps({"default": [{"type": "reject"}], "transports": {"docker": wanted}}))
    house.sign("policy")
    house.sign("policy-other", key="other", source=image(house.folder / "policy-other", "another"))
    house.push(image(house.folder / "policy-none", "none"), "policy-none")
    by_policy = ("--policy", str(policy), "--registries.d", str(places))
    ended = {}
    for tag in ("policy", "policy-other", "policy-none"):
        done = house.registry.skopeo(*by_policy, "copy", house.docker(tag), f"dir:{house.folder / f'pulled-{tag}'}")
        if "sigstore disabled" in done.stderr:
            pytest.skip("this skopeo verifies no sigstore signatures")
        ended[tag] = done.returncode
    assert ended == {"policy": 0, "policy-other": 1, "policy-none": 1}


def test_a_list_of_parts_is_asked_for_and_there_is_none(house: House) -> None:
    name = house.sign("bare", source=image(house.folder / "bare", "bare"))
    done = house.verify(name, "--sbom", str(house.folder / "none.json"))
    assert done.returncode == 1 and "deploy/sign-image --sbom adds it" in done.stderr


def test_a_registry_that_does_not_answer_is_no_refusal_and_no_all_clear(house: House) -> None:
    with nobody_listens() as port:
        done = house.verify(f"127.0.0.1:{port}/guestloop:0.3.0")
    assert done.returncode == 3 and "connection refused" in done.stderr


@pytest.mark.parametrize(
    ("script", "words", "says"),
    [
        ("sign-image", ("guestloop", "--key", "house.key"), "names no registry"),
        ("sign-image", ("h.example/guestloop:1", "--key", "none.key"), "none.key: there is no such file"),
        ("sign-image", ("h.example/guestloop:1", "--key", "parts.json"), "no private key that this passphrase opens"),
        ("verify-image", ("h.example/guestloop:1",), "house.key: no public key"),
    ],
)
def test_what_is_asked_wrongly_is_said(house: House, script: str, words: tuple[str, ...], says: str) -> None:
    told = {**house.registry.told, "GUESTLOOP_IMAGE_KEY": "house.key"}
    done = subprocess.run([DEPLOY / script, *words], cwd=house.folder, env=told, capture_output=True, text=True)
    assert done.returncode == 2 and says in done.stderr


@pytest.fixture
def installed(tmp_path: Path, house: House) -> Path:
    """deploy/ somewhere else, whose .env names an image and a key."""
    shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("private", ".env", "kubernetes"))
    shutil.copy(house.folder / "house.pub", tmp_path / "deploy")
    return tmp_path / "deploy"


def test_a_roll_starts_nothing_from_an_image_that_is_refused(house: House, installed: Path) -> None:
    said = installed.parent / "said"
    (installed.parent / "docker").write_text(DOCKER)
    (installed.parent / "docker").chmod(0o755)
    signed = house.sign("rolled")
    unsigned = house.push(image(house.folder / "unrolled", "unrolled"), "unrolled")
    told = {name: value for name, value in house.registry.told.items() if not name.startswith("COMPOSE")}
    told |= {"PATH": f"{installed.parent}:{os.environ['PATH']}", "SAID": str(said)}
    ended = {}
    for name in (unsigned, signed):
        (installed / ".env").write_text(f"GUESTLOOP_IMAGE={name}\nGUESTLOOP_IMAGE_KEY=./house.pub\n")
        done = subprocess.run([installed / "roll", "messaging-codes"], env=told, capture_output=True, text=True)
        ended[name] = (done.returncode, said.exists())
        assert name == signed or "is not signed" in done.stderr
    assert ended == {unsigned: (1, False), signed: (0, True)}


DOCKER = """#!/bin/sh
case "$*" in
"compose ps -q gateway") echo gateway ;;
inspect*) echo deploy ;;
"ps -q"*) printf 'a\\nb\\n' ;;
*--scale*) echo started >>"$SAID" ;;
esac
"""
