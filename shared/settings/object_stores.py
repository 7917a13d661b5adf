"""S3-compatible stores: of the pictures of mails, and of files that wait. Each has a bucket and a key of its own, since
what guests may see and what nobody may see do not lie together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.outgoing.aws_signature import AccessKey
from shared.outgoing.object_store import Bucket
from shared.settings.installation import OUTGOING_NETWORKS
from shared.settings.setting import SetBy, Setting, address


@dataclass(frozen=True)
class StoreSettings:
    """By which five variables a bucket is named."""

    store: Setting[str]
    bucket: Setting[str]
    region: Setting[str]
    key_id: Setting[str]
    secret: Setting[str]

    @property
    def all(self) -> tuple[Setting[str], ...]:
        return self.store, self.bucket, self.region, self.key_id, self.secret

    def read(self, environment: Mapping[str, str]) -> Bucket | None:
        """None where no store is set. Raises `SettingError` where one is set and not all that it needs."""
        if not (store := self.store.read(environment)):
            return None
        key = AccessKey(
            key_id=self.key_id.needed(environment),
            secret=self.secret.needed(environment),
            region=self.region.read(environment),
        )
        return Bucket(store, self.bucket.needed(environment), key, OUTGOING_NETWORKS.read(environment))


def _settings_of(kept: str, store: str, key: str, readers: str) -> StoreSettings:
    """`kept`: what lies there, as names have it. `store`, `key`: what each of the two is, in words."""
    name, bucket = f"GUESTLOOP_{kept.upper()}_", f"guestloop-{kept}"
    return StoreSettings(
        Setting(f"{name}STORE", store, address, "", "https://s3.eu-west-1.amazonaws.com", readers),
        Setting(f"{name}BUCKET", "the bucket there", str, "", bucket, readers),
        Setting(f"{name}REGION", "the region it is in", str, "us-east-1", "eu-west-1", readers),
        Setting(f"{name}KEY_ID", key, str, "", "AKIA0123456789", readers),
        Setting(f"{name}SECRET", "that key's secret", str, "", "secret", readers, set_by=SetBy.SECRET),
    )


PICTURES = _settings_of(
    "pictures",
    "the S3-compatible store that keeps the pictures of mails, without the bucket; without it the database does",
    "by which key pictures are put there, read and deleted",
    "messaging",
)
FILES = _settings_of(
    "files",
    "the S3-compatible store, without the bucket, where files wait for their import and the list of erasures lies; "
    "without it they lie on disc",
    "by which key files are put there, read, listed and deleted",
    "segments, commands",
)
