"""What Guestloop is made of: the search for advisories tells «none» from «not asked», and images have a digest."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SUPPLY_CHAIN = ROOT / "deploy" / "supply_chain"
SOUND = {"name": "jinja2", "version": "3.1.6", "vulns": []}
CONCERNED = {"name": "jinja2", "version": "2.4", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"]}]}
UNANSWERED = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI and could not be audited"}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = spec_from_file_location("audit", SUPPLY_CHAIN / "audit.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answering(said: str) -> list[str]:
    """A tool that prints this whatever it is asked, in place of the one that asks the world."""
    return [sys.executable, "-c", f"print({said!r})"]


@pytest.mark.parametrize(
    ("packages", "status", "says"),
    [
        ([SOUND], 0, "no advisory concerns any of 1 packages"),
        ([SOUND, CONCERNED], 1, "jinja2 2.4: PYSEC-1, mended in 3.1.6"),
        ([SOUND, UNANSWERED], 3, "no source of advisories answered for 1 of 2 packages"),
        ([UNANSWERED, CONCERNED], 1, "PYSEC-1"),
        ([], 3, "no source of advisories answered"),
    ],
    ids=["sound", "concerned", "unanswered", "both", "nothing"],
)
def test_the_search_for_advisories_tells_none_from_not_asked(
    audit: ModuleType, packages: list[object], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(answering(json.dumps({"dependencies": packages})), ["requirements.lock"]) == status
    assert says in capsys.readouterr().out


@pytest.mark.parametrize("said", ["", "Traceback", "[]", "{}"])
def test_a_source_that_cannot_be_reached_is_said_to_be_so(
    audit: ModuleType, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(answering(said), ["requirements.lock"]) == 3
    assert "cannot be reached" in capsys.readouterr().out


def test_every_lock_file_is_searched(audit: ModuleType) -> None:
    locks = {str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.lock"), *(ROOT / "deploy").rglob("*.lock")]}
    assert set(audit.LOCKS) == locks


@pytest.mark.parametrize("file", ["deploy/Dockerfile", "deploy/trial/Dockerfile"])
def test_every_base_image_may_be_named_by_its_digest(file: str) -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert bases and set(bases) == {"${PYTHON_IMAGE}${PYTHON_DIGEST:+@$PYTHON_DIGEST}"}
    assert "--build-arg PYTHON_DIGEST=$PYTHON_DIGEST" in (ROOT / "deploy" / "build").read_text(encoding="utf-8")


def test_every_change_is_searched_and_its_parts_are_listed() -> None:
    told = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yaml").read_text(encoding="utf-8"))
    steps = [step.get("run") for step in told["jobs"]["supply-chain"]["steps"]]
    assert "make sbom" in steps and "make audit" in steps
