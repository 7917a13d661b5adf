"""As much of kustomize as deploy/kubernetes needs, so that a test can see what would be applied where there is none.

Resources (files and folders), components, a namespace, labels, config maps made of files or added to, images, and
strategic merge patches that choose by label or name. Where `kubectl` is at hand a test holds this to what kustomize
itself makes of the same files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from shared.plain_yaml import LOADER, read_yaml

Thing = dict[str, Any]
MERGED_BY = {
    "containers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
    "topologySpreadConstraints": "topologyKey",
}
WITHOUT_NAMESPACE = {"Namespace"}


def render(folder: Path) -> list[Thing]:
    return _put_together([], folder)


def _put_together(before: list[Thing], folder: Path) -> list[Thing]:
    """What a folder makes of what is there already: nothing, or for a component whatever takes it in."""
    told: Thing = read_yaml((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    things = before + [thing for name in told.get("resources", ()) for thing in _resource(folder / name)]
    for name in told.get("components", ()):
        things = _put_together(things, folder / name)
    for one in told.get("configMapGenerator", ()):
        things = _with_config_map(things, _config_map(folder, one), adds=one.get("behavior") == "merge")
    for patch in told.get("patches", ()):
        content = read_yaml((folder / patch["path"]).read_text(encoding="utf-8"))
        things = [_merged(thing, _nameless(content)) if _chosen(thing, patch["target"]) else thing for thing in things]
    for thing in things:
        _finish(thing, told)
    return things


def _resource(path: Path) -> list[Thing]:
    if path.is_dir():
        return render(path)
    return [thing for thing in yaml.load_all(path.read_text(encoding="utf-8"), LOADER) if thing]


def _config_map(folder: Path, told: Thing) -> Thing:
    data = {}
    for one in told.get("files", ()):
        name, _, path = one.rpartition("=")
        data[name or path] = (folder / path).read_text(encoding="utf-8")
    for one in told.get("envs", ()):
        data |= dict(
            line.split("=", 1) for line in (folder / one).read_text().splitlines() if line[:1] not in ("", "#")
        )
    data |= dict(line.split("=", 1) for line in told.get("literals", ()))
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": told["name"]}, "data": data}


def _with_config_map(things: list[Thing], made: Thing, *, adds: bool) -> list[Thing]:
    if not adds:
        return [*things, made]
    (there,) = [one for one in things if name_of(one) == name_of(made)]
    added = {**there, "data": there["data"] | made["data"]}
    return [added if one is there else one for one in things]


def name_of(thing: Thing) -> str:
    return f"{thing['kind']} {thing['metadata']['name']}"


def _chosen(thing: Thing, target: Mapping[str, str]) -> bool:
    labels = thing["metadata"].get("labels", {})
    if thing["kind"] != target["kind"] or thing["metadata"]["name"] != target.get("name", thing["metadata"]["name"]):
        return False
    return all(_holds(labels, term) for term in _terms(target.get("labelSelector", "")) if term)


def _terms(selector: str) -> Iterable[str]:
    return re.split(r",(?![^(]*\))", selector)


def _holds(labels: Mapping[str, str], term: str) -> bool:
    if found := re.fullmatch(r"(\w+) in \(([\w,]+)\)", term):
        return labels.get(found[1]) in found[2].split(",")
    name, equals, value = term.partition("=")
    return labels.get(name) == value if equals else name in labels


def _nameless(patch: Thing) -> Thing:
    nameless = {key: value for key, value in patch.items() if key not in ("apiVersion", "kind", "metadata")}
    labels = patch.get("metadata", {}).get("labels")
    return {**nameless, "metadata": {"labels": labels}} if labels else nameless


def _merged(old: Any, new: Any, at: str = "") -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        merged = {**old, **{key: _merged(old[key], value, key) if key in old else value for key, value in new.items()}}
        return {key: value for key, value in merged.items() if value is not None}
    if isinstance(old, list) and isinstance(new, list) and at in MERGED_BY:
        key = MERGED_BY[at]
        named = {one[key]: one for one in old}
        for one in new:
            named[one[key]] = _merged(named[one[key]], one) if one[key] in named else one
        return list(named.values())
    return new


def _finish(thing: Thing, told: Thing) -> None:
    if "namespace" in told and thing["kind"] not in WITHOUT_NAMESPACE:
        thing["metadata"]["namespace"] = told["namespace"]
    for labels in told.get("labels", ()):
        thing["metadata"]["labels"] = {**thing["metadata"].get("labels", {}), **labels["pairs"]}
    spec = thing.get("spec", {}) if isinstance(thing.get("spec"), dict) else {}
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    pod = spec.get("template", {}).get("spec", {})
    for container in pod.get("containers", ()):
        for image in told.get("images", ()):
            if container.get("image") == image["name"]:
                container["image"] = f"{image['newName']}:{image['newTag']}"
