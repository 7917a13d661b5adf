"""What is wrong with a template, or worth a look, in the words of whoever writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shared.errors import Problem
from shared.vocabulary.channel import Channel
from shared.web.i18n.labels import label

PROBLEMS: Mapping[str, Any] = {
    "no_value": _l("There is no value «%(name)s»; the values there are stand beside."),
    "needs_approval": _l("Another colleague has to approve this version first: ask for it."),
    "not_another": _l("Whoever asked for it or wrote it last cannot approve it."),
    "never_given": _l("«%(name)s» is never there in a text of this purpose: it would not be sent to anybody."),
    "stay_needed": _l("«%(name)s» is only there where the journey is about a stay: give it words for who has none."),
    "date": _l("It names a date, which whoever shares the mailbox or phone would read."),
    "price": _l(
        "It names a price, which whoever shares it would read: say which offer the text makes, or leave it out."
    ),
    "offer": _l("A question about a stay carries no offer."),
    "no_text": _l("Nothing is written in this language yet."),
    "no_language": _l("Write it in one language at least."),
    "no_channel": _l("There is no %(channel)s in this language, though there is one in another."),
    "too_dear": _l("It would cost %(parts)s text messages a guest; shorten it."),
    "subject": _l("The subject has %(length)s characters; it should have 1 to 120."),
    "not_for_all": _l("It cannot be written for every guest: a value is missing for some."),
    "no_link": _l("A link leads to an address (https://…), a phone (tel:…), a mailbox (mailto:…) or one of our links."),
    "link_host": _l("No browser finds this address: %(link)s"),
    "link_signs": _l("This address has a blank or a sign in it that no address has: %(link)s"),
    "link_tel": _l("This is no telephone number: %(link)s"),
    "link_mailto": _l("This is no address of a mailbox: %(link)s"),
    "link_own": _l("Guests cannot open this page of ours: %(link)s"),
    "no_offer": _l("«%(name)s» is a value of an offer: say below the name which offer this text makes."),
    "offer_to_choose": _l("Choose the offer it makes; one is made under «Offers» and has to be live."),
    "offer_not_live": _l("The offer «%(name)s» is not live: make it live first, or choose another."),
    "telling": _l("It tells of the guest's stay, which whoever shares the mailbox or phone would read."),
    "no_confirm": _l("The button to links.confirm is missing: without it nobody can confirm."),
    "unreadable_line": _l("Line %(line)s cannot be read: %(what)s"),
    "unreadable": _l("It cannot be read: %(what)s"),
    "needed": _l("Something is needed here."),
    "picture_gone": _l("It shows a picture that is not in the library any more."),
    "too_long": _l("This is longer than %(most)s characters."),
    "raw_marks": _l("It holds marks such as ** or [ ]( ) that guests would read as they stand; use a text block."),
    "raw_html": _l("It holds HTML that guests would read as it stands; use a text block."),
    "faint": _l("«%(words)s» is hard to read: its contrast is %(ratio)s to 1, and 4.5 is needed."),
    "faint_in_the_dark": _l(
        "«%(words)s» is hard to read in the dark: its contrast is %(ratio)s to 1, and 4.5 is needed."
    ),
    "no_alt": _l("Say what the picture shows, for guests who do not see it."),
    "spam": _l("Filters take «%(words)s» for spam; say it in other words."),
    "shouted": _l("Capitals and exclamation marks are taken for spam; say it calmly."),
    "clipped": _l("The mail has %(size)s kB; Gmail cuts it at 102. Use fewer blocks, or shorter texts."),
    "foreign_picture": _l("This picture lies elsewhere: take it into the library first. %(address)s"),
    "source_left_out": _l("Left out, because mails cannot hold it (line): %(names)s"),
    "source_code": _l("Line %(line)s: conditions belong to the block («Only shown when»), not into its source."),
    "source_value": _l("Line %(line)s: a value begins with {{ and does not end."),
    "source_tag": _l("Line %(line)s: <%(name)s> is no part of a mail."),
    "source_place": _l("Line %(line)s: <%(name)s> cannot stand here."),
    "source_unclosed": _l("Line %(line)s: <%(name)s> begins here and does not end."),
    "source_stray": _l("Line %(line)s: </%(name)s> ends something that did not begin."),
    "source_words": _l("Line %(line)s: words stand in <%(name)s>; put them into <mj-text>."),
    "source_mixed": _l("Line %(line)s: <%(name)s> stands beside whole sections; put all into sections."),
    "source_too_much": _l("This source has more parts than a mail."),
    "content_sid": _l("A ContentSid is HX and 32 digits or letters from a to f."),
    "no_places": _l("The text has no place {{1}} that these lines could fill: write them into it, or leave them out."),
    "edge": _l(
        "It begins or ends with {{1}} or another place: WhatsApp approves only texts with words before and after."
    ),
    "only_numbers": _l("An approved text holds {{1}}, {{2}} and so on, and nothing else in braces."),
    "variables": _l("It fills %(given)s places; the text has places up to %(wanted)s, each with a line of its own."),
    "no_way_out": _l("It does not say how to hear no more, such as «Reply STOP»: have a text approved that does."),
    "dear_letters": _l("%(letters)s make each part of the text message shorter, and so dearer."),
}
"""By the code of a problem (`shared.errors.Problem`)."""


def in_words(problem: str) -> str:
    """A problem without a code is nothing a marketer can bring about; it is shown as programs read it."""
    if not isinstance(problem, Problem):
        return problem
    named = {key: label(value) if isinstance(value, Channel) else value for key, value in problem.values.items()}
    return str(PROBLEMS[problem.code]) % named
