"""deploy/kubernetes: sound by the schemas, and no role is forgotten."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from typing import Any

import kubernetes_validate
import pytest
import yaml

from guestloop.composition.services import SERVICES
from tests.deploy.custom_resources import is_custom, validate_custom
from tests.deploy.kustomize import Thing, name_of, render
from tests.deploy.roles import DEPLOY, every_role

KUBERNETES = DEPLOY / "kubernetes"
VERSION = "1.33"
RENDERED = render(KUBERNETES) + render(KUBERNETES / "migration") + render(KUBERNETES / "backup")
TOGETHER = render(DEPLOY / "overlay")
SCALED = [thing for thing in TOGETHER if thing["kind"] == "ScaledObject"]


def named(kind: str) -> dict[str, Thing]:
    return {thing["metadata"]["name"]: thing for thing in RENDERED if thing["kind"] == kind}


ROLES = {name: thing for name, thing in named("Deployment").items() if name != "gateway"}


def pod_of(thing: Thing) -> Thing:
    pod: Thing = thing["spec"]["template"]["spec"]
    return pod


@pytest.mark.parametrize("things", [RENDERED, TOGETHER], ids=["alone", "together"])
def test_every_resource_is_sound_by_its_schema(things: list[Thing]) -> None:
    """Of Kubernetes, or of the operator whose it is."""
    for thing in things:
        if is_custom(thing):
            validate_custom(thing)
        else:
            kubernetes_validate.validate(thing, VERSION, strict=True)


def test_alone_it_asks_for_no_operator() -> None:
    assert [name_of(thing) for thing in RENDERED if is_custom(thing)] == []


def test_every_role_of_every_service_is_deployed_and_nothing_else() -> None:
    commands = {name: pod_of(thing)["containers"][0] for name, thing in ROLES.items()}
    told = {name: [*container["command"], *container["args"]] for name, container in commands.items()}
    wanted = {f"{one}-{role}": ["python", "-m", f"services.{one}", role] for one, role in every_role()}
    assert told == wanted


@pytest.mark.parametrize("name", ROLES)
def test_a_role_has_probes_limits_and_no_more_rights_than_it_needs(name: str) -> None:
    pod = pod_of(ROLES[name])
    container = pod["containers"][0]
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
    assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]
    assert container["securityContext"]["readOnlyRootFilesystem"] and pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]


@pytest.mark.parametrize("name", ROLES)
def test_a_role_sees_the_secrets_of_its_own_service_alone(name: str) -> None:
    service, _, role = name.partition("-")
    pod = pod_of(ROLES[name])
    volumes = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]
    seen = {item["key"] for secret in volumes for item in secret["items"]}
    own = {f"{service}_keys", f"{service}_database"} | (
        {f"{service}_broker"} if role in ("relay", "consumer") else set()
    )
    own |= {"smtp_password", "twilio_token"} if role in ("sender", "reconcile", "notices") else set()
    own |= {"twilio_token"} if name in ("feedback-web", "feedback-pictures") else set()
    own |= {"twilio_token", "mailgun_key", "postmark_secret", "pictures_secret"} if name == "messaging-web" else set()
    own |= {"imap_password"} if name == "feedback-mail" else set()
    assert seen == own
    told = pod["containers"][0]["env"]
    named_files = {one["value"].rpartition("/")[2] for one in told if one["name"].endswith("_FILE")}
    assert named_files == own


def test_the_backup_sees_its_own_secrets_alone_and_keeps_what_it_took() -> None:
    (role,) = named("StatefulSet").values()
    pod = pod_of(role)
    (container,) = pod["containers"]
    assert container["command"] == ["guestloop", "backup", "run"] and role["spec"]["replicas"] == 1
    (secrets,) = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]
    own = {"backup_database", "backup_keys", "console_database"}
    assert {item["key"] for item in secrets["items"]} == own
    assert {one["value"].rpartition("/")[2] for one in container["env"] if one["name"].endswith("_FILE")} == own
    folder = next(one["value"] for one in container["env"] if one["name"] == "GUESTLOOP_BACKUPS")
    (claim,) = role["spec"]["volumeClaimTemplates"]
    mounted = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    assert folder.startswith(mounted[claim["metadata"]["name"]])
    assert container["securityContext"]["readOnlyRootFilesystem"] and pod["securityContext"]["runAsNonRoot"]
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)


def test_the_desk_is_a_template_told_what_the_senders_and_the_migration_are_told() -> None:
    desk, migration = named("CronJob")["desk"], named("Job")["migrate"]
    assert desk["spec"]["suspend"] is True
    container, its = pod_of(desk["spec"]["jobTemplate"])["containers"][0], pod_of(migration)["containers"][0]
    sender = pod_of(ROLES["messaging-sender"])["containers"][0]
    assert container["image"] == its["image"] and container["envFrom"] == sender["envFrom"]
    told = {one["name"] for one in container["env"]}
    assert {one["name"] for one in its["env"]} <= told
    assert {"GUESTLOOP_SMTP_PASSWORD_FILE", "GUESTLOOP_TWILIO_TOKEN_FILE"} <= told
    mounts = {one["mountPath"] for one in its["volumeMounts"]}
    assert mounts <= {one["mountPath"] for one in container["volumeMounts"]}


def test_the_desks_script_hands_every_word_on_as_it_is() -> None:
    words = ["letters", "drop", "--reason", 'it says "no" \\ never', "--yes"]
    done = subprocess.run(
        [str(DEPLOY / "guestloop-kubernetes"), *words], env={**os.environ, "SHOW": "1"}, capture_output=True, check=True
    )
    (change,) = json.loads(done.stdout)
    assert change["value"] == words
    container = pod_of(named("CronJob")["desk"]["spec"]["jobTemplate"])["containers"]
    assert change["path"] == "/spec/template/spec/containers/0/args" and len(container) == 1


def test_what_scales_exists_and_asks_for_figures_that_are_told() -> None:
    told = figures()
    for thing in SCALED:
        assert thing["spec"]["scaleTargetRef"]["name"] in ROLES
        for trigger in thing["spec"]["triggers"]:
            asked = set(re.findall(r"guestloop_\w+", trigger["metadata"]["query"]))
            assert asked and asked <= told
    assert {f"{one}-{role}" for one in SERVICES for role in ("consumer", "relay")} <= {
        thing["metadata"]["name"] for thing in SCALED
    }


@cache
def figures() -> set[str]:
    """The gauges that the services' relays tell of what waits."""
    from guestloop.composition.services import build_group
    from shared.bus.backlog import BUS
    from shared.clock import SystemClock
    from shared.crypto.sealing import KeyRing
    from shared.database.pool import Database

    keyring = KeyRing.parse(KeyRing.fresh())
    group = build_group({one: Database("", service=one, keyring=keyring) for one in SERVICES}, SystemClock(), {})
    own = {name for service in group.services.values() for name in service.backlog.meanings}
    return {*BUS.meanings, *own, "guestloop_queue_messages"}


