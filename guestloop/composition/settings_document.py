"""`python -m guestloop.composition.settings_document`: writes README's table of settings and deploy/example.env.

Both are printed from `shared.settings.declared`. A test asks whether the files hold what this module would write.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from shared.settings.declared import DEPLOYMENT, REPLICAS, SETTINGS
from shared.settings.installation import DATABASE_NAME, DATABASES, DIRECT, DIRECT_NAME, REPLICA, REPLICA_NAME
from shared.settings.setting import SetBy, Setting

ROOT = Path(__file__).parents[2]
README, EXAMPLE = ROOT / "README.md", ROOT / "deploy" / "example.env"
BEGIN, END = "<!-- written by: make docs -->", "<!-- end -->"
TABLE = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
OF_EACH_SERVICE = {DATABASE_NAME: DATABASES, DIRECT_NAME: DIRECT, REPLICA_NAME: REPLICA}
REST = [one for one in SETTINGS if not any(one in those.values() for those in OF_EACH_SERVICE.values())]


def table() -> str:
    """README's table, between its marks."""
    of_each = [(name, next(iter(those.values()))) for name, those in OF_EACH_SERVICE.items()]
    rows = [*(_row(name.format("<SERVICE>"), one) for name, one in of_each), *(_row(one.name, one) for one in REST)]
    return "\n".join([BEGIN, "| setting | what | default | read by |", "|---|---|---|---|", *rows, END])


def example() -> str:
    """deploy/example.env: what the operator sets, then where the others come from."""
    lines = [
        "# What deploy/compose.yaml can be told: copy it to deploy/.env. Written by: make docs.",
        "",
        *(line for one in SETTINGS if one.set_by is SetBy.OPERATOR for line in _assignment(one)),
        "# compose and the scripts in deploy/",
        "",
        *FILES,
        *(line for name, (default, meaning) in DEPLOYMENT.items() for line in (f"# {meaning}", f"#{name}={default}")),
        *MEMORY,
        "",
        "# how many of each run; of what is not listed one is enough",
        *(f"#{name}=1" for name in REPLICAS),
        "",
    ]
    for set_by in (SetBy.SECRET, SetBy.COMPOSE):
        lines += [f"# These come from {set_by.value}:"]
        lines += [f"# {one.name}: {_plain(one.meaning)}" for one in SETTINGS if one.set_by is set_by]
    return "\n".join(lines) + "\n"


FILES = (
    "# the files of compose that this installation is made of, by colons: with TLS, SES, OIDC, a store of pictures",
    "#COMPOSE_FILE=compose.yaml:compose.tls.yaml",
)
MEMORY = ("", "# memory", "#POSTGRES_MEMORY=2g", "#POSTGRES_SHARED_BUFFERS=256MB", "#RABBITMQ_MEMORY=1536m")


def _row(name: str, setting: Setting[Any]) -> str:
    return f"| `{name}` | {setting.meaning} | {_default(setting)} | {setting.readers} |"


def _default(setting: Setting[Any]) -> str:
    if setting.default_text:
        return setting.default_text
    return f"`{setting.default}`" if setting.default else "–" if setting.default in (None, "", frozenset()) else "0"


def _assignment(setting: Setting[Any]) -> list[str]:
    """A comment, then the default as a line to change; where there is none, an example as a comment."""
    default = setting.default_text if setting.default_text.isdecimal() else str(setting.default or "")
    if setting.default is True:
        default = "1"
    is_set = bool(setting.default) and not isinstance(setting.default, frozenset)
    line = f"{setting.name}={default}" if is_set else f"#{setting.name}={setting.example}"
    return [f"# {_plain(setting.meaning)}", line, ""]


def _plain(text: str) -> str:
    return text.replace("`", "")


if __name__ == "__main__":
    README.write_text(TABLE.sub(lambda _: table(), README.read_text("utf-8")), "utf-8")
    EXAMPLE.write_text(example(), "utf-8")
