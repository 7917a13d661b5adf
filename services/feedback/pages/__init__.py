"""The pages of feedback: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.feedback.pages.answers import ANSWERS
from services.feedback.pages.cases import case
from services.feedback.pages.cases import lists as case_lists
from services.feedback.pages.cases.changes import CHANGES
from services.feedback.pages.cases.compensation import COMPENSATION
from services.feedback.pages.cases.merging import MERGING
from services.feedback.pages.cases.new import OPENING
from services.feedback.pages.cases.pictures import PICTURES
from services.feedback.pages.cases.seen import CASES
from services.feedback.pages.heard.by_hand import BY_HAND
from services.feedback.pages.heard.improvements import IMPROVEMENTS
from services.feedback.pages.heard.lessons import LESSONS
from services.feedback.pages.heard.reviews import REVIEWS
from services.feedback.pages.heard.texts import TEXTS
from services.feedback.pages.home import HOME
from services.feedback.pages.inbox import answering, changes, lists, pictures, thread
from services.feedback.pages.inbox.canned import CANNED
from services.feedback.pages.inbox.seen import INBOX
from services.feedback.pages.key_figures import KEY_FIGURES
from services.feedback.pages.optouts import OPT_OUTS
from services.feedback.pages.replies import REPLIES
from services.feedback.pages.reply_changes import REPLY_CHANGES
from services.feedback.pages.reply_mail import REPLY_MAIL
from services.feedback.pages.staff.alerts import ALERTS
from services.feedback.pages.staff.praise import PRAISE
from services.feedback.pages.staff.settings import SETTINGS
from services.feedback.pages.staff.tasks import TASKS
from services.feedback.pages.story import STORY
from services.feedback.pages.surveys.editor import EDITOR
from services.feedback.pages.surveys.given import GIVEN
from services.feedback.pages.surveys.overview import SURVEY_LIST
from services.feedback.pages.surveys.preview import PREVIEW
from services.feedback.pages.surveys.review_links import REVIEW_LINKS
from services.feedback.pages.try_words import TRY_WORDS

OF_CASES = (case, case_lists)
"""The modules whose routes stand on `CASES`."""
OF_INBOX = (answering, changes, lists, pictures, thread)
"""Those whose routes stand on `INBOX`."""
PAGES: tuple[Blueprint, ...] = (
    *(CASES, CHANGES, COMPENSATION, MERGING, PICTURES, OPENING),
    *(CANNED, INBOX),
    *(ALERTS, TASKS, PRAISE, SETTINGS),
    *(SURVEY_LIST, EDITOR, PREVIEW, GIVEN, REVIEW_LINKS),
    *(ANSWERS, REVIEWS, TEXTS, LESSONS, BY_HAND, IMPROVEMENTS),
    *(REPLIES, REPLY_CHANGES, REPLY_MAIL, TRY_WORDS, OPT_OUTS, STORY, HOME, KEY_FIGURES),
)
