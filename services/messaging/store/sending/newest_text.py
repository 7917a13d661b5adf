"""What the guest of a message was sent: of several attempts the newest text that is kept."""

from __future__ import annotations


def newest_text(message: str) -> str:
    """SQL to go into a `from`: the text of this message as `kept` (`text_sealed`, `packed` of its sheet, `sent_at`),
    nulls where none is kept. `message`: an SQL expression."""
    return f"""
        left join lateral (
            select text_sealed, (select packed from sent_sheet where number = texts.sheet) as packed, sent_at
            from text_of_message as texts where texts.message_id = {message} order by sent_at desc limit 1
        ) as kept on true
    """
