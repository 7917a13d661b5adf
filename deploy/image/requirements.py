"""Prints what `make lock` locks for the image: the project's dependencies. PostgreSQL's programs are among them: by
them the role `backup` works, and tries what it took.

`--build` prints what builds the project instead.
"""

import sys
import tomllib
from pathlib import Path

document = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
project = document["project"]
build = document["build-system"]["requires"]
in_the_image = project["dependencies"] + project["optional-dependencies"]["traces"]
print("\n".join(build if "--build" in sys.argv else in_the_image + build))
