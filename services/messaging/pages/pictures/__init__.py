"""Pictures of mails: the library, one of them, one handed in, and a picture as every reader of a mail finds it."""

from __future__ import annotations

from functools import lru_cache

from services.messaging.config import Config
from shared.outgoing.object_store import Bucket, ObjectStore
from shared.web.site import here


def object_store() -> ObjectStore | None:
    """None where the database keeps pictures."""
    bucket = here().part(Config).pictures
    return _store_of(bucket) if bucket else None


@lru_cache(maxsize=1)
def _store_of(bucket: Bucket) -> ObjectStore:
    return ObjectStore(bucket)
