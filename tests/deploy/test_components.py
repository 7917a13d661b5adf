"""deploy/kubernetes/components, put together by deploy/overlay: each fits what it is put beside."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from guestloop.composition import alerts_document
from guestloop.composition.services import SERVICES
from guestloop.operations.provision import provision
from shared.plain_yaml import read_yaml
from shared.settings.installation import REPLICA_NAME
from shared.settings.object_stores import FILES
from tests.deploy.kustomize import Thing, render
from tests.deploy.roles import DEPLOY, every_role

REPLICAS_HOST = "postgres-ro:5432"
COMPONENTS = DEPLOY / "kubernetes" / "components"
TOGETHER = render(DEPLOY / "overlay")


def named(kind: str) -> dict[str, Thing]:
    return {thing["metadata"]["name"]: thing for thing in TOGETHER if thing["kind"] == kind}


PODS = {
    name: thing["spec"]["template"] for kind in ("Deployment", "StatefulSet") for name, thing in named(kind).items()
}
POLICIES = {name: thing["spec"] for name, thing in named("NetworkPolicy").items()}
SETTINGS = {**named("ConfigMap")["settings"]["data"], **named("ConfigMap")["providers"]["data"]}


def is_chosen(labels: dict[str, str], selector: dict[str, Any]) -> bool:
    there = all(one["key"] in labels for one in selector.get("matchExpressions", ()))
    return there and selector.get("matchLabels", {}).items() <= labels.items()


def chosen_by(selector: dict[str, Any]) -> set[str]:
    return {name for name, pod in PODS.items() if is_chosen(pod["metadata"]["labels"], selector)}


def ports_out(policy: str) -> set[int]:
    return {one["port"] for rule in POLICIES[policy]["egress"] for one in rule["ports"]}


def parameters_of_compose() -> dict[str, str]:
    command = read_yaml((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["postgres"]["command"]
    return dict(word.removeprefix("-c").split("=", 1) for word in command if word.startswith("-c"))


def test_the_overlay_shows_every_component() -> None:
    shown = read_yaml((DEPLOY / "overlay" / "kustomization.yaml").read_text(encoding="utf-8"))["components"]
    assert {Path(one).name for one in shown} == {one.name for one in COMPONENTS.iterdir()}


def test_every_page_and_the_gateway_grow_with_their_work_and_nothing_has_two_scalers() -> None:
    grown = {thing["spec"]["scaleTargetRef"]["name"] for thing in named("HorizontalPodAutoscaler").values()}
    assert grown == {"gateway", *(f"{service}-{role}" for service, role in every_role() if role == "web")}
    queues = {thing["spec"]["scaleTargetRef"]["name"] for thing in named("ScaledObject").values()}
    assert not grown & queues and grown | queues <= set(PODS)
    for name in grown | queues:
        assert "replicas" not in named("Deployment")[name]["spec"]  # an apply would set it back
        assert PODS[name]["spec"]["containers"][0]["resources"]["requests"]["cpu"]  # shares are shares of that
    assert all(thing["spec"]["minReplicas"] == 2 for thing in named("HorizontalPodAutoscaler").values())


def test_what_runs_more_than_once_is_spread_over_zones() -> None:
    for name in named("Deployment"):
        spread = {one["topologyKey"]: one for one in PODS[name]["spec"]["topologySpreadConstraints"]}
        over_zones = spread["topology.kubernetes.io/zone"]
        assert is_chosen(PODS[name]["metadata"]["labels"], over_zones["labelSelector"])
        assert name == "gateway" or over_zones["matchLabelKeys"] == ["service", "role"]
        assert name == "gateway" or "kubernetes.io/hostname" in spread


def test_traces_reach_the_collector_that_roles_are_told() -> None:
    roles = {f"{service}-{role}" for service, role in every_role()}
    assert roles <= chosen_by(POLICIES["traces"]["podSelector"])
    told = re.fullmatch(r"http://\w+\.(\w+)\.svc:(\d+)", SETTINGS["GUESTLOOP_TRACES"])
    assert told and ports_out("traces") == {int(told[2])}
    assert json.dumps(POLICIES["traces"]).count(f'"kubernetes.io/metadata.name": "{told[1]}"') == 1


def test_a_relay_in_a_private_network_is_reached_by_whoever_sends_and_no_other_address_there() -> None:
    assert {"messaging-sender", "messaging-notices"} <= chosen_by(POLICIES["mail-relay"]["podSelector"])
    (rule,) = POLICIES["mail-relay"]["egress"]
    address = SETTINGS["GUESTLOOP_SMTP_HOST"]
    assert (
        rule["to"]
        == [{"ipBlock": {"cidr": f"{address}/32"}}]
        == [{"ipBlock": {"cidr": SETTINGS["GUESTLOOP_OUTGOING_NETWORKS"]}}]
    )
    assert int(SETTINGS["GUESTLOOP_SMTP_PORT"]) in ports_out("mail-relay")


def test_with_files_in_a_store_pods_share_no_volume_and_who_keeps_files_reaches_it() -> None:
    keepers = ("segments-web", "segments-imports")
    (claim,) = named("PersistentVolumeClaim").values()
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    claiming = {name for name, pod in PODS.items() if "persistentVolumeClaim" in json.dumps(pod)}
    assert not claiming
    desk = named("CronJob")["desk"]["spec"]["jobTemplate"]["spec"]["template"]
    for pod in (*(PODS[name] for name in keepers), desk):
        (container,) = pod["spec"]["containers"]
        assert {"configMapRef": {"name": "files"}} in container["envFrom"]
        (key,) = [one["value"] for one in container["env"] if one["name"] == "GUESTLOOP_FILES_SECRET_FILE"]
        assert any(key.startswith(one["mountPath"]) for one in container["volumeMounts"])
        assert pod["metadata"]["labels"]["reaches"] == "providers"
    told = {**named("ConfigMap")["files"]["data"], "GUESTLOOP_FILES_SECRET": "hush"}
    assert FILES.read(told) is not None


def test_pages_and_the_desk_alone_read_from_the_replica_that_follows_the_cluster(tmp_path: Path) -> None:
    """Each web by the secret of its own service, on the way that the policies leave open."""
    desk = named("CronJob")["desk"]["spec"]["jobTemplate"]["spec"]["template"]
    settings = {one: REPLICA_NAME.format(one.upper()) + "_FILE" for one in SERVICES}
    for name, pod in {**PODS, "desk": desk}.items():
        (container,) = pod["spec"]["containers"]
        service, _, role = name.partition("-")
        told = {one["name"]: one["value"] for one in container.get("env", ()) if one["name"] in settings.values()}
        reads = [service] if role == "web" else [*SERVICES] if name == "desk" else []
        folder = "guestloop" if name == "desk" else "replica"
        assert told == {settings[one]: f"/run/secrets/{folder}/{one}_replica" for one in reads}, name
        keys = [
            item["key"]
            for volume in pod["spec"]["volumes"]
            for item in volume.get("secret", {}).get("items", ())
            if item["key"].endswith("_replica")
        ]
        assert keys == ([f"{service}_replica"] if role == "web" else []), name
        assert role != "web" or any(one["mountPath"] == "/run/secrets/replica" for one in container["volumeMounts"])
    cluster = named("Cluster")["postgres"]["metadata"]["name"]
    provision(tmp_path, database_host=f"{cluster}-rw:5432", broker_host="rabbitmq:5672", replica_host=REPLICAS_HOST)
    assert f"{cluster}-ro:5432" == REPLICAS_HOST and f"@{REPLICAS_HOST}/" in (tmp_path / "console_replica").read_text()
    assert f"--replica-host {REPLICAS_HOST}" in (COMPONENTS / "replica" / "kustomization.yaml").read_text()
    assert named("Cluster")["postgres"]["spec"]["instances"] > 1 and 5432 in ports_out("database-and-broker")


def test_every_image_is_held_to_one_policy_and_ours_to_the_houses_key(tmp_path: Path) -> None:
    """A role's image without a signature is refused; a neighbour's is named, else it would be refused as well."""
    assert named("Namespace")["guestloop"]["metadata"]["labels"]["policy.sigstore.dev/include"] == "true"
    policies = {name: thing["spec"] for name, thing in named("ClusterImagePolicy").items()}
    assert {one["mode"] for one in policies.values()} == {"enforce"}
    asked: dict[str, set[str]] = {name: set() for name in policies}
    for image in {in_full(one) for thing in TOGETHER for one in images_of(thing)}:
        (policy,) = [name for name, one in policies.items() if any(matches(image, glob) for glob in one["images"])]
        asked[policy].add(image)
    (ours,) = {pod["spec"]["containers"][0]["image"] for name, pod in PODS.items() if name != "gateway"}
    assert asked["guestloop"] == {ours} and len(asked["guestloop-neighbours"]) == 3
    (house,), (published,) = (policies[name]["authorities"] for name in ("guestloop", "guestloop-neighbours"))
    assert published == {"name": "published", "static": {"action": "pass"}} and "static" not in house
    (tmp_path / "house.pub").write_text(house["key"]["data"])
    read = ["openssl", "pkey", "-pubin", "-in", str(tmp_path / "house.pub"), "-noout", "-text"]
    assert "prime256v1" in subprocess.run(read, capture_output=True, text=True, check=True).stdout


def images_of(thing: Any) -> list[str]:
    """Wherever it names one: pods, jobs, and what operators make servers of."""
    if isinstance(thing, list):
        return [image for one in thing for image in images_of(one)]
    if not isinstance(thing, dict):
        return []
    here = [value for key, value in thing.items() if key in ("image", "imageName")]
    return here + [image for one in thing.values() for image in images_of(one)]


def in_full(image: str) -> str:
    """As the controller reads it: what names no registry is Docker's."""
    return image if "/" in image else f"index.docker.io/library/{image}"


