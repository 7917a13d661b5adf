"""Signatures as cosign writes them: of an image `sha256-….sig` beside it, of its list of parts `sha256-….att`.

So cosign, policy controllers of Kubernetes and the policy.json of containers (Podman, CRI-O, skopeo) verify the same. A
signature names the repository and the digest: it is worth nothing beside another image. Signing again with another key
leaves the signature of the first, so that a key can be turned.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from programs import Key
from registry import Image, Layer, as_json, digest_of, layers_of, push, put
from trouble import ASKED_WRONGLY, REFUSED, Trouble

PAYLOAD, ENVELOPE = "application/vnd.dev.cosign.simplesigning.v1+json", "application/vnd.dsse.envelope.v1+json"
SIGNATURE, STATEMENT = "dev.cosignproject.cosign/signature", "application/vnd.in-toto+json"
PARTS = "https://cyclonedx.org/bom"
Said = dict[str, Any]


def sign(image: Image, source: str, key: Key, public: Key, parts: Path | None) -> str:
    """Pushes the image and signs it, with its list of parts; the digest."""
    if image.digest:
        raise Trouble(ASKED_WRONGLY, f"{image}: the registry gives the digest, name the image by a tag")
    key.sign(b"")  # one that does not sign is known before anything is pushed
    listed = json.loads(parts.read_text(encoding="utf-8")) if parts else None
    try:
        digest = push(source, image)
    except LookupError as error:
        raise Trouble(ASKED_WRONGLY, f"{source} is not there, deploy/build makes it: {error}") from None
    payload = as_json(_of(image, digest))
    _attach(image.beside(digest, "sig"), public, Layer(PAYLOAD, payload, {SIGNATURE: key.sign(payload)}))
    if listed is not None:
        _attach(image.beside(digest, "att"), public, _attested(image, digest, key, listed))
    return digest


def verify(image: Image, public: Key) -> str:
    """The digest of the image, which bears a signature by this key. Raises `Trouble`."""
    try:
        digest = digest_of(image)
    except LookupError:
        raise Trouble(REFUSED, f"{image}: there is no such image in the registry") from None
    if image.digest not in ("", digest):
        raise Trouble(REFUSED, f"{image}: the registry gives another image, {digest}; do not trust it")
    layers = layers_of(image.beside(digest, "sig"))
    if not layers:
        raise Trouble(REFUSED, f"{image} is not signed: if the house built it, deploy/sign-image signs it")
    said = [one["critical"] for layer in layers for one in _said_by(public, layer)]
    if not said:
        why = f"is signed by another key than {public.file}, or the signature was changed"
        raise Trouble(REFUSED, f"{image} {why}: find out who pushed it before anything starts from it")
    if _of(image, digest)["critical"] not in said:
        of = f"{said[0]['identity']['docker-reference']}@{said[0]['image']['docker-manifest-digest']}"
        why = f"bears the signature of another image, {of}"
        raise Trouble(REFUSED, f"{image} {why}: a mirror's image is signed anew, else find out who pushed it")
    return digest


def parts_of(image: Image, digest: str, public: Key) -> Said | None:
    """The list of parts that the owner of this key signed for this very image."""
    for layer in layers_of(image.beside(digest, "att")):
        for said in _said_by(public, layer):
            if said["predicateType"] == PARTS and said["subject"] == [_subject(image, digest)]:
                listed: Said = said["predicate"]
                return listed
    return None


def _of(image: Image, digest: str) -> Said:
    of = {"identity": {"docker-reference": image.repository}, "image": {"docker-manifest-digest": digest}}
    return {"critical": {**of, "type": "cosign container image signature"}, "optional": None}


def _subject(image: Image, digest: str) -> Said:
    return {"name": image.repository, "digest": {"sha256": digest.removeprefix("sha256:")}}


def _attested(image: Image, digest: str, key: Key, listed: Said) -> Layer:
    kinds = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": PARTS}
    statement = as_json({**kinds, "subject": [_subject(image, digest)], "predicate": listed})
    signed = [{"keyid": "", "sig": key.sign(_enveloped(statement))}]
    envelope = {"payloadType": STATEMENT, "payload": base64.b64encode(statement).decode(), "signatures": signed}
    return Layer(ENVELOPE, as_json(envelope), {SIGNATURE: "", "predicateType": PARTS})


def _enveloped(statement: bytes) -> bytes:
    """What is signed of an envelope (DSSE): its kind and its content, each after its length."""
    return b"DSSEv1 %d %s %d %s" % (len(STATEMENT), STATEMENT.encode(), len(statement), statement)


def _attach(place: Image, public: Key, made: Layer) -> None:
    others = [one for one in layers_of(place) if not any(_said_by(public, one))]
    put(place, [*others, made])


def _said_by(public: Key, layer: Layer) -> Iterator[Said]:
    """What the owner of the key says in it: nothing where another signed it, or it was changed since."""
    try:
        if layer.kind == PAYLOAD and public.signed(layer.content, layer.notes[SIGNATURE]):
            yield json.loads(layer.content)
        elif layer.kind == ENVELOPE:
            envelope = json.loads(layer.content)
            statement = base64.b64decode(envelope["payload"])
            if any(public.signed(_enveloped(statement), one["sig"]) for one in envelope["signatures"]):
                yield json.loads(statement)
    except (ValueError, KeyError, TypeError):
        return
