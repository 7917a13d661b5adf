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

PICTURES_STORE: Setting[str] = Setting(
    "GUESTLOOP_PICTURES_STORE",
    "the S3-compatible store that keeps the pictures of mails, without the bucket; without it the database does",
    address,
    "",
    "https://s3.eu-west-1.amazonaws.com",
    "messaging",
)
PICTURES_BUCKET = Setting("GUESTLOOP_PICTURES_BUCKET", "the bucket there", str, "", "guestloop-pictures", "messaging")
PICTURES_REGION = Setting(
    "GUESTLOOP_PICTURES_REGION", "the region it is in", str, "us-east-1", "eu-west-1", "messaging"
)
PICTURES_KEY_ID = Setting(
    "GUESTLOOP_PICTURES_KEY_ID",
    "by which key pictures are put there, read and deleted",
    str,
    "",
    "AKIA0123456789",
    "messaging",
)
PICTURES_SECRET = Setting(
    "GUESTLOOP_PICTURES_SECRET", "that key's secret", str, "", "secret", "messaging", set_by=SetBy.SECRET
)

FILES_STORE: Setting[str] = Setting(
    "GUESTLOOP_FILES_STORE",
    "the S3-compatible store, without the bucket, where files wait for their import and the list of erasures lies; "
    "without it they lie on disc",
    address,
    "",
    "https://s3.eu-west-1.amazonaws.com",
    "segments, commands",
)
FILES_BUCKET = Setting("GUESTLOOP_FILES_BUCKET", "the bucket there", str, "", "guestloop-files", "segments, commands")
FILES_REGION = Setting(
    "GUESTLOOP_FILES_REGION", "the region it is in", str, "us-east-1", "eu-west-1", "segments, commands"
)
FILES_KEY_ID = Setting(
    "GUESTLOOP_FILES_KEY_ID",
    "by which key files are put there, read, listed and deleted",
    str,
    "",
    "AKIA0123456789",
    "segments, commands",
)
FILES_SECRET = Setting(
    "GUESTLOOP_FILES_SECRET", "that key's secret", str, "", "secret", "segments, commands", set_by=SetBy.SECRET
)


@dataclass(frozen=True)
class StoreSettings:
    """By which five variables a bucket is named."""

    store: Setting[str]
    bucket: Setting[str]
    region: Setting[str]
    key_id: Setting[str]
    secret: Setting[str]

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


PICTURES = StoreSettings(PICTURES_STORE, PICTURES_BUCKET, PICTURES_REGION, PICTURES_KEY_ID, PICTURES_SECRET)
FILES = StoreSettings(FILES_STORE, FILES_BUCKET, FILES_REGION, FILES_KEY_ID, FILES_SECRET)
