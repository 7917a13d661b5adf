"""A program with an API key, at the doors of a service."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.access.people import keep_people
from shared.database.pool import Database
from shared.events import chunk_of
from shared.vocabulary.grant import Grant
from shared.vocabulary.role import Role
from shared.web.api.lines import MEDIA_TYPE
from tests.cast import NOW, Member, access_of


class Program:
    def __init__(self, client: FlaskClient, member: Member) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer glk_{member.person_id.hex}_secret"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """`headers`: by their names with underlines."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, json=body, headers={**self.headers, **named})

    def send_lines(self, path: str, *said: Any) -> list[dict[str, Any]]:
        body = b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in said)
        answer = self.client.post(path, data=body, headers=self.headers, content_type=MEDIA_TYPE)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]


def program(database: Database, client: FlaskClient, *grants: Grant, hotel: str = "") -> Program:
    """With these grants, or all; of one hotel, or all."""
    member = Member(f"{hotel} {grants}", Role.PROGRAM, (hotel,) if hotel else ())
    with database.transaction() as tx:
        made = replace(access_of(member, secret="secret"), grants=[str(one) for one in grants or tuple(Grant)])
        keep_people(tx, chunk_of([made]), NOW)
    return Program(client, member)


def fields_of(answer: TestResponse) -> set[str]:
    """The fields that a refusal names."""
    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"
    return {error["field"] for error in answer.get_json()["errors"]}
