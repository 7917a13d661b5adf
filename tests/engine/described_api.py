"""What an OpenAPI document says, made up and sent to whoever serves it. A module of its own: what makes it up takes a
second to import, and every worker reads the files of tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

PROMISES = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.negative_data_rejection, checks.missing_required_header,
]  # fmt: skip
OF_LINES = [one for one in PROMISES if one is not checks.negative_data_rejection]
"""A line that cannot be used is refused in the answer, which is not a refusal."""
OF_SOMEBODY = ("POST /api/events", "PUT /api/spend/{source}/{place}/{number}")
"""What is told of a guest, of a stay or of a reservation: of one of them."""
BEFORE_THE_API = (408, 414, 431)
"""What the server refuses before a service sees it, as the document says once for all."""
MADE_UP = settings(
    derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@schemathesis.serializer("application/x-ndjson", "application/gzip", "message/rfc822")
def as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


class Installation:
    """`paths` and `bodies`: what it knows, by the names of parameters and fields."""

    def __init__(self, headers: Mapping[str, str], stay: Mapping[str, Any], note: Mapping[str, Any]) -> None:
        self.headers = dict(headers)
        self.paths = {"guest_id": stay["guest_id"], "stay_id": stay["id"], "place": "LIS", "note_id": note["id"],
                      "property": "LIS",
                      "base": "EUR", "quote": "CNY", "day": "2024-02-01"}  # fmt: skip
        self.bodies: dict[str, Any] = {
            "property": "LIS", "guest": stay["guest_id"], "stay": None, "reservation": None, "currency": "EUR",
            "amount": "12.50", "booked_on": "2024-01-01", "status_date": "2024-01-01", "arrival": "2024-02-01",
            "departure": "2024-02-03", "version": 1, "at": "2024-02-01T12:00:00Z", "as_of": "2024-02-01T12:00:00Z",
            "said_at": "2024-02-01T12:00:00Z", "name": "spa.booked", "base": "EUR", "quote": "CNY", "rate": "7.8",
            "rating": "4/5", "scale": 5, "date": "2024-02-01", "source": "booking", "reference": "B-1",
            "country": "PT", "birth_date": "1981-11-26", "email": "rita@example.com", "phone": "+351912000123",
            "language": "pt", "values": {"minutes": 50},
            "rates": [{"base": "EUR", "quote": "CNY", "day": "2024-02-01", "rate": "7.8"}],
        }  # fmt: skip
        self.answers: dict[str, Counter[int]] = {}

    def asked(self, schema: Any, examples: int) -> list[str]:
        """Sends so many examples of each kind to each operation; what is not as the document says."""
        found: list[str] = []
        for operation in (result.ok() for result in schema.get_all_operations()):
            for mode in GenerationMode:
                found += self._sent(operation, mode, examples)
        return found

    def _sent(self, operation: Any, mode: GenerationMode, examples: int) -> list[str]:
        found: list[str] = []
        answers = self.answers.setdefault(operation.label, Counter())

        @settings(MADE_UP, max_examples=examples)
        @given(operation.as_strategy(generation_mode=mode), st.booleans())
        def send(case: Any, is_known: bool) -> None:
            if is_known and mode is GenerationMode.POSITIVE:
                self._put_known(case)
            answer = case.call(headers=self.headers, timeout=60)
            answers[answer.status_code] += 1
            if answer.status_code in BEFORE_THE_API:
                return
            promised = OF_LINES if operation.label.endswith("/lines") else PROMISES
            try:
                case.validate_response(answer, checks=promised, headers=self.headers)
            except (Failure, FailureGroup) as broken:
                each = broken.exceptions if isinstance(broken, FailureGroup) else (broken,)
                found.extend(f"{operation.label} {answer.status_code}: {one}\n{case.as_curl_command()}" for one in each)

        send()
        return found

    def _put_known(self, case: Any) -> None:
        for name in self.paths.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = self.paths[name]
        if isinstance(case.body, dict):
            whose = {"guest": None} if case.operation.label in OF_SOMEBODY else {}
            case.body = {name: _known(name, value, self.bodies) for name, value in (whose | case.body).items()}

    def never_done(self) -> set[str]:
        """Operations that never did what they are for."""
        return {label for label, answers in self.answers.items() if not any(200 <= one < 300 for one in answers)}


def _known(name: str, value: Any, bodies: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {inner: _known(inner, each, bodies) for inner, each in value.items()}
    return bodies.get(name, value)