def test_every_kind_of_role_may_lose_one_at_a_time_when_a_node_is_emptied() -> None:
    kinds = {thing["metadata"]["labels"]["kind"] for thing in ROLES.values()}
    budgets = [one["spec"] for one in named("PodDisruptionBudget").values()]
    assert all(budget["maxUnavailable"] == 1 for budget in budgets)
    assert all(budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow" for budget in budgets)
    assert {budget["selector"]["matchLabels"].get("kind") for budget in budgets} - {None} == kinds


def test_nobody_speaks_with_anybody_unless_a_policy_says_so() -> None:
    nobody = named("NetworkPolicy")["nobody"]["spec"]
    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    outward = [name for name, thing in named("NetworkPolicy").items() if "ipBlock" in json.dumps(thing)]
    assert outward == ["providers"]
    reaching = [name for name, thing in ROLES.items() if "reaches" in thing["spec"]["template"]["metadata"]["labels"]]
    assert sorted(reaching) == [
        *("console-webhooks", "feedback-mail", "feedback-pictures", "messaging-notices", "messaging-reconcile"),
        *("messaging-sender", "segments-systems"),
    ]


def test_no_two_resources_have_one_name() -> None:
    for things in (RENDERED, TOGETHER):
        assert [name for name, count in Counter(map(name_of, things)).items() if count > 1] == []


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="only where kubectl is at hand")
@pytest.mark.data  # absent in CI
@pytest.mark.parametrize("folder", [".", "migration", "backup", "../overlay"])
def test_kustomize_itself_makes_the_same_of_it(folder: str) -> None:
    done = subprocess.run(
        ["kubectl", "kustomize", str(KUBERNETES / folder)], capture_output=True, text=True, check=True
    )
    theirs = {name_of(thing): thing for thing in yaml.safe_load_all(done.stdout)}
    text = re.sub(r"(settings|providers|files|gateway|gateway-servers)-[a-z0-9]{10}\b", r"\1", json.dumps(theirs))
    ours: dict[str, Any] = {name_of(thing): thing for thing in render(KUBERNETES / folder)}
    assert sorted_lists(json.loads(text)) == sorted_lists(json.loads(json.dumps(ours)))


def sorted_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: sorted_lists(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((sorted_lists(inner) for inner in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value
