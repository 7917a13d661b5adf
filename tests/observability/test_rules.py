"""Every alert rule, tried by Prometheus' own tester: it fires where it should, is quiet where it should, and what falls
silent is no all-clear."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from guestloop.composition import alerts_document

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "deploy" / "prometheus").glob("*.yaml"))
OF_FIGURES = [file for file in FILES if file != alerts_document.DOCUMENT]
PROMTOOL = next((one for one in (ROOT / ".venv/promtool/promtool",) if one.exists()), None) or shutil.which("promtool")
MINUTES = 95  # that series last
LOOKED = 90

Series = dict[str, str]


@dataclass(frozen=True)
class Case:
    """`bad` and `well`: series by the minute, with which it fires and with which it does not."""

    alert: str
    bad: Series
    well: Series


def steady(value: float) -> str:
    return f"{value}+0x{MINUTES}"


def growing(by: float) -> str:
    return f"0+{by}x{MINUTES}"


def gauge(alert: str, series: str, bad: float, well: float) -> Case:
    return Case(alert, {series: steady(bad)}, {series: steady(well)})


def shares(alert: str, name: str, labels: str, le: str, bad: float) -> Case:
    """Of 100 a minute so many within `le`."""
    bucket, count = f'{name}_bucket{{{labels}le="{le}"}}', f"{name}_count{{{labels.rstrip(',')}}}"
    return Case(alert, {bucket: growing(bad), count: growing(100)}, {bucket: growing(99.9), count: growing(100)})


ONE = 'service="messaging",role="sender"'
QUEUE = 'guestloop_queue_messages{service="messaging",concern="requests",lane="stay"}'
HEARD = 'guestloop_heard_messages_total{service="messaging",outcome="fresh"}'
SENT = 'guestloop_send_outcomes_total{channel="email",outcome="sent"}'
AGAIN = 'guestloop_send_outcomes_total{channel="email",outcome="again"}'
RELAYED = "guestloop_relay_messages_total"
OTHERS = 'guestloop_partition_pending{service="messaging",partition="any"}'


def partitions(*ages: float) -> Series:
    """Of one service whose oldest events are so old; what was split by another number is older, and no partition."""
    name = 'guestloop_partition_age_seconds{{service="messaging",partition="{}"}}'
    return {name.format(one): steady(age) for one, age in [*enumerate(ages), ("any", 300)]}


CASES = [
    gauge("GuestloopRoleDown", 'up{job="guestloop",instance="a"}', 0, 1),
    gauge("GuestloopRoleNotReady", f"guestloop_ready{{{ONE}}}", 0, 1),
    Case(
        "GuestloopNoActiveRelay",
        {'guestloop_ready{service="messaging",role="relay"}': steady(1)},
        {
            'guestloop_ready{service="messaging",role="relay"}': steady(1),
            'guestloop_outbox_age_seconds{service="messaging",lane="stay"}': steady(0),
        },
    ),
    gauge("GuestloopOutboxOld", 'guestloop_outbox_age_seconds{service="messaging",lane="stay"}', 61, 59),
    Case("GuestloopPartitionStands", partitions(0, 61), partitions(61, 61)),
    Case("GuestloopPartitionStands", partitions(29, 61), partitions(0, 59)),
    Case("GuestloopPartitionsDiffer", {OTHERS: steady(1)}, {OTHERS: steady(0)}),
    Case("GuestloopPartitionsDiffer", {OTHERS: "1 _x8 " * 12}, {OTHERS: f"0+0x50 1+0x15 _x{MINUTES}"}),
    Case(
        "GuestloopUnroutable",
        {f'{RELAYED}{{outcome="returned"}}': growing(1)},
        {f'{RELAYED}{{outcome="returned"}}': steady(3)},
    ),
    Case(
        "GuestloopBrokerRefuses",
        {f'{RELAYED}{{outcome="nacked"}}': growing(1)},
        {f'{RELAYED}{{outcome="nacked"}}': steady(3)},
    ),
    Case("GuestloopQueueStands", {QUEUE: steady(5), HEARD: steady(9)}, {QUEUE: steady(5), HEARD: growing(9)}),
    gauge("GuestloopQueueLong", QUEUE, 5001, 4999),
    Case(
        "GuestloopQueueOld",
        {
            'guestloop_received_age_seconds_bucket{service="m",le="300.0"}': growing(1),
            'guestloop_received_age_seconds_bucket{service="m",le="900.0"}': growing(9),
            'guestloop_received_age_seconds_bucket{service="m",le="+Inf"}': growing(9),
        },
        {
            'guestloop_received_age_seconds_bucket{service="m",le="300.0"}': growing(9),
            'guestloop_received_age_seconds_bucket{service="m",le="900.0"}': growing(9),
            'guestloop_received_age_seconds_bucket{service="m",le="+Inf"}': growing(9),
        },
    ),
    gauge("GuestloopDeadLetters", 'guestloop_dead_letters{service="messaging"}', 1, 0),
    gauge("GuestloopUnknownOld", "guestloop_unknown_delivery_age_seconds", 3601, 3599),
    gauge("GuestloopTimersLate", 'guestloop_due_timer_age_seconds{lane="stay"}', 61, 59),
    gauge("GuestloopSendsLate", 'guestloop_due_delivery_age_seconds{lane="stay"}', 61, 59),
    gauge("GuestloopSendsLate", 'guestloop_due_delivery_age_seconds{lane="marketing"}', 601, 599),
    gauge("GuestloopSenderAway", "guestloop_sender_outage_age_seconds", 121, 119),
    gauge("GuestloopNoSender", "guestloop_senders_running", 0, 1),
    gauge("GuestloopNoticesLate", "guestloop_due_notice_age_seconds", 121, 119),
    gauge("GuestloopExpiredClaims", "guestloop_expired_claims", 1, 0),
    gauge("GuestloopMonthsMissing", "guestloop_months_ahead_seconds", 2_591_999, 2_592_001),
    Case("GuestloopProviderRefuses", {SENT: growing(10), AGAIN: growing(10)}, {SENT: growing(10), AGAIN: growing(1)}),
    Case(
        "GuestloopWithdrawalsSlow",
        {
            'guestloop_withdrawal_lag_seconds_bucket{le="60.0"}': growing(1),
            'guestloop_withdrawal_lag_seconds_bucket{le="300.0"}': growing(9),
            'guestloop_withdrawal_lag_seconds_bucket{le="+Inf"}': growing(9),
        },
        {
            'guestloop_withdrawal_lag_seconds_bucket{le="60.0"}': growing(9),
            'guestloop_withdrawal_lag_seconds_bucket{le="300.0"}': growing(9),
            'guestloop_withdrawal_lag_seconds_bucket{le="+Inf"}': growing(9),
        },
    ),
    Case(
        "GuestloopMessagesComeBack",
        {'guestloop_receipts_total{channel="email",state="bounced",reason="policy_refused"}': growing(1)},
        {'guestloop_receipts_total{channel="email",state="bounced",reason="bad_address"}': growing(1)},
    ),
    Case(
        "GuestloopComplaints",
        {
            'guestloop_receipts_total{state="complained"}': growing(1),
            'guestloop_deliveries_total{channel="email",state="sent"}': growing(100),
        },
        {
            'guestloop_receipts_total{state="complained"}': growing(1),
            'guestloop_deliveries_total{channel="email",state="sent"}': growing(9999),
        },
    ),
    Case(
        "GuestloopMailboxSilent",
        {'guestloop_waits_total{role="mail"}': growing(1)},
        {'guestloop_waits_total{role="mail"}': steady(2)},
    ),
    gauge("GuestloopImportStands", "guestloop_waiting_import_age_seconds", 3601, 3599),
    gauge("GuestloopSweepLate", "guestloop_due_sweep_age_seconds", 601, 599),
    Case(
        "GuestloopPagesFail",
        {
            'guestloop_request_seconds_count{status="5xx"}': growing(1),
            'guestloop_request_seconds_count{status="2xx"}': growing(9),
        },
        {
            'guestloop_request_seconds_count{status="5xx"}': growing(1),
            'guestloop_request_seconds_count{status="2xx"}': growing(99),
        },
    ),
    Case(
        "GuestloopRestarts",
        {'process_start_time_seconds{job="guestloop",instance="a"}': growing(60)},
        {'process_start_time_seconds{job="guestloop",instance="a"}': steady(60)},
    ),
    Case(
        "GuestloopClockStands",
        {f"guestloop_last_success_timestamp_seconds{{{ONE}}}": steady(60)},
        {f"guestloop_last_success_timestamp_seconds{{{ONE}}}": growing(60)},
    ),
    Case(
        "GuestloopVersionsMixed",
        {
            'guestloop_build_info{role="a",version="1"}': steady(1),
            'guestloop_build_info{role="b",version="2"}': steady(1),
        },
        {
            'guestloop_build_info{role="a",version="2"}': steady(1),
            'guestloop_build_info{role="b",version="2"}': steady(1),
        },
    ),
    Case(
        "GuestloopConnectionsFew",
        {
            'guestloop_database_connections{service="m"}': steady(81),
            'guestloop_database_connections_allowed{service="m"}': steady(100),
        },
        {
            'guestloop_database_connections{service="m"}': steady(79),
            'guestloop_database_connections_allowed{service="m"}': steady(100),
        },
    ),
    gauge("GuestloopReplicaBehind", 'guestloop_replica_left_out_since_seconds{service="m",because="away"}', 60, 0),
    shares("GuestloopSurveysMissTheirMinute", "guestloop_send_delay_seconds", 'lane="stay",', "60.0", 98),
    shares("GuestloopStayMessagesSlow", "guestloop_send_delay_seconds", 'lane="stay",', "2.0", 60),
    shares("GuestloopReceiptsSlow", "guestloop_receipt_delay_seconds", "", "5.0", 60),
    Case(
        "GuestloopDiscFills",
        {
            'node_filesystem_avail_bytes{mountpoint="/"}': steady(9),
            'node_filesystem_size_bytes{mountpoint="/"}': steady(100),
        },
        {
            'node_filesystem_avail_bytes{mountpoint="/"}': steady(50),
            'node_filesystem_size_bytes{mountpoint="/"}': steady(100),
        },
    ),
    Case(
        "GuestloopBrokersDiscFills",
        {"rabbitmq_disk_space_available_bytes": steady(19), "rabbitmq_disk_space_available_limit_bytes": steady(10)},
        {"rabbitmq_disk_space_available_bytes": steady(21), "rabbitmq_disk_space_available_limit_bytes": steady(10)},
    ),
    Case("GuestloopBackupOld", {}, {"guestloop_backup_completed_timestamp_seconds": steady(0)}),
    gauge("GuestloopLogNotReceived", "guestloop_backup_receiving", 0, 1),
    gauge("GuestloopCertificateEnds", 'probe_ssl_earliest_cert_expiry{instance="a"}', 1209600, 2000000),
]
"""Those that always stand, and those that every other case would fire, are below."""


def expected(expression: str, *, stands: bool, at: int = LOOKED) -> dict[str, Any]:
    samples = [{"labels": "{}", "value": 1}] if stands else []
    return {"expr": expression, "eval_time": f"{at}m", "exp_samples": samples}


def fires(alert: str, labels: str = "") -> str:
    return f'group(ALERTS{{alertname="{alert}",alertstate="firing"{labels}}})'


def block(series: Series, *tests: dict[str, Any]) -> dict[str, Any]:
    told = [{"series": name, "values": values} for name, values in series.items()]
    return {"interval": "1m", "input_series": told, "promql_expr_test": list(tests)}


def together(cases: list[tuple[str, Series]], *, stands: bool) -> list[dict[str, Any]]:
    """Those that share no metric are tried in one block: each costs a hundred evaluations of every rule."""
    packed: list[tuple[set[str], Series, list[dict[str, Any]]]] = []
    for alert, series in cases:
        metrics = {name.partition("{")[0] for name in series}
        room = next((one for one in packed if not one[0] & metrics), None)
        if room is None:
            room = (set(), {}, [])
            packed.append(room)
        room[0].update(metrics)
        room[1].update(series)
        room[2].append(expected(fires(alert), stands=stands))
    return [block(series, *tests) for _, series, tests in packed]


def tried(folder: Path, blocks: list[dict[str, Any]], files: list[Path]) -> str:
    """What the tester says; nothing where all is as expected."""
    assert PROMTOOL is not None
    file = folder / "rules_test.yaml"
    document = {"rule_files": list(map(str, files)), "evaluation_interval": "1m", "tests": blocks}
    file.write_text(yaml.safe_dump(document), "utf-8")
    done = subprocess.run([str(PROMTOOL), "test", "rules", str(file)], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@cache
def rules() -> list[dict[str, Any]]:
    groups = [group for file in FILES for group in yaml.safe_load(file.read_text("utf-8"))["groups"]]
    return [rule for group in groups for rule in group["rules"]]


needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not there: deploy/install-promtool")


@needs_promtool
def test_prometheus_reads_every_rule() -> None:
    done = subprocess.run([str(PROMTOOL), "check", "rules", "--lint=none", *map(str, FILES)], capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


@needs_promtool
def test_every_rule_fires_where_it_should_and_is_quiet_where_it_should(tmp_path: Path) -> None:
    blocks = together([(case.alert, case.bad) for case in CASES], stands=True)
    blocks += together([(case.alert, case.well) for case in CASES], stands=False)
    assert tried(tmp_path, blocks, OF_FIGURES) == ""


@needs_promtool
def test_a_role_whose_series_end_is_missed_whichever_it_is(tmp_path: Path) -> None:
    """All rules over series that are there go blind with them."""
    roles = alerts_document.roles()
    every = {f'guestloop_ready{{service="{service}",role="{role}"}}': steady(1) for service, role in roles}
    any_at_all = 'group(ALERTS{alertname="GuestloopRoleAbsent"})'
    gone = {**every, 'guestloop_ready{service="messaging",role="relay"}': f"1+0x5 stale _x{MINUTES}"}
    its = 'count(ALERTS{alertname="GuestloopRoleAbsent",alertstate="firing"})'
    nothing = [fires("GuestloopRoleAbsent", f',service="{service}",role="{role}"') for service, role in roles]
    blocks = [
        block(every, expected(any_at_all, stands=False, at=20)),
        block(
            gone,
            expected(its, stands=True, at=20),
            expected(fires("GuestloopRoleAbsent", ',service="messaging",role="relay"'), stands=True, at=20),
        ),
        block({}, *(expected(one, stands=True, at=20) for one in nothing)),
    ]
    assert tried(tmp_path, blocks, [alerts_document.DOCUMENT]) == ""


@needs_promtool
def test_a_switch_outside_hears_that_alerts_work(tmp_path: Path) -> None:
    always = expected(fires("GuestloopAlertsWork"), stands=True, at=5)
    assert tried(tmp_path, [block({}, always)], OF_FIGURES) == ""


def test_no_rule_is_untried() -> None:
    named = {rule["alert"] for rule in rules()}
    assert named == {case.alert for case in CASES} | {"GuestloopRoleAbsent", "GuestloopAlertsWork"}


def test_every_rule_says_what_to_do_and_where_more_is_written() -> None:
    lines = (ROOT / "docs" / "operations.md").read_text("utf-8").splitlines()
    headings = {line.lstrip("# ").strip().lower() for line in lines if line[:1] == "#"}
    for rule in rules():
        told = rule["annotations"]
        file, _, anchor = told["runbook"].partition("#")
        assert file == "docs/operations.md" and anchor in headings, rule["alert"]
        assert told["runbook_url"] == "{{ $externalLabels.runbooks }}" + told["runbook"]
        assert told["action"].endswith(".") and len(told["action"]) > 30, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket", "none"), rule["alert"]


def test_the_roles_there_must_be_are_those_of_the_code() -> None:
    assert alerts_document.DOCUMENT.read_text("utf-8") == alerts_document.text(), "run «make docs»"
