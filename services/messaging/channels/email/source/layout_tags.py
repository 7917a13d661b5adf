"""What of MJML a mail keeps. Left out are parts that load pictures from elsewhere (mj-social, mj-carousel,
mj-accordion), that bring files in (mj-include) or that are ours to say (mj-head, mj-body)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.messaging.channels.email.source.tree import words

IN_A_COLUMN = frozenset(("mj-text", "mj-button", "mj-image", "mj-divider", "mj-spacer", "mj-table", "mj-raw"))
SECTIONS = frozenset(("mj-section", "mj-wrapper"))
INSIDE: Mapping[str, frozenset[str]] = {
    "mj-wrapper": frozenset(("mj-section",)),
    "mj-section": frozenset(("mj-column", "mj-group")),
    "mj-group": frozenset(("mj-column",)),
    "mj-column": IN_A_COLUMN,
}
"""By tag, what stands in it; of the others it is HTML."""
OF_HTML = frozenset(("mj-text", "mj-button", "mj-table", "mj-raw"))
EMPTY = IN_A_COLUMN - OF_HTML
TAGS = IN_A_COLUMN | INSIDE.keys()
SPACE = frozenset(
    f"{start}{side}" for start in ("padding", "inner-padding") for side in ("", "-top", "-right", "-bottom", "-left")
)
BORDERS = frozenset(
    f"border{part}" for part in ("", "-top", "-right", "-bottom", "-left", "-radius", "-color", "-style", "-width")
)
ATTRIBUTES = (
    words(
        """
    align alt background-color color container-background-color direction font-family font-size font-style
    font-weight full-width height href letter-spacing line-height src text-align text-decoration text-transform
    title vertical-align width cellpadding cellspacing table-layout css-class inner-border inner-border-radius
    inner-background-color
    """
    )
    | SPACE
    | BORDERS
)
LOOK = re.compile(r"[\w#%.,'()\s-]{0,200}")
"""How the look of a part may be written; words, links and pictures are read by their places."""
