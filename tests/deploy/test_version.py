"""A release has one version, and the changelog says what it brings."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_one_version_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"ARG VERSION={version}\n" in (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    for file in (
        "deploy/kubernetes/kustomization.yaml",
        "deploy/kubernetes/migration/kustomization.yaml",
        "deploy/kubernetes/backup/kustomization.yaml",
    ):
        assert f"newTag: {version}}}" in (ROOT / file).read_text(encoding="utf-8")
    assert f"\n## {version} · " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
