"""The labels of the audit trail's actions and subjects. One that has none is shown as it was recorded."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ACTION_NAMES = {
    "signed_in": _l("signed in"),
    "person.invited": _l("invited"),
    "person.changed": _l("changed role or hotels"),
    "person.ended": _l("ended access"),
    "person.password_renewed": _l("gave a one-time password"),
    "person.password_chosen": _l("chose a password"),
    "session.ended": _l("ended sessions"),
    "key.made": _l("created a key"),
    "key.ended": _l("ended a key"),
    "property.changed": _l("changed the hotel"),
    "dead_letters.replayed": _l("replayed what was set aside"),
    "dead_letters.dropped": _l("dropped what was set aside"),
    "guest.viewed": _l("viewed the guest"),
    "guest.story_viewed": _l("viewed the guest's story"),
    "guest.changed": _l("changed the guest"),
    "retention.changed": _l("changed how long something is kept"),
    "retention.ran": _l("dropped what was over"),
    "consents.exported": _l("downloaded the proof of consents"),
    "guest.file_requested": _l("had a guest's file made"),
    "guest.file_downloaded": _l("downloaded a guest's file"),
    "guest.file_exported": _l("wrote a guest's file to a folder"),
    "answers.viewed": _l("read answers"),
    "replies.viewed": _l("read replies"),
    "consents.viewed": _l("viewed consents"),
    "case.viewed": _l("viewed a case"),
    "case.opened": _l("opened a case"),
    "case.assigned": _l("assigned a case"),
    "case.noted": _l("wrote a note"),
    "case.closed": _l("closed a case"),
    "case.reopened": _l("reopened a case"),
    "consent.recorded": _l("recorded a consent"),
    "consent.stopped": _l("recorded a STOP"),
    "consent.withdrawn": _l("withdrew a consent"),
    "preferences.chosen": _l("chose what to receive"),
    "guest.contact_allowed": _l("allowed contact"),
    "guest.contact_forbidden": _l("forbade contact"),
    "guest.edited": _l("edited the guest"),
    "guest.merged": _l("merged two guests"),
    "guest.told_apart": _l("marked two guests as different"),
    "stay.muted": _l("muted a stay"),
    "stay.unmuted": _l("unmuted a stay"),
    "import.started": _l("started an import"),
    "import.mapping_changed": _l("changed how an import is read"),
    "import.discarded": _l("discarded an import"),
    "import.rejects_saved": _l("saved the refused rows of an import"),
    "optouts.brought": _l("imported a list of opt-outs"),
    "journey.begun": _l("created a journey"),
    "journey.published": _l("published a journey"),
    "journey.launched": _l("launched a journey"),
    "journey.paused": _l("paused a journey"),
    "journey.resumed": _l("resumed a journey"),
    "journey.ended": _l("ended a journey"),
    "journey.taken_back": _l("took back a launch"),
    "journey.draft_discarded": _l("discarded a draft"),
    "message.read": _l("read a message"),
    "message.body_read": _l("opened an e-mail as sent"),
    "message.resolved": _l("settled an unclear outcome"),
    "segment.made": _l("created a segment"),
    "segment.changed": _l("changed a segment"),
    "segment.used": _l("put a segment to use"),
    "segment.released": _l("took a segment out of use"),
    "segment.retired": _l("retired a segment"),
    "sending.stopped": _l("stopped sending"),
    "sending.resumed": _l("resumed sending"),
    "template.published": _l("published a template"),
    "template.draft_dropped": _l("dropped a template draft"),
}

LONG = 36  # characters of a uuid
SUBJECT_NAMES = {
    "guest": _l("Guest"),
    "person": _l("Colleague"),
    "property": _l("Hotel"),
    "key": _l("Key of a program"),
    "service": _l("Service"),
    "case": _l("Case"),
    "journey": _l("Journey"),
    "segment": _l("Segment"),
    "template": _l("Template"),
    "message": _l("Message"),
    "import": _l("Import"),
    "stop": _l("Stop"),
    "term": _l("Term"),
}


def subject_words(subject: str) -> str:
    """«Guest 1f229f7b»: the kind in words, of a long key its beginning."""
    kind, _, key = subject.partition(" ")
    if not key or kind not in SUBJECT_NAMES:
        return subject
    return f"{SUBJECT_NAMES[kind]} {key[:8] if len(key) == LONG else key}"
