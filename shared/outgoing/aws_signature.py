"""AWS Signature Version 4, as every S3-compatible store asks for it: of one request, its headers."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class AccessKey:
    key_id: str
    secret: str = field(repr=False)
    region: str
    service: str = "s3"


def signed(
    key: AccessKey, method: str, url: str, body: bytes, at: datetime, headers: Mapping[str, str]
) -> dict[str, str]:
    """`headers` and those that prove whose request it is. `url`: as it is sent, its
    query sorted and escaped."""
    split, moment = urlsplit(url), at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    digest = sha256(body).hexdigest()
    proof = {"host": split.netloc, "x-amz-content-sha256": digest, "x-amz-date": moment}
    all_of_them = {name.lower(): " ".join(value.split()) for name, value in {**headers, **proof}.items()}
    names = ";".join(sorted(all_of_them))
    lines = "".join(f"{name}:{all_of_them[name]}\n" for name in sorted(all_of_them))
    asked = "\n".join((method, split.path or "/", split.query, lines, names, digest))
    scope = f"{moment[:8]}/{key.region}/{key.service}/aws4_request"
    text = "\n".join((ALGORITHM, moment, scope, sha256(asked.encode()).hexdigest()))
    signature = hmac.new(_signing_key(key, moment[:8]), text.encode(), sha256).hexdigest()
    said = f"{ALGORITHM} Credential={key.key_id}/{scope},SignedHeaders={names},Signature={signature}"
    return {**{name: value for name, value in all_of_them.items() if name != "host"}, "authorization": said}


def escaped(path: str) -> str:
    """A path as it is sent and as it is signed."""
    return quote(path, safe="/-_.~")


def _signing_key(key: AccessKey, day: str) -> bytes:
    made = f"AWS4{key.secret}".encode()
    for part in (day, key.region, key.service, "aws4_request"):
        made = hmac.new(made, part.encode(), sha256).digest()
    return made
