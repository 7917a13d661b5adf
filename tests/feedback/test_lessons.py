"""A correction counts: the same words are read so the next time, it is said why, and it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest

from services.feedback.commands.heard.correcting import correct_text
from services.feedback.commands.heard.lessons import house_words
from services.feedback.commands.heard.reviews import keep_reviews, understood_of
from services.feedback.commands.heard.understanding import hear_what_was_there
from services.feedback.rules.files.review_file import Review
from services.feedback.rules.lessons import Lesson, counting, phrase_in
from services.feedback.understanding import HouseWords, understand
from services.feedback.understanding.house_words import Taught
from shared.errors import InputError
from shared.ids import make_id
from tests.cast import ANA, DINA
from tests.conftest import MakeDatabase
from tests.feedback.cast import Feedback
from tests.feedback.test_heard import AT, agrees, answered, page, replied
from tests.web import words

READ = "select topic, feeling from heard_topic where text_id = '{}' order by 1"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA, language="en")
    return feedback


def correct(feedback: Feedback, text: UUID, said: str, found: Mapping[str, str], phrase: str = "") -> None:
    with feedback.tx() as tx:
        assert correct_text(tx, text, found, by="Dina", at=AT, said=[said], phrase=phrase)


def lesson(number: int, words: str, hotel: str = "LIS", *, whole: bool = False, **feelings: str) -> Lesson:
    meant = {"" if topic == "all" else topic: feeling for topic, feeling in feelings.items()}
    text = make_id("text", str(number))
    return Lesson(
        lesson_id=make_id("lesson", str(number)),
        text_id=text,
        property=hotel,
        words=tuple(words.split()),
        is_whole=whole,
        feelings=meant,
    )


@pytest.mark.parametrize(
    ("lessons", "hotel", "expected"),
    [
        ([lesson(1, "so la la", whole=True, all="negative")], "LIS", ["so la la"]),
        ([lesson(1, "so la la", whole=True, all="negative")], "SHA", []),
        ([lesson(n, "so la la", whole=True, all="negative") for n in (1, 2)], "SHA", ["so la la"]),
        ([lesson(1, "tap water", bathroom="negative")], "LIS", []),
        ([lesson(1, "tap water", bathroom="negative"), lesson(1, "tap water", bathroom="negative")], "LIS", []),
        ([lesson(n, "tap water", bathroom="negative") for n in (1, 2)], "SHA", ["tap water"]),
        ([lesson(3, "tap", room="positive"), *(lesson(n, "tap", room="negative") for n in (1, 2))], "LIS", []),
    ],
)
def test_what_counts_where(lessons: list[Lesson], hotel: str, expected: list[str]) -> None:
    assert [" ".join(one.words) for one in counting(lessons, hotel)] == expected


@pytest.mark.parametrize(
    ("taught", "text", "expected"),
    [
        ({"bathroom": "negative"}, "The tap water was brown", ("negative", {"bathroom": "negative"})),
        (
            {"bathroom": "negative"},
            "The view was lovely. The tap water",
            ("positive", {"bathroom": "negative", "room": "positive"}),
        ),
        ({"bathroom": "none"}, "The tap water was lovely", ("positive", {})),
        ({"": "negative"}, "Das Tap Water", ("negative", {})),
    ],
)
def test_a_phrase_of_the_house_is_read_beside_the_lists(
    taught: dict[str, str], text: str, expected: tuple[str, dict[str, str]]
) -> None:
    one = Taught(words=("tap", "water"), feelings=taught, is_whole=False, lessons=(ANA,))
    found = understand(text, house=HouseWords([one]))
    assert (str(found.sentiment), {topic.name: str(topic.feeling) for topic in found.topics}) == expected
    assert found.taught == (ANA,) and understand("The wifi was slow", house=HouseWords([one])).taught == ()


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [("brown water", "elsewhere"), ("the", "common"), ("a b c d e f g", "long"), ("9", "elsewhere")],
)
def test_only_words_that_tell_something_can_be_named(phrase: str, problem: str) -> None:
    with pytest.raises(InputError) as refused:
        phrase_in(["The tap water was brown"], phrase)
    assert refused.value.problems == {"words": problem}
    assert phrase_in(["The tap water was brown"], "Tap Water") == ("tap", "water")


def test_the_same_text_is_read_as_it_was_corrected_and_anew_once_that_is_taken_back(feedback: Feedback) -> None:
    first = replied(feedback, "Oh well, the view")
    before = feedback.all(READ.format(first))
    correct(feedback, first, "Oh well, the view", {"": "negative", "location": "negative"})
    again = replied(feedback, "OH WELL, the view!", ref="r2")
    assert feedback.all(READ.format(again)) == [("", "negative"), ("location", "negative")]
    dina = page(feedback, DINA)
    assert "read so because Dina corrected “oh well the view”" in words(dina.get("/feedback/texts?days=90"))
    shown = dina.get("/feedback/texts/lessons").text
    assert "“oh well the view”" in shown and "counts" in shown
    lesson_id = feedback.one("select lesson_id from heard_lesson")
    dina.post(f"/feedback/texts/lessons/{lesson_id}/taking-back")
    with feedback.tx() as tx:
        assert hear_what_was_there(tx, AT) == 1
    assert feedback.all(READ.format(again)) == before
    assert feedback.all(READ.format(first)) == [("", "negative"), ("location", "negative")], "a person found that"
    agrees(feedback)


def test_words_that_two_texts_were_corrected_for_count_in_reviews_too(feedback: Feedback) -> None:
    for ref, said in (("r1", "Tap water brown"), ("r2", "brown tap water, oh")):
        text = replied(feedback, said, ref=ref)
        correct(feedback, text, said, {"": "negative", "bathroom": "negative"}, "tap water")
    review = Review(ref="1", source="booking", hotel="LIS", said_on=AT.date(), text="Great stay. The tap water")
    with feedback.tx() as tx:
        heard = understood_of(review, house_words(tx, "LIS"))
        keep_reviews(tx, [review], [heard], "Dina", AT)
    assert feedback.all(READ.format(heard.text_id)) == [("", "positive"), ("bathroom", "negative")]
    lesson_id = feedback.one("select lesson_id from heard_lesson where not is_whole order by at, lesson_id limit 1")
    dina = page(feedback, DINA)
    dina.get("/feedback/texts/lessons")
    assert "Taken back." in words(dina.post(f"/feedback/texts/lessons/{lesson_id}/taking-back"))
    assert feedback.all(READ.format(heard.text_id)) == [("", "positive"), ("bathroom", "neutral")], "one is not enough"
    agrees(feedback)


def test_a_wrong_phrase_keeps_the_form_and_corrects_nothing(feedback: Feedback) -> None:
    text = answered(feedback, "The tap water was brown")
    dina = page(feedback, DINA)
    dina.get(f"/feedback/texts/{text}")
    answer = dina.post(f"/feedback/texts/{text}", {"whole": "negative", "topic_bathroom": "negative", "words": "the"})
    assert answer.status_code == 422 and "These words stand in texts of any kind." in words(answer)
    assert feedback.one("select count(*) from heard_correction") == 0
