"""Asks whether a published advisory concerns what the lock files install.

Ends with 0 where every package was looked up and none is concerned, with 1 where an advisory concerns one, and with 3
where the advisories could not be asked for all of them. A package that nobody answers for is not taken for a sound one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = ("deploy/image/requirements.lock", "requirements.lock", "deploy/supply_chain/requirements.lock")
PATIENCE = "15"  # seconds a source of advisories may take to answer
SOUND, CONCERNED, NOT_ASKED = 0, 1, 3


def main(tool: list[str], locks: list[str]) -> int:
    """`tool`: the command line of pip-audit. What it finds is printed, a line each."""
    outcomes = [_audit(tool, lock) for lock in locks]
    return CONCERNED if CONCERNED in outcomes else max(outcomes)


def _audit(tool: list[str], lock: str) -> int:
    asked = [
        *tool,
        "--requirement",
        str(ROOT / lock),
        "--no-deps",
        "--disable-pip",
        "--format",
        "json",
        "--timeout",
        PATIENCE,
    ]
    done = subprocess.run([*asked, "--progress-spinner", "off"], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print(f"{lock}: the advisories cannot be reached from here; nothing was looked up")
        return NOT_ASKED
    for package in packages:
        for advisory in package.get("vulns", []):
            mended = ", ".join(advisory["fix_versions"]) or "no version yet"
            print(f"{lock}: {package['name']} {package['version']}: {advisory['id']}, mended in {mended}")
    unanswered = [package["name"] for package in packages if "vulns" not in package]
    if unanswered or not packages:
        print(f"{lock}: no source of advisories answered for {len(unanswered)} of {len(packages)} packages")
    if any(package.get("vulns") for package in packages):
        return CONCERNED
    if unanswered or not packages:
        return NOT_ASKED
    print(f"{lock}: no advisory concerns any of {len(packages)} packages")
    return SOUND


if __name__ == "__main__":
    pip_audit = str(ROOT / "build" / "supply_chain" / "bin" / "pip-audit")
    sys.exit(main([pip_audit], list(LOCKS)))