def matches(image: str, glob: dict[str, str]) -> bool:
    return re.fullmatch(re.escape(glob["glob"]).replace(r"\*", "[^/]*"), image) is not None


def test_every_role_is_scraped_under_the_name_that_rules_ask_for() -> None:
    told = named("PodMonitor")["guestloop"]["spec"]
    (endpoint,) = told["podMetricsEndpoints"]
    scraped = chosen_by(told["selector"])
    assert scraped == set(PODS) - {"gateway"}
    for name in scraped:
        ports = [one["name"] for one in PODS[name]["spec"]["containers"][0]["ports"]]
        assert endpoint["port"] in ports
    assert scraped == chosen_by(POLICIES["seen-by-prometheus"]["podSelector"])
    rules = (DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8")
    (job,) = set(re.findall(r'job="(\w+)"', rules))
    assert {"action": "replace", "targetLabel": "job", "replacement": job} in endpoint["relabelings"]


def test_the_operators_rules_are_those_of_prometheus() -> None:
    """`make docs` writes them."""
    assert alerts_document.RESOURCE.read_text(encoding="utf-8") == alerts_document.resource()
    groups = named("PrometheusRule")["guestloop"]["spec"]["groups"]
    files = sorted((DEPLOY / "prometheus").glob("*.yaml"))
    own = [group for file in files for group in read_yaml(file.read_text(encoding="utf-8"))["groups"]]
    assert groups == own and len({group["name"] for group in groups}) == len(groups)


def test_the_secret_that_pods_mount_is_the_one_that_is_fetched() -> None:
    mounted = {
        volume["secret"]["secretName"]
        for pod in PODS.values()
        for volume in pod["spec"]["volumes"]
        if "secret" in volume
    }
    assert mounted == {"guestloop"} == {named("ExternalSecret")["guestloop"]["spec"]["target"]["name"]}


def test_postgres_keeps_guests_out_of_its_log_and_lets_the_backup_receive_it() -> None:
    told = named("Cluster")["postgres"]["spec"]["postgresql"]
    compose = parameters_of_compose()
    quiet = {name: value for name, value in compose.items() if name.startswith("log_")}
    assert len(quiet) == 4 and quiet.items() <= told["parameters"].items()
    assert told["parameters"]["hot_standby_feedback"] == "on"  # long exports are read from its standbys
    assert told["parameters"]["summarize_wal"] == "on" and told["parameters"]["max_slot_wal_keep_size"]
    hba = [line.split() for line in (DEPLOY / "postgres" / "pg_hba.conf").read_text().splitlines() if line[:1] != "#"]
    assert [line.split() for line in told["pg_hba"]] == [rule for rule in hba if "guestloop_backup" in rule]


def test_the_broker_reads_the_definitions_that_provision_makes(tmp_path: Path) -> None:
    provision(tmp_path, database_host="postgres-rw:5432", broker_host="rabbitmq:5672")
    told = named("RabbitmqCluster")["rabbitmq"]["spec"]
    pod = told["override"]["statefulSet"]["spec"]["template"]["spec"]
    (volume,), (container,) = pod["volumes"], pod["containers"]
    (item,), (mount,) = volume["secret"]["items"], container["volumeMounts"]
    assert f"load_definitions = {mount['mountPath']}/{item['path']}" in told["rabbitmq"]["additionalConfig"]
    assert volume["secret"]["secretName"] == "guestloop" and (tmp_path / item["key"]).exists()
    assert (
        f"@{named('RabbitmqCluster')['rabbitmq']['metadata']['name']}:5672" in (tmp_path / "setup_broker").read_text()
    )
    rw = f"@{named('Cluster')['postgres']['metadata']['name']}-rw:5432"
    assert rw in (tmp_path / "segments_database").read_text()


@pytest.mark.parametrize("server", ["postgres", "rabbitmq"])
def test_servers_in_the_namespace_let_in_whoever_may_go_out_to_them(server: str) -> None:
    """`nobody` speaks with them otherwise, the roles among them."""
    asks = POLICIES["database-and-broker"]["podSelector"]
    doors = {
        one["port"]
        for rule in POLICIES[server]["ingress"]
        if any(source.get("podSelector") == asks for source in rule["from"])
        for one in rule["ports"]
    }
    assert doors and doors <= ports_out("database-and-broker")
