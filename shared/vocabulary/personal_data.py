"""What is known of people: of which kind it is, and for how long it is kept."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class PersonalKind(Term):
    """The kind of what one column says of a person."""

    KEY = "key", N_("number that stands for a person")
    NAME = "name", N_("name")
    BIRTH_DATE = "birth_date", N_("birth date")
    CONTACT = "contact", N_("address or number")
    PROFILE = "profile", N_("language, country, wishes and notes")
    STAY = "stay", N_("stay")
    CONSENT = "consent", N_("consent or objection")
    MESSAGE = "message", N_("message")
    WORDS = "words", N_("the guest's own words")
    CONDUCT = "conduct", N_("what the guest did, and what was concluded from it")
    COLLEAGUE = "colleague", N_("who of the hotel's people did it")
    SECRET = "secret", N_("password or key, hashed")


class Kept(Term):
    """Terms: until when a kind of data is kept. The careful defaults, and what a country changes, are data of the
    retention.
    """

    GUEST = "guest", N_("guests and their stays")
    MEMBER = "member", N_("members and their stays")
    MESSAGE_TEXT = "message_text", N_("texts of messages")
    DECISION = "decision", N_("decisions about messages")
    INBOUND = "inbound", N_("replies as they came in")
    CONSENT_PROOF = "consent_proof", N_("proof of consent")
    SUPPRESSION = "suppression", N_("objections, as keyed hashes")
    ERASURE = "erasure", N_("that a guest was erased, as keyed hashes")
    GUEST_FILE = "guest_file", N_("files made for guests")
    BACKUP = "backup", N_("backups of the databases")
    IMPORT_FILE = "import_file", N_("files handed in and what they could not be read for")
    PUBLISHED = "published", N_("published events")
    RECEIVED = "received", N_("numbers of received events")
    DEAD_LETTER = "dead_letter", N_("events that could not be handled")
    AUDIT = "audit", N_("the audit trail")
    ACCOUNT = "account", N_("accounts of colleagues")
    SESSION = "session", N_("sessions and attempts to sign in")
    INSTALLATION = "installation", N_("settings, wording and figures without persons")
