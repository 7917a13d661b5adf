"""The kinds of notice, and what the wording of each names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.vocabulary.notice import NoticeKind

LINK = "/sign-in/link/"  # behind it stands a signed token
LINK_PURPOSE = "account"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`needs`: the details without which it has no words; those in `knows` may be left out. `page`: where its button
    leads, None where the event says it. `is_secret`: its button opens an account, so its link is made as it is sent.
    """

    needs: frozenset[str]
    knows: frozenset[str] = frozenset()
    page: str | None = None
    is_secret: bool = False


KINDS: Mapping[NoticeKind, Kind] = {
    NoticeKind.PASSWORD_RESET: Kind(needs=frozenset({"name"}), knows=frozenset({"by"}), is_secret=True),
    NoticeKind.INVITATION: Kind(needs=frozenset({"name", "by"}), is_secret=True),
    NoticeKind.PASSWORD_CHANGED: Kind(needs=frozenset({"name"}), page="/sign-in/forgotten"),
    NoticeKind.NEW_DEVICE: Kind(needs=frozenset({"name", "device"}), knows=frozenset({"address"}), page="/account"),
    NoticeKind.SECOND_FACTOR_CHANGED: Kind(
        needs=frozenset({"name", "change"}), knows=frozenset({"by", "device"}), page="/account"
    ),
    NoticeKind.CASE_ALERT: Kind(needs=frozenset({"name"}), knows=frozenset({"hotel"})),
    NoticeKind.DUTY_CALL: Kind(needs=frozenset({"name", "what"}), knows=frozenset({"hotel", "room"})),
    NoticeKind.WARNING: Kind(needs=frozenset({"name", "what", "hotel"}), page="/figures/warnings"),
    NoticeKind.REPORT: Kind(needs=frozenset({"name"}), knows=frozenset({"hotel", "period"}), page="/figures"),
    NoticeKind.TEMPLATE_TEST: Kind(
        needs=frozenset({"name"}), knows=frozenset({"template", "tongue"}), page="/messaging/templates"
    ),
}
