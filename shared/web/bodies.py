"""How much of a request's body is read, and when: after it is known who sends it and that they may.

A page takes 1 MB, one that is open to all 64 KB, and one marked `takes_files` as much as it says. The size is looked at
before anything is read, and so is the form token of an upload: it stands in the address of the form or in a header,
since one inside the form would come too late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms.validators import ValidationError

from shared.crypto.signing import LinkSigner
from shared.web.access_control import EVERYBODY, READING, door_of
from shared.web.awaited_body import AWAIT_BODY, SMALL_BODY
from shared.web.site import here

View = TypeVar("View", bound=Callable[..., Any])
MB = 1024 * 1024
OF_A_PAGE = MB
OF_A_FILE = 256 * MB
MOST_PARTS = 1000
KEPT_IN_MEMORY = 512 * 1024
TOKEN_HEADER, TOKEN = "X-CSRFToken", "csrf_token"


def takes_files(longest: int = OF_A_FILE, *, by_link: str | None = None) -> Callable[[View], View]:
    """What comes here may be as long as that, in bytes, and lies on disk before it is looked at. `by_link`: a guest
    sends it, and the `token` in its address is signed for that; there is no cookie, and so no form token."""

    def mark(view: View) -> View:
        view.__dict__["takes_files"] = longest
        view.__dict__["by_link"] = by_link
        return view

    return mark


def longest_body(endpoint: str | None) -> int:
    """Bytes that an address takes."""
    if endpoint is None or endpoint.endswith("static"):
        return SMALL_BODY
    longest: int | None = getattr(current_app.view_functions[endpoint], "takes_files", None)
    if longest is not None:
        return longest
    return SMALL_BODY if door_of(endpoint) == EVERYBODY else OF_A_PAGE


@contextmanager
def lying_on_disk(upload: FileStorage) -> Iterator[Path]:
    """Where the file lies, readable by its owner alone, for as long as it is read."""
    with NamedTemporaryFile(dir=_folder()) as file:
        copyfileobj(upload.stream, file, MB)
        file.flush()
        yield Path(file.name)


class BoundedRequest(Request):
    """Files that come with a form lie where the service keeps files: a system's temporary folder may be memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if total_content_length is not None and total_content_length <= KEPT_IN_MEMORY:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return TemporaryFile("w+b", dir=_folder())


def bound_bodies(app: Flask, files: Path | None) -> None:
    """`files`: where large bodies wait on disk; None for the system's temporary folder."""
    app.request_class = BoundedRequest
    app.config.update(
        MAX_CONTENT_LENGTH=OF_A_PAGE, MAX_FORM_MEMORY_SIZE=OF_A_PAGE, MAX_FORM_PARTS=MOST_PARTS, FOLDER_OF_FILES=files
    )
    app.before_request(take_body)


def exempt_uploads(app: Flask, guard: CSRFProtect) -> None:
    """Their token has been checked here, before the form is read."""
    for view in app.view_functions.values():
        if hasattr(view, "takes_files"):
            guard.exempt(view)


def take_body() -> None:
    """After it is decided who may: large bodies are refused, or read, before a view touches them."""
    longest = longest_body(request.endpoint)
    request.max_content_length = longest
    if (request.content_length or 0) > longest:
        raise RequestEntityTooLarge()
    view = current_app.view_functions[request.endpoint] if request.endpoint else None
    if hasattr(view, "takes_files"):
        if purpose := getattr(view, "by_link", None):
            LinkSigner.of(here().database.keyring).read(purpose, (request.view_args or {})["token"])
        else:
            _check_token()
    if (awaits := request.environ.get(AWAIT_BODY)) is not None:
        if longest <= SMALL_BODY:  # it came without a length, and has passed that already
            raise RequestEntityTooLarge()
        awaits(longest, _folder())


def _check_token() -> None:
    """A key is no cookie: a browser does not send it by itself, so it needs no token beside it."""
    if not current_app.config["WTF_CSRF_ENABLED"] or request.method in READING or request.authorization is not None:
        return
    try:
        validate_csrf(request.headers.get(TOKEN_HEADER) or request.args.get(TOKEN, ""))
    except ValidationError as error:
        raise CSRFError(error.args[0]) from error


def _folder() -> Path | None:
    folder: Path | None = current_app.config["FOLDER_OF_FILES"]
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
