"""Charts are small, carry no script and no style of their own, and say in words what they show."""

from __future__ import annotations

import pygal

from shared.web.charts import PLAIN, draw, spark


def test_a_chart_carries_no_script_no_style_and_says_what_it_shows() -> None:
    chart = pygal.StackedBar(**PLAIN, width=600, height=160)
    chart.x_labels = [str(hour) for hour in range(24)]
    chart.add("", [1] * 12 + [0] * 12)
    svg = draw(chart, "12 messages <b>today</b>")
    assert "<script" not in svg and "<style" not in svg and "style=" not in svg and "pygal.org" not in svg
    assert 'aria-label="12 messages &lt;b&gt;today&lt;/b&gt;"' in svg
    assert svg.count('class="rect') == 12  # an hour without messages has no bar
    assert len(svg) < 10_000


def test_a_spark_line_begins_at_zero() -> None:
    flat, rising = spark([5, 5], "steady"), spark([0, 5], "rising")
    assert "M2.115385 0.461538" in flat  # at the top: the bottom is zero, not the least value
    assert "M2.115385 23.538462" in rising
    assert spark([], "nothing yet") and spark([0], "one day")
