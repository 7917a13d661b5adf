"""All roles of all services as processes, and a small campaign through them: what an operator sees of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from guestloop.generated.export import write_export
from shared.embedded.server import EmbeddedPostgres
from tests.observability.campaign import Picky, by_mail, picky_mail, play, private_words
from tests.observability.installation import Installation
from tests.observability.role import Role, Sample, until
from tests.rabbit import RabbitNode

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy" / "grafana" / "guestloop.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yaml"
SCALING = ROOT / "deploy" / "kubernetes" / "components" / "queues" / "scaling.yaml"
NOT_NEEDED = {  # by a small campaign; the others take half a minute to start as it is
    *(("segments", clock) for clock in ("sweep", "walk", "snapshots", "sizes")),
    *((service, "web") for service in ("campaigns", "messaging", "feedback", "console")),
    ("messaging", "reconcile"),
    ("messaging", "notices"),
    ("messaging", "codes"),
    ("messaging", "domains"),
}
MADE_BY_PROMETHEUS = {"up"}
METRIC = re.compile(r"\b(?:guestloop|process)_[a-z_]+\b|\bup\b")

pytestmark = pytest.mark.rabbitmq


@dataclass
class Campaign:
    installation: Installation
    roles: list[Role]
    mail: Picky
    private: set[str]

    @cached_property
    def samples(self) -> list[Sample]:
        """As they are at rest."""
        return [sample for role in self.roles for sample in role.scrape()]

    def total(self, name: str, **labels: str) -> float:
        return sum(one.value for one in self.samples if one.name == name and labels.items() <= one.labels.items())

    def logged(self) -> list[dict[str, Any]]:
        return [line for role in self.roles for line in role.logged()]


NO_REPLICA_THERE = {"GUESTLOOP_SEGMENTS_REPLICA": "postgresql://127.0.0.1:9/segments"}
"""One that is away: its pages are read from the primary, and tell since when."""
IN_PARTITIONS = {"GUESTLOOP_RELAY_PARTITIONS": "2"}
"""Of which the only relay of each service publishes both, and tells of each."""


@pytest.fixture(scope="module")
def campaign(
    cluster: EmbeddedPostgres, rabbitmq: RabbitNode, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Campaign]:
    folder = tmp_path_factory.mktemp("campaign")
    with picky_mail() as mail:
        told = {**by_mail(mail.port), **NO_REPLICA_THERE, **IN_PARTITIONS}
        installation = Installation(cluster, rabbitmq.url, folder, **told)
        try:
            roles = [installation.start(*one) for one in installation.all_roles() if one not in NOT_NEEDED]
            for role in roles:
                until(lambda role=role: role.is_ready, what=f"{role.service} {role.role} does not get ready")  # type: ignore[misc]
            export = folder / "export.csv"
            write_export(export, rows=150, from_year=2025, to_year=2026)
            private = private_words(export)  # the file goes once it is imported
            play(installation, export)
            yield Campaign(installation, roles, mail, private)
        finally:
            installation.close()


def test_messages_went_and_some_were_refused(campaign: Campaign) -> None:
    assert len(campaign.mail.raw) > 20
    assert campaign.mail.refused


def test_every_role_tells_who_it_is_and_that_it_lives(campaign: Campaign) -> None:
    for role in campaign.roles:
        status, text = role.ask("/health")
        assert (status, json.loads(text)) == (200, {"service": role.service, "role": role.role, "state": "up"})
        assert role.state() == (200, "ready")
        assert role.metric("guestloop_ready", service=role.service, role=role.role) == 1
        assert role.ask("/nothing")[0] == 404


def expressions() -> dict[str, str]:
    """Every expression of the dashboard, of the alerts and by which Kubernetes scales, by where it stands."""
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    panels = json.loads(DASHBOARD.read_text())["panels"]
    shown = {
        f"{panel['title']} {target['refId']}": target["expr"] for panel in panels for target in panel.get("targets", ())
    }
    scaled = re.findall(r"^ +query: (.+)$", SCALING.read_text(), re.MULTILINE)
    assert scaled
    return {**{rule["alert"]: rule["expr"] for rule in rules}, **shown, **{query: query for query in scaled}}


def test_every_metric_that_the_dashboard_and_the_alerts_name_is_one_that_a_role_exports(campaign: Campaign) -> None:
    exported = set().union(*(role.exported() for role in campaign.roles)) | MADE_BY_PROMETHEUS
    named = {(place, name) for place, text in expressions().items() for name in METRIC.findall(strings_out(text))}
    assert len({name for _, name in named}) > 25
    assert {(place, name) for place, name in named if name not in exported} == set()


def strings_out(expression: str) -> str:
    return re.sub(r'"[^"]*"', '""', expression)


def test_every_label_that_they_ask_for_is_there(campaign: Campaign) -> None:
    bears: dict[str, set[str]] = {}
    for one in campaign.samples:
        bears.setdefault(one.name, set()).update(one.labels)
    asked = re.compile(r"\b(guestloop_[a-z_]+)\{([^}]*)\}")
    missing = {
        (place, name, label)
        for place, text in expressions().items()
        for name, matchers in asked.findall(text)
        for label in re.findall(r"(\w+)\s*[!=]", matchers)
        if name in bears and label not in bears[name]
    }
    assert missing == set()


def test_what_is_counted_agrees_with_the_tables(campaign: Campaign) -> None:
    count = campaign.installation.count
    sent = count("messaging", "select count(*) from delivery where state = 'sent'")
    failed = count("messaging", "select count(*) from delivery where state = 'failed'")
    assert campaign.total("guestloop_deliveries_total", state="sent", channel="email") == sent == len(campaign.mail.raw)
    assert campaign.total("guestloop_deliveries_total", state="failed", reason="bad_address") == failed > 0
    assert campaign.total("guestloop_send_outcomes_total", outcome="sent") == sent
    guests = count("segments", "select count(*) from guest")
    assert campaign.total("guestloop_handled_subjects_total", service="messaging", type="guest.changed.v1") >= guests
    published = count("segments", "select count(*) from outbox where published_at is not null")
    assert campaign.total("guestloop_relay_messages_total", service="segments", outcome="published") >= published
    assert campaign.total("guestloop_set_aside_total", service="messaging", type="message.requested.v1") == 1
    assert campaign.total("guestloop_dead_letters", service="messaging") == 1
    assert campaign.total("guestloop_withdrawal_lag_seconds_count") == 1
    assert campaign.total("guestloop_handler_seconds_count", service="campaigns", type="guest.changed.v1") > 0
    assert campaign.total("guestloop_step_work_total", service="segments", role="imports") == 1


def test_what_waits_is_told_once_a_service(campaign: Campaign) -> None:
    told = [one.labels["service"] for one in campaign.samples if one.name == "guestloop_dead_letters"]
    assert sorted(told) == sorted(campaign.installation.group.services)
    queues = [one for one in campaign.samples if one.name == "guestloop_queue_messages"]
    assert {one.labels["lane"] for one in queues if one.labels["concern"] == "requests"} == {"stay", "marketing"}
    assert {one.labels["service"] for one in queues} == set(campaign.installation.group.services)
    assert sum(one.value for one in queues) == 0
    due = {one.labels["lane"] for one in campaign.samples if one.name == "guestloop_due_timers"}
    assert due == {"stay", "marketing"}


def test_pages_are_counted_and_are_not_alive_only(campaign: Campaign) -> None:
    (web,) = [role for role in campaign.roles if (role.service, role.role) == ("segments", "web")]
    words = quote(sorted(campaign.private)[0])
    before = web.metric("guestloop_request_seconds_count", service="segments", status="3xx")
    Role.visit(f"{web.pages}/segments/guests?q={words}")
    assert web.metric("guestloop_request_seconds_count", service="segments", status="3xx") == before + 1


def test_logs_are_json_with_event_service_and_role(campaign: Campaign) -> None:
    for role in campaign.roles:
        lines = role.logged()
        assert lines, f"{role.service} {role.role} logs nothing"
        for line in lines:
            assert line["event"] and line["timestamp"] and line["level"]
            assert (line["service"], line["role"]) == (role.service, role.role)
    (dead,) = [line for line in campaign.logged() if line["event"] == "dead letters"]
    assert dead["types"] == ["message.requested.v1"] and len(dead["message_ids"]) == 1


def test_no_log_and_no_label_holds_a_guests_name_address_or_number(campaign: Campaign) -> None:
    words = {word.lower() for word in campaign.private}
    assert len(words) > 200
    logged = "\n".join(role.log.read_text() for role in campaign.roles).lower()
    labels = "\n".join(str(one.labels) for one in campaign.samples).lower()
    assert {word for word in words if word in logged} == set()
    assert {word for word in words if word in labels} == set()
    assert "@" not in logged.replace("guest:**@", "")
