"""What we use of other projects' resources, as their custom resource definitions have it: no package carries those.

Strict: a word that is not listed here is refused, so that a slip of the pen does not pass for a setting.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from tests.deploy.kustomize import Thing

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
WORDS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
NAME: Schema = {"type": "string", "pattern": "^[a-z0-9-]{1,63}$"}
AMOUNT: Schema = {"type": "string", "pattern": "^[0-9]+(m|[KMGT]i)?$"}
LASTS: Schema = {"type": "string", "pattern": "^[0-9]+[smhd]$"}


def strictly(properties: Schema, *, needs: list[str] | None = None) -> Schema:
    """An object of these properties; all are needed unless it says which."""
    needed = list(properties) if needs is None else needs
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def every(inner: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": inner}


def _resource(version: str, kind: str, spec: Schema) -> tuple[str, Schema]:
    metadata = strictly({"name": NAME, "namespace": NAME, "labels": WORDS}, needs=["name", "namespace"])
    whole = strictly({"apiVersion": {"const": version}, "kind": {"const": kind}, "metadata": metadata, "spec": spec})
    return kind, whole


QUERY = strictly({"serverAddress": {"type": "string", "format": "uri"}, "query": TEXT, "threshold": TEXT})
SCALED_OBJECT = strictly(
    {
        "scaleTargetRef": strictly({"name": NAME}),
        "minReplicaCount": {"type": "integer", "minimum": 1},
        "maxReplicaCount": {"type": "integer", "minimum": 2},
        "cooldownPeriod": {"type": "integer"},
        "triggers": every(strictly({"type": {"const": "prometheus"}, "metadata": QUERY})),
    },
    needs=["scaleTargetRef", "triggers"],
)
EXPRESSION = strictly({"key": TEXT, "operator": {"enum": ["Exists", "In", "NotIn", "DoesNotExist"]}})
POD_MONITOR = strictly(
    {
        "selector": strictly({"matchExpressions": every(EXPRESSION)}),
        "podMetricsEndpoints": every(
            strictly(
                {
                    "port": TEXT,
                    "path": {"type": "string", "pattern": "^/"},
                    "interval": LASTS,
                    "honorLabels": {"type": "boolean"},
                    "relabelings": every(
                        strictly({"action": {"const": "replace"}, "targetLabel": TEXT, "replacement": TEXT})
                    ),
                }
            )
        ),
    }
)
RULE = strictly(
    {"alert": TEXT, "expr": TEXT, "for": LASTS, "labels": WORDS, "annotations": WORDS},
    needs=["alert", "expr", "labels", "annotations"],
)
EXTERNAL_SECRET = strictly(
    {
        "refreshInterval": LASTS,
        "secretStoreRef": strictly({"kind": {"enum": ["SecretStore", "ClusterSecretStore"]}, "name": NAME}),
        "target": strictly(
            {"name": NAME, "creationPolicy": {"const": "Owner"}, "deletionPolicy": {"enum": ["Retain", "Delete"]}}
        ),
        "dataFrom": every(strictly({"extract": strictly({"key": TEXT})})),
    }
)
RESOURCES = strictly({one: strictly({"cpu": AMOUNT, "memory": AMOUNT}, needs=[]) for one in ("requests", "limits")})
POSTGRES = strictly(
    {
        "instances": {"type": "integer", "minimum": 1},
        "imageName": TEXT,
        "storage": strictly({"size": AMOUNT}),
        "resources": RESOURCES,
        "affinity": strictly({"enablePodAntiAffinity": {"type": "boolean"}, "topologyKey": TEXT}),
        "postgresql": strictly(
            {
                "synchronous": strictly({"method": {"enum": ["any", "first"]}, "number": {"type": "integer"}}),
                "pg_hba": every(TEXT),
                "parameters": WORDS,
            }
        ),
    }
)
MOUNT = strictly({"name": NAME, "mountPath": TEXT, "readOnly": {"type": "boolean"}})
VOLUME = strictly(
    {"name": NAME, "secret": strictly({"secretName": NAME, "items": every(strictly({"key": TEXT, "path": TEXT}))})}
)
POD = strictly({"containers": every(strictly({"name": NAME, "volumeMounts": every(MOUNT)})), "volumes": every(VOLUME)})
RABBITMQ = strictly(
    {
        "replicas": {"type": "integer", "minimum": 1},
        "image": TEXT,
        "persistence": strictly({"storage": AMOUNT}),
        "resources": RESOURCES,
        "rabbitmq": strictly({"additionalConfig": TEXT}),
        "override": strictly(
            {"statefulSet": strictly({"spec": strictly({"template": strictly({"spec": POD})})})},
        ),
    }
)
KEY = strictly({"hashAlgorithm": {"const": "sha256"}, "data": {"type": "string", "pattern": "^-----BEGIN PUBLIC KEY"}})
STATIC = strictly({"action": {"enum": ["pass", "fail"]}})
IMAGE_POLICY = strictly(
    {
        "mode": {"enum": ["enforce", "warn"]},
        "images": every(strictly({"glob": TEXT})),
        "authorities": every(strictly({"name": NAME, "key": KEY, "static": STATIC}, needs=["name"])),
    }
)
BY_KIND = dict(
    [
        _resource("keda.sh/v1alpha1", "ScaledObject", SCALED_OBJECT),
        _resource("monitoring.coreos.com/v1", "PodMonitor", POD_MONITOR),
        _resource(
            "monitoring.coreos.com/v1",
            "PrometheusRule",
            strictly({"groups": every(strictly({"name": TEXT, "rules": every(RULE)}))}),
        ),
        _resource("external-secrets.io/v1", "ExternalSecret", EXTERNAL_SECRET),
        _resource("postgresql.cnpg.io/v1", "Cluster", POSTGRES),
        _resource("rabbitmq.com/v1beta2", "RabbitmqCluster", RABBITMQ),
        _resource("policy.sigstore.dev/v1beta1", "ClusterImagePolicy", IMAGE_POLICY),
    ]
)
KUBERNETES = ("v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1", "autoscaling/v2")


def is_custom(thing: Thing) -> bool:
    return thing["apiVersion"] not in KUBERNETES


def validate_custom(thing: Thing) -> None:
    """Raises jsonschema's `ValidationError`."""
    Draft202012Validator(BY_KIND[thing["kind"]]).validate(thing)
