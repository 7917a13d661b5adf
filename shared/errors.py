"""The errors of Guestloop. A class's docstring is its default message and tells the reader what to do."""

from __future__ import annotations

from collections.abc import Mapping


class GuestloopError(Exception):
    """Something went wrong in Guestloop."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class SettingError(GuestloopError):
    """A setting is missing or malformed; the message names the variable."""


class Problem(str):
    """What is wrong at one place, in English for programs and logs; pages key on its `code`.

    `values`: what a page's own sentence needs of it, such as how many characters there may be.
    """

    __slots__ = ("code", "values")
    code: str
    values: Mapping[str, object]

    def __new__(cls, text: str, code: str, **values: object) -> Problem:
        problem = super().__new__(cls, text)
        problem.code, problem.values = code, values
        return problem

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, object]]:
        """A problem found in one process is raised in another."""
        return (str(self), self.code), dict(self.values)


class InputError(GuestloopError):
    """What was handed in cannot be used; each problem names its place (line, field or JSON pointer)."""

    def __init__(
        self, message: str | None = None, problems: Mapping[str, str] | None = None, *, code: str = ""
    ) -> None:
        self.problems = dict(problems or {})
        self.code = code
        lines = [message] if message else []
        lines += [f"{place}: {problem}" for place, problem in self.problems.items()]
        super().__init__("\n".join(lines) or None)


class NotFound(GuestloopError):
    """There is nothing of that name here."""


class Conflict(GuestloopError):
    """It was changed by somebody else meanwhile; look at it again and repeat."""


class Busy(GuestloopError):
    """Too much is asked for at this moment; try again in a few seconds."""


class NotReady(GuestloopError):
    """What this rests on is not there now; try again in a few minutes."""


class TooOften(GuestloopError):
    """This key has made all the requests it may make within a minute; wait as long as Retry-After says."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__()


class NotGranted(GuestloopError):
    """This key does not grant what the request asks for; an administrator makes keys under Team."""

    def __init__(self, grant: str) -> None:
        self.grant = grant
        super().__init__()


class MalformedEvent(GuestloopError):
    """An event does not fit its entry in the dictionary.

    `subjects` maps the index of each subject at fault to the reason; empty where the event as a whole is at fault.
    """

    def __init__(self, message: str, subjects: dict[int, str] | None = None) -> None:
        self.subjects = subjects or {}
        super().__init__(message)


class BrokerUnavailable(GuestloopError):
    """The message broker does not answer; it is tried again by itself."""


class DatabaseUnavailable(GuestloopError):
    """The database does not answer; it is tried again by itself."""
