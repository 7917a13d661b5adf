"""deploy/compose.yaml against the code: no role is forgotten, and nobody is told more than it needs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from guestloop.composition.services import SERVICES
from guestloop.supervisor.gateway import OWNERS
from shared.plain_yaml import read_yaml
from shared.settings.installation import DIRECT_NAME, REPLICA_NAME
from tests.deploy.roles import DEPLOY, every_role

COMPOSE: dict[str, Any] = read_yaml((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVERS = {"gateway", "postgres", "rabbitmq", "migrate", "desk", "backup", "put-back"}
ROLES: dict[str, Any] = {name: told for name, told in COMPOSE["services"].items() if name not in SERVERS}
SPEAKS_TO_BROKER = ("relay", "consumer")


def test_every_role_of_every_service_runs_and_nothing_else() -> None:
    commands = {name: told["command"] for name, told in ROLES.items()}
    wanted = {f"{service}-{role}": ["python", "-m", f"services.{service}", role] for service, role in every_role()}
    assert commands == wanted


@pytest.mark.parametrize("name", ROLES)
def test_a_role_has_no_more_rights_than_it_needs(name: str) -> None:
    told = ROLES[name]
    assert told["read_only"] and told["cap_drop"] == ["ALL"] and told["mem_limit"] and told["pids_limit"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["networks"] == (
        ["inside", "outside"]
        if name.endswith(
            ("-sender", "-reconcile", "-notices", "-domains", "-webhooks", "-systems", "-mail", "-pictures")
        )
        else ["inside"]
    )
    assert told["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_told_the_secrets_of_its_own_service_alone(name: str) -> None:
    service, _, role = name.partition("-")
    own = {f"{service}_keys", f"{service}_database"} | ({f"{service}_broker"} if role in SPEAKS_TO_BROKER else set())
    own |= {"smtp_password", "twilio_token"} if role in ("sender", "reconcile", "notices") else set()
    own |= {"twilio_token"} if name in ("feedback-web", "feedback-pictures") else set()
    own |= {"twilio_token", "mailgun_key", "postmark_secret", "pictures_secret"} if name == "messaging-web" else set()
    own |= {"imap_password"} if name == "feedback-mail" else set()
    own |= {"oidc_secret"} if name == "console-web" else set()
    own |= {"files_secret"} if name in ("segments-web", "segments-imports") else set()
    assert set(ROLES[name]["secrets"]) == own
    files = {value for key, value in ROLES[name]["environment"].items() if key.endswith("_FILE")}
    assert files == {f"/run/secrets/{one}" for one in own}


def test_secrets_come_from_files_and_no_setting_holds_one() -> None:
    assert all(set(told) == {"file"} for told in COMPOSE["secrets"].values())
    named = {key for told in COMPOSE["services"].values() for key in told.get("environment", {})}
    assert not [key for key in named if re.search(r"PASSWORD|TOKEN|KEYS|DATABASE|BROKER", key) and key[-5:] != "_FILE"]


def test_only_the_gateway_is_reached_from_outside() -> None:
    assert [name for name, told in COMPOSE["services"].items() if told.get("ports")] == ["gateway"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_every_setting_of_the_example_is_heeded() -> None:
    example = (DEPLOY / "example.env").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) - {"COMPOSE_FILE"}  # docker compose's own
    names = ("compose.yaml", "compose.tls.yaml", "compose.pooler.yaml", "trial/compose.yaml")
    files = [DEPLOY / name for name in names]
    by_compose = {name for file in files for name in re.findall(r"\$\{([A-Z_]+)", file.read_text(encoding="utf-8"))}
    by_script = set(re.findall(r"\(kept ([A-Z_]+)\)", (DEPLOY / "verify-image").read_text(encoding="utf-8")))
    assert named <= by_compose | by_script


POOLED: dict[str, Any] = read_yaml((DEPLOY / "compose.pooler.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ROLES)
def test_with_the_pooler_a_role_goes_by_it_and_knows_the_way_past_it(name: str) -> None:
    service, told = name.partition("-")[0], POOLED["services"][name]
    assert told["environment"] == {
        f"GUESTLOOP_{service.upper()}_DATABASE_FILE": f"/run/secrets/{service}_pooled",
        DIRECT_NAME.format(service.upper()) + "_FILE": f"/run/secrets/{service}_database",
    }
    assert told["secrets"] == [f"{service}_pooled"] and f"{service}_database" in ROLES[name]["secrets"]


def test_the_pooler_stands_inside_with_no_right_it_does_not_need_and_alone_is_told_of_all_users() -> None:
    assert set(POOLED["services"]) == {"pooler", *ROLES}
    pooler = POOLED["services"]["pooler"]
    assert pooler["read_only"] and pooler["cap_drop"] == ["ALL"] and pooler["mem_limit"] and pooler["pids_limit"]
    assert pooler["security_opt"] == ["no-new-privileges:true"] and pooler["networks"] == ["inside"]
    assert [name for name, told in POOLED["services"].items() if "pooler_users" in told["secrets"]] == ["pooler"]
    assert set(POOLED["secrets"]) == {"pooler_users", *(f"{one}_pooled" for one in SERVICES)}


def test_with_a_replica_pages_and_the_desk_are_told_of_it_and_nobody_else() -> None:
    told = read_yaml((DEPLOY / "compose.replica.yaml").read_text(encoding="utf-8"))
    assert set(told["services"]) == {"postgres", "desk", *(f"{one}-web" for one in SERVICES)}
    files = {one: (REPLICA_NAME.format(one.upper()) + "_FILE", f"/run/secrets/{one}_replica") for one in SERVICES}
    for one in SERVICES:
        assert told["services"][f"{one}-web"]["environment"] == dict([files[one]])
        assert told["services"][f"{one}-web"]["secrets"] == [f"{one}_replica"]
    assert told["services"]["desk"]["environment"] == dict(files.values())
    assert set(told["secrets"]) == set(told["services"]["desk"]["secrets"]) == {f"{one}_replica" for one in SERVICES}


def test_with_a_replica_its_standby_reaches_the_server_that_was_closed_and_by_default_nobody_else_does() -> None:
    """A network that is internal publishes no port."""
    told = read_yaml((DEPLOY / "compose.replica.yaml").read_text(encoding="utf-8"))
    assert told["services"]["postgres"] == {
        "ports": ["${POSTGRES_LISTEN:-127.0.0.1:15432}:5432"], "networks": ["replicas"]
    }  # fmt: skip
    assert told["networks"] == {"replicas": {}}
    for one in (*(f"{one}-web" for one in SERVICES), "desk"):
        assert told["services"][one]["networks"] == ["replicas"]


@pytest.mark.parametrize("name", ["owners.conf", "owners-kubernetes.conf"])
def test_the_gateways_hand_each_path_to_its_owner(name: str) -> None:
    text = (DEPLOY / "gateway" / name).read_text(encoding="utf-8")
    table = dict(re.findall(r"^    (default|~\S+)\s+(\w+)-web(?::8000)?;", text, re.MULTILINE))
    assert table.pop("default") == "console"
    told = {pattern.removeprefix("~^").removesuffix("(/|$)"): owner for pattern, owner in table.items()}
    assert told == {path.rstrip("/"): owner for path, owner in OWNERS.items() if owner != "console"}


def test_postgres_makes_each_service_a_database_by_the_name_its_secret_has() -> None:
    mounts = COMPOSE["services"]["postgres"]["volumes"]
    assert any(mount.endswith("databases.sql:/docker-entrypoint-initdb.d/guestloop.sql:ro") for mount in mounts)
    wanted = {f"{service}_{what}" for service in SERVICES for what in ("database", "broker", "keys")}
    assert wanted <= set(COMPOSE["secrets"])


def test_the_desk_is_told_what_the_senders_are_told_and_started_by_nothing_but_its_wrapper() -> None:
    desk, migrate, sender = (COMPOSE["services"][name] for name in ("desk", "migrate", "messaging-sender"))
    assert desk["profiles"] == ["desk"] and "restart" not in desk
    own = {"GUESTLOOP_KEYS_FILE", "GUESTLOOP_LINK_ORIGIN"}
    assert set(sender["environment"]) - own <= set(desk["environment"])
    assert migrate["environment"].items() <= desk["environment"].items()
    files = {value.rpartition("/")[2] for key, value in desk["environment"].items() if key.endswith("_FILE")}
    assert files == set(desk["secrets"]) and set(migrate["secrets"]) < set(desk["secrets"])
    assert "run --rm $terminal desk guestloop" in (DEPLOY / "guestloop").read_text(encoding="utf-8")


def test_the_backup_is_told_its_own_secrets_alone_and_what_it_took_stays() -> None:
    backup, put_back, desk = (COMPOSE["services"][name] for name in ("backup", "put-back", "desk"))
    assert backup["command"] == ["guestloop", "backup", "run"] and backup["networks"] == ["inside"]
    assert backup["read_only"] and backup["cap_drop"] == ["ALL"] and backup["mem_limit"] and backup["pids_limit"]
    own = ["backup_database", "backup_keys", "console_database"]
    assert backup["secrets"] == own and set(own) < set(desk["secrets"])
    files = {value for key, value in backup["environment"].items() if key.endswith("_FILE")}
    assert files == {f"/run/secrets/{one}" for one in own}
    assert backup["environment"].items() <= desk["environment"].items()
    (volume,) = backup["volumes"]
    folder = backup["environment"]["GUESTLOOP_BACKUPS"]
    assert volume.endswith(f"}}:{folder}") and volume in desk["volumes"] and "backups" in COMPOSE["volumes"]
    assert volume.replace(folder, "/backups") in put_back["volumes"]
    assert put_back["profiles"] == ["desk"] and "restart" not in put_back and put_back["network_mode"] == "none"


def test_the_user_of_the_backups_alone_may_replicate_from_another_container() -> None:
    lines = (DEPLOY / "postgres" / "pg_hba.conf").read_text(encoding="utf-8").splitlines()
    rules = [line.split() for line in lines if line[:1] != "#"]
    assert ["host", "replication", "guestloop_backup", "all", "scram-sha-256"] in rules
    others = [rule for rule in rules if rule[0] == "host" and rule[-1] == "trust"]
    assert {rule[3] for rule in others} == {"127.0.0.1/32", "::1/128"}
    assert [rule for rule in rules if rule[1:3] == ["replication", "all"]] == [
        ["local", *["replication", "all"], "trust"]
    ]
    postgres = COMPOSE["services"]["postgres"]
    assert "-chba_file=/etc/guestloop/pg_hba.conf" in postgres["command"]
    assert "./postgres/pg_hba.conf:/etc/guestloop/pg_hba.conf:ro" in postgres["volumes"]


def test_no_container_fills_the_disc_with_its_log() -> None:
    for name, told in COMPOSE["services"].items():
        assert told["logging"]["driver"] == "json-file", name
        assert set(told["logging"]["options"]) == {"max-size", "max-file"}, name
