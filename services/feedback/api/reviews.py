"""Reviews of booking sites, as programs send them: one, or many in lines. The same review again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, request
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.wrappers import Response

from services.feedback.commands.heard.lessons import house_words
from services.feedback.commands.heard.reviews import MADE, keep_reviews, review_id_of, understood_of
from services.feedback.rules.files.ratings import SCALES, rating_in
from services.feedback.rules.files.review_file import LONGEST, LONGEST_REF, Review
from shared.access.audit import record
from shared.access.people import Person
from shared.access.people import hotels as hotels_there_are
from shared.errors import InputError
from shared.localtime import day_at
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.description import Operation, described
from shared.web.api.lines import MEDIA_TYPE, Line, answered
from shared.web.api.reading import body_by, read
from shared.web.bodies import takes_files
from shared.web.site import Site, here
from shared.whole_text import WholeText

API_REVIEWS = Blueprint("feedback_api_reviews", __name__, url_prefix="/api/reviews")
REFUSED = "refused"
ELSEWHERE = "This key is for other hotels, or there is no hotel with this code."


def _plain(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValidationError("No characters that are no text.")


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=most), _plain], **more)


def _words(about: str) -> fields.String:
    return _text(LONGEST, allow_none=True, load_default=None, metadata={"description": about})


class ReviewTold(Schema):
    """A rating, words, or both. A rating names its scale: «4/5», or `scale` beside it."""

    property = fields.String(required=True, validate=[validate.Length(1, 20), _plain])
    source = fields.String(
        required=True,
        validate=WholeText(r"^[a-z0-9_]{1,40}$"),
        metadata={"description": "the site, as booking or tripadvisor"},
    )
    reference = fields.String(
        required=True,
        validate=[validate.Length(1, LONGEST_REF), _plain],
        metadata={"description": "the site's number of the review: the same one is the same review"},
    )
    date = fields.Date(required=True)
    rating = _text(40, allow_none=True, load_default=None, metadata={"description": "as the site writes it: 8.5, 4/5"})
    scale = fields.Integer(allow_none=True, load_default=None, validate=validate.OneOf([*SCALES, None]))
    title = _words("its title")
    liked = _words("what was liked, where the site asks apart")
    disliked = _words("what was not")
    text = _words("the review")
    reservation = _text(200, allow_none=True, load_default=None)


class ReviewOutcome(Schema):
    """`outcome`: made, changed, unchanged or refused."""

    line = fields.Integer()
    outcome = fields.String(validate=validate.OneOf(["made", "changed", "unchanged", "refused"]))
    id = fields.UUID()
    errors = fields.Dict(keys=fields.String(), values=fields.String())


@API_REVIEWS.post("")
@grants(Grant.REVIEWS_WRITE)
@described(
    Operation(
        "Send a review (201); one that is known is changed to what is said now (200)",
        ReviewOutcome,
        ReviewTold,
        status=201,
        also={200: "The review is known; it is changed where it says something else"},
    )
)
def send() -> tuple[Response, int]:
    review = _review(body_by(ReviewTold()), _hotels(here(), me()), here().now())
    outcome = _kept(here(), me(), [review])[0]
    return jsonify(outcome), 201 if outcome["outcome"] == MADE else 200


@API_REVIEWS.post("/lines")
@grants(Grant.REVIEWS_WRITE)
@takes_files()
@described(
    Operation(
        "Send many reviews: a line each, and of each its outcome",
        ReviewOutcome,
        ReviewTold,
        media=(MEDIA_TYPE,),
        answer_media=MEDIA_TYPE,
    )
)
def lines() -> Response:
    """The site and the key are kept: the lines are worked on while the answer leaves."""
    site, who = here(), me()
    return answered(request.stream, lambda some: _entered(site, who, some))


def _entered(site: Site, who: Person, some: Sequence[Line]) -> list[dict[str, Any]]:
    """Those that can be read are kept together, each of the others is refused alone."""
    hotels, now = _hotels(site, who), site.now()
    found: dict[int, Review] = {}
    refused: dict[int, Mapping[str, str]] = {}
    for number, said in some:
        try:
            if isinstance(said, Exception):
                raise InputError(problems={"": f"The line is {said}."})
            found[number] = _review(read(ReviewTold(), said), hotels, now)
        except InputError as error:
            refused[number] = error.problems
    kept = dict(zip(found, _kept(site, who, list(found.values())), strict=True))
    return [
        {"line": number, **kept[number]}
        if number in kept
        else {"line": number, "outcome": REFUSED, "errors": dict(refused[number])}
        for number, _ in some
    ]


def _kept(site: Site, who: Person, reviews: Sequence[Review]) -> list[dict[str, Any]]:
    if not reviews:
        return []
    with site.transaction() as tx:
        house = {code: house_words(tx, code) for code in {one.hotel for one in reviews}}
    heard, now = [understood_of(one, house[one.hotel]) for one in reviews], site.now()
    with site.transaction() as tx:
        outcomes = keep_reviews(tx, reviews, heard, who.name, now)
        counted = {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
        record(tx, who, "reviews.sent", "reviews", counted, now)
    return [
        {"outcome": outcome, "id": str(review_id_of(one)), "errors": {}}
        for one, outcome in zip(reviews, outcomes, strict=True)
    ]


def _hotels(site: Site, who: Person) -> Mapping[str, str]:
    """By code the zone."""
    with site.transaction() as tx:
        return {hotel.code: hotel.zone for hotel in hotels_there_are(tx) if who.sees(hotel.code)}


def _review(said: Mapping[str, Any], hotels: Mapping[str, str], now: datetime) -> Review:
    """Raises `InputError` by field."""
    problems: dict[str, str] = {}
    words = {name: (said[name] or "").strip() for name in ("title", "liked", "disliked", "text")}
    given = (said["rating"] or "").strip()
    rating = rating_in(given) if given else None
    scale: int | None = (rating.scale or said["scale"]) if rating else None
    if said["property"] not in hotels:
        problems["/property"] = ELSEWHERE
    if given and rating is None:
        problems["/rating"] = "This is no rating: a number, or «4/5»."
    elif rating and scale is None:
        problems["/scale"] = f"Of how many the rating is: one of {', '.join(map(str, SCALES))}."
    elif rating and scale and not rating.fits(scale):
        problems["/rating"] = f"This goes beyond {scale}."
    if not given and not any(words.values()):
        problems["/text"] = "A rating or words are needed."
    if sum(map(len, words.values())) > LONGEST:
        problems["/text"] = f"At most {LONGEST:,} letters in all."
    if said["date"] > day_at(now, hotels.get(said["property"])):
        problems["/date"] = "This day has not come yet."
    if problems:
        raise InputError("This cannot be used.", problems)
    return Review(
        ref=said["reference"],
        source=said["source"],
        hotel=said["property"],
        said_on=said["date"],
        rating_given=given or None,
        rating_scale=scale,
        rating=rating.of_ten(scale) if rating and scale else None,
        reservation=said["reservation"] or None,
        title=words["title"],
        liked=words["liked"],
        disliked=words["disliked"],
        text=words["text"],
    )
