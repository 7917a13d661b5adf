"""Where a hotel's guests may tell others."""

from __future__ import annotations

from collections.abc import Sequence

from services.feedback.rules.asking.review_links import ReviewLink
from shared.database.pool import Tx


def links_of(tx: Tx, hotel: str | None) -> list[ReviewLink]:
    return tx.rows(ReviewLink, "select name, url from review_link where property = %s order by place", [hotel])


def put_links(tx: Tx, hotel: str, links: Sequence[ReviewLink]) -> None:
    """These and no others."""
    tx.execute("delete from review_link where property = %s", [hotel])
    values = {"hotel": hotel, "names": [one.name for one in links], "urls": [one.url for one in links]}
    tx.execute(PUT, values)


PUT = """
    insert into review_link (property, place, name, url)
    select %(hotel)s, place - 1, name, url
    from unnest(%(names)s::text[], %(urls)s::text[]) with ordinality as each (name, url, place)
"""
