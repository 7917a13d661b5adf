"""A real S3-compatible store on loopback, and buckets in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

from shared.outgoing.aws_signature import AccessKey
from shared.outgoing.object_store import Bucket, ObjectStore
from tests.cast import NOW

KEY = AccessKey(key_id="AKIDEXAMPLE", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region="us-east-1")


@contextmanager
def object_store() -> Iterator[str]:
    """Its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


def new_bucket(address: str, name: str) -> Bucket:
    made = Bucket(address, name, KEY)
    assert ObjectStore(made)._ask("PUT", "", NOW).status == 200
    return made
