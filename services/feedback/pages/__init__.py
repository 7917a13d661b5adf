"""The pages of feedback: routes → HTML."""

from __future__ import annotations

from flask import Blueprint

from services.feedback.pages.answers import ANSWERS
from services.feedback.pages.case_changes import CHANGES
from services.feedback.pages.case_new import OPENING
from services.feedback.pages.cases import CASES
from services.feedback.pages.home import HOME
from services.feedback.pages.optouts import OPT_OUTS
from services.feedback.pages.replies import REPLIES
from services.feedback.pages.reply_changes import REPLY_CHANGES
from services.feedback.pages.story import STORY
from services.feedback.pages.try_words import TRY_WORDS

PAGES: tuple[Blueprint, ...] = (
    *(CASES, CHANGES, OPENING, ANSWERS, REPLIES, REPLY_CHANGES, TRY_WORDS),
    *(OPT_OUTS, STORY, HOME),
)
