"""A score is read only where the whole reply is one."""

from __future__ import annotations

import pytest

from services.feedback.understanding import understand


@pytest.mark.parametrize(
    ("text", "value", "scale", "comment"),
    [
        *(("9", 9, 10, None), (" 10 ", 10, 10, None), ("0!", 0, 10, None), ("9👍", 9, 10, None), ("7/10", 7, 10, None)),
        *(("８", 8, 10, None), ("٩", 9, 10, None), ("९", 9, 10, None), ("๙", 9, 10, None), ("⑨", 9, 10, None)),
        *(
            ("9️⃣", 9, 10, None),
            ("🔟", 10, 10, None),
            ("9分", 9, 10, None),
            ("九分", 9, 10, None),
            ("十分", 10, 10, None),
        ),
        *(("nine", 9, 10, None), ("Nine!", 9, 10, None), ("Fünf", 5, 10, None), ("neuf", 9, 10, None)),
        *(("девять", 9, 10, None), ("nove", 9, 10, None), ("dziewięć", 9, 10, None), ("تسعة", 9, 10, None)),
        *(("아홉", 9, 10, None), ("9점", 9, 10, None), ("9点です", 9, 10, None), ("dokuz", 9, 10, None)),
        *(("ten out of ten", 10, 10, None), ("dix sur dix", 10, 10, None), ("9 von 10", 9, 10, None)),
        *(("Score: 9", 9, 10, None), ("My rating is 9", 9, 10, None), ("I'd give you a 10 out of 10!", 10, 10, None)),
        *(("我给9分", 9, 10, None), ("Le doy un 9", 9, 10, None), ("Note : 8", 8, 10, None), ("9 pts", 9, 10, None)),
        *(("4/5", 4, 5, None), ("5 stars", 5, 5, None), ("4 Sterne", 4, 5, None), ("⭐⭐⭐⭐", 4, 5, None)),
        *(("90/100", 90, 100, None), ("五星好评", 5, 5, None), ("18/20", 18, 20, None)),
        ("9 but the pillows were hard", 9, 10, "but the pillows were hard"),
        ("I give it a 9 but the wifi was slow", 9, 10, "but the wifi was slow"),
        ("8, obrigada", 8, 10, None),
        ("8, o quarto era frio", 8, 10, "o quarto era frio"),
        ("9 out of 10, lovely", 9, 10, "lovely"),
        ("nine but noisy", 9, 10, "but noisy"),
        ("9 – great", 9, 10, "great"),
        ("9\nThe room was quiet", 9, 10, "The room was quiet"),
        ("9。房间很安静", 9, 10, "房间很安静"),
        ("9 aber laut", 9, 10, "aber laut"),
        ("10! We loved it", 10, 10, "We loved it"),
    ],
)
def test_a_reply_that_is_a_score_is_read(text: str, value: int, scale: int, comment: str | None) -> None:
    read = understand(text, survey_open=True)
    assert read.score is not None, read
    assert (read.score.value, read.score.scale, read.score.comment) == (value, scale, comment)
    assert read.because["score"]
    assert understand(text).score is None  # no survey waits for one


@pytest.mark.parametrize(
    "text",
    [
        *("Très, très bien!", "0 problems!", "2 of us loved it", "9 pillows were missing", "8:30 checkout", ""),
        *("11", "9th floor", "room 9", "-1", "thank you", "9 %", "$9", "24/7", "+351 910 000 001", "2 for dinner"),
        *(
            "2 nights were not enough",
            "3晚都很吵",
            "one of the best stays",
            "seven of us came",
            "十分满意",
            "3. Stock war laut",
        ),
        *("1) Room dirty 2) cold food", "1. dirty 2. loud", "we are 4", "9am is fine", "1, 2, 3 testing", "二十"),
        *("Liked “9”", "nonstop fun", "sono in camera 9", "4 Personen", "un poco frío", "两个枕头"),
    ],
)
def test_a_number_in_a_sentence_is_no_score(text: str) -> None:
    read = understand(text, survey_open=True)
    assert read.score is None
    assert read.asks is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        *(("8.5", (8, 9)), ("8,5", (8, 9)), ("8½", (8, 9)), ("8-9", (8, 9)), ("8 or 9", (8, 9)), ("8/9", (8, 9))),
        *(("eight and a half", (8, 9)), ("八九分", (8, 9)), ("8.5/10", (8, 9)), ("7 bis 8", (7, 8)), ("15/20", (7, 8))),
    ],
)
def test_a_half_and_a_range_are_asked_back(text: str, asks: tuple[int, int]) -> None:
    read = understand(text, survey_open=True)
    assert read.asks == asks
    assert read.score is None or read.score.of_ten is None


