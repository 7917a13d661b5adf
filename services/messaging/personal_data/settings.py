"""Tables of messaging that hold no guest: wording, calendars, what hotels and journeys are called."""

from __future__ import annotations

from shared.crypto.purposes import Sealing
from shared.personal_data.columns import colleague, of_installation, personal, plain
from shared.personal_data.declaration import Table
from shared.vocabulary.personal_data import Kept, PersonalKind

SETTINGS = (
    of_installation("template", "Templates", "Wordings by name.", plain("key", "newest")),
    of_installation(
        "template_version",
        "Versions of templates",
        "A message is read in the wording it was sent in.",
        {**plain("key", "version", "document", "published_at"), **colleague("published_by", "approved_by")},
    ),
    of_installation(
        "template_draft",
        "Drafts of templates",
        "What a colleague is working at.",
        {**plain("key", "document", "base", "version", "edited_at"), **colleague("edited_by", "edited_by_id")},
    ),
    of_installation(
        "template_comment",
        "Comments on templates",
        "What colleagues say of a text.",
        {
            **plain("comment_id", "key", "language", "about", "words", "said_at", "resolved_at"),
            **colleague("said_by", "said_by_id", "resolved_by"),
        },
    ),
    of_installation(
        "template_approval",
        "Approvals of drafts",
        "Who asked a second person to look, and who did.",
        {
            **plain("key", "version", "asked_at", "approved_at"),
            **colleague("asked_by", "asked_by_id", "approved_by", "approved_by_id"),
        },
    ),
    of_installation(
        "template_rule",
        "Rule of templates",
        "Whether a second person approves a template.",
        {**plain("single", "needs_approval", "chosen_at"), **colleague("chosen_by")},
    ),
    of_installation(
        "saved_block",
        "Saved blocks",
        "Blocks of mails under a name, to be put into others.",
        {
            **plain("block_id", "hotel", "name", "bodies", "version", "saved_at", "changed_at"),
            **colleague("saved_by", "changed_by"),
        },
    ),
    of_installation(
        "mail_import",
        "Mails brought from elsewhere",
        "The source of a mail until a template is made of it; deleted after 30 days.",
        {
            **plain("import_id", "name", "source", "choices", "pictures", "brought_at"),
            **colleague("brought_by"),
        },
    ),
    of_installation(
        "link",
        "Links of templates",
        "A tracked link leads to what was published, and nowhere else.",
        plain("template", "version", "language", "channel", "number", "target", "utm"),
    ),
    of_installation(
        "link_choice",
        "Choices about links",
        "Where clicks are not counted, or nothing is added to links.",
        {**plain("kind", "key", "clicks", "utm", "chosen_at"), **colleague("chosen_by")},
    ),
    of_installation(
        "picture",
        "Pictures of mails",
        "What mails show, as bytes: open to whoever has the address. A picture in the object store is named here.",
        plain("sha", "media_type", "width", "height", "length", "moves", "content", "object", "added_at"),
    ),
    of_installation(
        "library_picture",
        "The library of pictures",
        "Whose library a picture stands in, and what it shows in words.",
        {
            **plain("library_id", "sha", "legal_entity", "hotel", "name", "alt", "version", "added_at", "changed_at"),
            **colleague("added_by", "changed_by"),
        },
    ),
    of_installation(
        "template_picture",
        "Pictures of published wordings",
        "What a mail that was sent shows is never deleted.",
        plain("sha", "key", "version"),
    ),
    of_installation(
        "object_leftover",
        "Objects without a picture",
        "What may lie in the object store for nothing is deleted there.",
        plain("object", "since"),
    ),
    of_installation(
        "property_known",
        "Hotels",
        "Who writes, and where the hotel is.",
        plain(
            *("code", "version", "name", "zone", "country", "legal_entity", "postal_address", "contact"),
            *("told_of_survey", "names", "colour", "logo", "phone", "check_in", "map_url", "booking_url"),
        ),
    ),
    of_installation(
        "segment_used",
        "Segments of templates",
        "By which segments published templates show blocks.",
        plain("segment", "version", "used", "complete", "asked_at"),
    ),
    of_installation(
        "segment_part",
        "Lists of segments",
        "Which parts of a list of members were heard.",
        plain("segment", "version", "part"),
    ),
    of_installation(
        "sender_count",
        "Senders counted",
        "Up to which day it is counted what each sender sent: without a person.",
        plain("single", "counted_to", "next_at"),
    ),
    of_installation(
        "property_heard", "News of hotels", "How old what is known of a hotel is.", plain("code", "heard_at")
    ),
    of_installation("journey_known", "Journeys", "What journeys are called.", plain("journey", "version", "name")),
    of_installation(
        "journey_use",
        "Templates of journeys",
        "Which templates journeys send, and by which segment guests enter.",
        plain("journey", "version", "launched_at", "ended_at", "entry", "templates"),
    ),
    of_installation(
        "sender_country",
        "Countries",
        "Where a sender may send.",
        plain("channel", "country", "purpose", "allowed", "source"),
    ),
    of_installation("holiday_year", "Years of holidays", "Which years are known.", plain("country", "year")),
    of_installation("holiday", "Holidays", "Days without advertising.", plain("country", "day", "name")),
    of_installation(
        "country_rule",
        "Rules by country",
        "What the house changed of the hours and caps for a country.",
        {
            **plain(
                "country", "version", "opens", "closes", "days", "on_holidays", "cap_contacts", "cap_days", "why", "at"
            ),
            **colleague("by"),
        },
    ),
    of_installation(
        "message_price",
        "Prices of messages",
        "What a message costs by channel and country, and who said so.",
        {
            **plain("channel", "country", "version", "amount", "currency", "source", "stated_on", "at"),
            **colleague("by"),
        },
    ),
    of_installation(
        "holiday_change",
        "Holidays changed by the house",
        "Days with or without advertising by text message.",
        {**plain("country", "day", "is_holiday", "why", "at"), **colleague("by")},
    ),
    of_installation("claimer", "Senders at work", "Who has claimed messages.", plain("id", "started_at")),
    of_installation("sender_pace", "Paces", "How fast a sender may go.", plain("channel", "next_at")),
    of_installation(
        "sender",
        "Senders",
        "Through which account and in whose name messages go; what the account is asked with is sealed.",
        {
            **plain("sender_id", "version", "channel", "kind", "name", "hotels", "legal_entity", "countries"),
            **plain("from_name", "from_address", "reply_to", "settings", "weight", "rate", "warm_from", "warm_first"),
            **plain("warm_percent", "warm_until", "state", "made_at", "changed_at"),
            **colleague("made_by", "changed_by"),
            "secret_sealed": personal(PersonalKind.SECRET, sealed=Sealing.SENDER),
        },
    ),
    of_installation(
        "sender_health",
        "How senders fare",
        "A sender that fails rests, and the house sees why.",
        plain(
            *("sender_id", "failures", "resting_until", "trouble_reason", "trouble_detail", "trouble_at"),
            *("worked_at", "worked_version"),
        ),
    ),
    of_installation(
        "sender_outage",
        "Outages of senders",
        "Whose messages wait because their sender takes nothing.",
        plain("sender", "channel", "since", "last_at", "reason", "detail"),
    ),
    of_installation(
        "sender_day", "Days of warm-ups", "How much a new sender took.", plain("sender_id", "day", "taken")
    ),
    of_installation(
        "live_period",
        "Going live",
        "Since when messages really leave.",
        {**plain("since", "ended_at", "channels"), **colleague("by", "ended_by")},
    ),
    of_installation(
        "dkim_key",
        "Keys of domains",
        "Mail is signed in the name of the domain it is from; the private key is sealed.",
        {
            **plain("domain", "selector", "public_key", "made_at", "used_from", "retired_at"),
            **colleague("made_by"),
            "private_sealed": personal(PersonalKind.SECRET, sealed=Sealing.SENDER),
        },
    ),
    Table(
        name="ended_sender",
        what="What deleted senders' accounts sign with",
        why="Receipts that come after a sender was deleted are believed for seven days.",
        columns={
            **plain("sender_id", "account", "ended_at"),
            "secret_sealed": personal(PersonalKind.SECRET, sealed=Sealing.SENDER),
        },
        kept=Kept.SESSION,
        dropped="ended_at < %(before)s",
    ),
    of_installation(
        "domain_check",
        "What DNS says of domains",
        "Whether others can see that mail is ours.",
        plain("domain", "checked_at", "found"),
    ),
    of_installation("restored", "Restores", "When the database was restored from a backup.", plain("at")),
)
