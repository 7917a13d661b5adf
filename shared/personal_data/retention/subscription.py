"""The subscription by which a service keeps the terms that the hotel set."""

from __future__ import annotations

from shared.bus.subscriptions import Subscription
from shared.personal_data.retention.store import keep_terms

RETENTION = Subscription("retention", {"retention.changed.v1": keep_terms})