@pytest.mark.parametrize(
    ("text", "theirs", "value", "scale"),
    [
        *(("9 of 10", None, 9, 10), ("9 of 10", "en", 9, 10), ("9 of 10", "pt", 9, 10), ("9 of 10!", "zh-Hans", 9, 10)),
        *(("4 of 5 stars", None, 4, 5), ("4 of 5", "de", 4, 5), ("I give it 7 of 10", "en", 7, 10)),
    ],
)
def test_of_is_a_scale_for_whoever_does_not_write_dutch(text: str, theirs: str | None, value: int, scale: int) -> None:
    read = understand(text, survey_open=True, theirs=theirs)
    assert read.asks is None and read.score is not None
    assert (read.score.value, read.score.scale) == (value, scale)


@pytest.mark.parametrize(
    ("text", "theirs"),
    [("9 of 10", "nl"), ("9 of 10", "nl-BE"), ("ik geef een 9 of 10", None), ("8 of 9", None), ("8 of 9", "en")],
)
def test_of_is_or_in_dutch_and_before_what_is_no_scale(text: str, theirs: str | None) -> None:
    read = understand(text, survey_open=True, theirs=theirs)
    assert read.score is None and read.asks is not None


@pytest.mark.parametrize("text", ["9 great stay", "10+", "9?", "fire", "12"])
def test_what_may_be_a_score_is_left_to_a_person(text: str) -> None:
    read = understand(text, survey_open=True)
    assert read.score is None
    assert read.unsure is (text != "12")


def test_a_score_and_a_stop_in_one_reply_are_both_read() -> None:
    for text in ("9 STOP", "STOP 9", "9. Stop", "9, please stop texting me"):
        read = understand(text, survey_open=True)
        assert read.score is not None, text
        assert (read.score.value, read.stop) == (9, True), text


def test_another_scale_counts_on_ours_only_where_it_comes_out_whole() -> None:
    five, twenty = understand("4/5", survey_open=True).score, understand("15/20", survey_open=True).score
    assert five is not None
    assert twenty is not None
    assert (five.of_ten, twenty.of_ten) == (8, None)


def test_a_number_word_inside_the_words_of_an_objection_is_no_score() -> None:
    """«Opt» is eight in Romanian, 구 nine in Korean."""
    for text in ("opt out", "Opt-out please", "구독 취소"):
        understood = understand(text, survey_open=True)
        assert understood.stop and understood.score is None, text
    assert understand("opt", survey_open=True).score is not None


def test_stars_that_are_filled_are_counted_of_five() -> None:
    score = understand("★★★★☆", survey_open=True).score
    assert score is not None and (score.value, score.scale) == (4, 5)
    assert understand("★★☆", survey_open=True).unsure


@pytest.mark.parametrize(
    "text", [":3", "8-)", "<3", "uno de los mejores", "un de mes hôtels préférés", "uno de los mejores hoteles"]
)
def test_a_face_and_one_of_the_best_are_no_scores(text: str) -> None:
    read = understand(text, survey_open=True)
    assert read.score is None and read.case == "none"


@pytest.mark.parametrize("text", ["十分推荐", "十分感谢", "十分不错", "오"])
def test_a_number_word_that_means_very_or_oh_is_decided_by_a_person(text: str) -> None:
    read = understand(text, survey_open=True)
    assert read.score is None and read.unsure


@pytest.mark.parametrize("text", ["十分", "十分！", "十分吧", "十分，推荐", "打十分"])
def test_ten_points_in_chinese_are_ten(text: str) -> None:
    read = understand(text, survey_open=True)
    assert read.score is not None and read.score.of_ten == 10


def test_a_score_of_another_scale_is_low_only_where_it_is_known_to_be() -> None:
    asked = understand("17/20", survey_open=True)
    assert (asked.asks, asked.case) == ((8, 9), "none")
    assert understand("6/20", survey_open=True).case == "follow_up"
