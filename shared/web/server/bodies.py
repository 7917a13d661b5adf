"""How a body comes in: what is here already from memory, the rest of a large one to a file on disk."""

from __future__ import annotations

from tempfile import TemporaryFile

from gunicorn.http.body import LengthReader

from shared.web.server.answers import CONTINUE, status_of_bad_request
from shared.web.server.body_source import TooLarge, TooSlow
from shared.web.server.connections import ClientConnection

BLOCK = 256 * 1024


def status_of_failure(error: BaseException) -> int | None:
    """What a client is answered whose body could not be read; None where nobody is there to read it."""
    match error:
        case TooSlow():
            return 408
        case TooLarge():
            return 413
        case Exception():
            return status_of_bad_request(error)
        case _:
            return None


def fetch_body(connection: ClientConnection) -> None:
    """In a thread of the uploads: the body to a file without a name, of which a crash leaves nothing behind."""
    awaited, body = connection.awaited, connection.request.body
    assert awaited is not None and connection.source is not None, "only an awaited body is read"
    if isinstance(body.reader, LengthReader) and body.reader.length > awaited.longest:
        raise TooLarge()
    if connection.arrived.expects_continue:
        connection.answer.sendall(CONTINUE)
    connection.source.open(connection.client, connection.limits)
    file = TemporaryFile(dir=awaited.folder)  # noqa: SIM115  closed with the request
    try:
        while block := body.read(BLOCK):
            file.write(block)
            if file.tell() > awaited.longest:
                raise TooLarge()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    finally:
        connection.client.setblocking(False)
    connection.body = file
