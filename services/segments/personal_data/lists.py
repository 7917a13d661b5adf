"""From which lists of people a guest is known."""

from __future__ import annotations

from shared.personal_data.columns import OF_GUEST, colleague, key, personal, plain
from shared.personal_data.declaration import OnErasure, Table
from shared.vocabulary.personal_data import Kept, PersonalKind

LISTS: tuple[Table, ...] = (
    Table(
        name="contact_row",
        what="Lists",
        why="From which list of people (newsletter, VIP, corporate) the guest is known, so that the same list brings "
        "nothing twice.",
        columns={
            **plain("id"),
            **key("guest_id"),
            "row_hash": personal(PersonalKind.PROFILE),
            "list": personal(PersonalKind.PROFILE, "List"),
            "file": personal(PersonalKind.PROFILE, "File"),
            "handed_in_at": personal(PersonalKind.PROFILE, "Handed in on"),
        },
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="tag_run_guest",
        what="Tags put on together",
        why="Whom a tag that was put on a whole segment changed, so that it can be taken back.",
        columns={**key("guest_id"), **plain("run")},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="tag_rule_guest",
        what="Tags by rule",
        why="Who has a tag because of a rule, so that it is taken off when the rule no longer holds.",
        columns={**key("guest_id"), **plain("rule", "owns"), "given_at": personal(PersonalKind.CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="tier_given",
        what="Tiers by rule",
        why="Who has a tier because of the house's ladder, so that it goes when they have not as much any more.",
        columns={**key("guest_id"), "tier": personal(PersonalKind.CONDUCT), "given_at": personal(PersonalKind.CONDUCT)},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
    Table(
        name="tier_ladder",
        what="What tiers count",
        why="By what a guest gets which tier.",
        columns={
            **plain("single", "measure", "window_days", "gives", "next_at", "chosen_at"),
            **colleague("chosen_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="tier_step",
        what="Tiers",
        why="How much each tier takes.",
        columns=plain("tier", "needed", "segment"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="tag_known",
        what="Tags",
        why="Which spelling of a tag counts.",
        columns=plain("folded", "tag"),
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="tag_run",
        what="Tags put on segments",
        why="Which tag was put on which segment, and how far that is.",
        columns={
            **plain("id", "tag", "adds", "segment", "undoes", "made_at", "after", "changed", "ended_at"),
            **colleague("made_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="tag_rule",
        what="Rules of tags",
        why="Which tag whoever is in a segment has.",
        columns={
            **plain("id", "tag", "kind", "segment", "made_at", "next_at", "ended_at"),
            **colleague("made_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="guest_list",
        what="Lists of guests",
        why="Groups of guests named one by one, that rules ask for.",
        columns={
            **plain("key", "name", "origin", "segment", "counts", "created_at", "ended_at"),
            **colleague("created_by"),
        },
        kept=Kept.INSTALLATION,
    ),
    Table(
        name="guest_list_member",
        what="Lists",
        why="Who is on which list, so that rules can ask for it.",
        columns={**key("guest_id"), "list": personal(PersonalKind.PROFILE, "List")},
        kept=Kept.GUEST,
        guests=OF_GUEST,
        on_erasure=OnErasure.DELETED,
    ),
)
