"""A reply without the mail it answers: what mail programs write above what they quote, in the languages of our guests.

The library knows many programs; its gaps are mended here: programs of Chinese providers, headers that were wrapped, and
words of a guest's own that only look like a header («From: the third night on…»). A quoting line is looked for in the
first lines only, cut to a length, so that a hostile mail costs nothing.
"""

from __future__ import annotations

import re
from functools import cache

from mailparser_reply.parser import EmailMessage

MOST_LINES, LONGEST_LINE, WRAPPED = 400, 300, 4
LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "zh", "ja", "ko", "sv", "da", "cs"]

WROTE = re.compile(
    r"(?=.*[\d@])(?:on\b.{6,240}\bwrote|am\b.{6,240}\bschrieb\b.{0,160}|le\b.{6,240}\ba écrit"
    r"|el\b.{6,240}\bescribió|(?:em|a)\b.{6,240}\bescreveu|il\b.{6,240}\bha scritto|op\b.{6,240}\bschreef\b.{0,160}"
    r"|at \d{4}-\d\d-\d\d \d\d:\d\d.{1,200}\bwrote|在\s?.{4,120}[，,].{1,200}(?:写道|寫道)"
    r"|(?:在\s?)?\d{4}\s?[年/-]\s?\d{1,2}\s?[月/-]\s?\d{1,2}.{0,240}(?:写道|寫道|撰写|來信)"
    r"|.{0,160}[<〈＜][^<>]+@[^<>]+[>〉＞]\s?(?:于|於|在).{4,120}(?:写道|寫道))\s?[:：]",
    re.IGNORECASE,
)
"""A head that tells its own beginning, so that it is known where it was wrapped."""
WROTE_IN_A_LINE = re.compile(
    r".{0,120}[\d@].{0,80}(?:写道|寫道)\s?[:：]|\S.{0,160}<[^<>]+@[^<>]+>\s?wrote\s?[:：]"
    r"|.{3,160}\bschrieb am\b.{4,80}[:：]",
    re.IGNORECASE,
)
WROTE_AT = re.compile(
    r"(?=.*\d{1,2}[:.時点시]\s?\d\d)(?=.*\d{4}|.*\d{1,2}[./-]\d)(?=.*[<〈＜][^<>\s]+@[^<>\s]+[>〉＞]).{14,260}[:：]"
)
"""A date, an hour and an address before a colon head what is quoted, whatever the language says of writing."""
RULE = re.compile(
    r"\s*(?:[-_—=*]{2,}\s*(?:original(?: message)?|forwarded message|ursprüngliche nachricht|originalnachricht"
    r"|message d.origine|message original|mensaje original|mensagem original|messaggio originale"
    r"|oorspronkelijk bericht|原始邮件|原始郵件|原邮件|回复的原邮件|转发邮件信息|转发的邮件|元のメッセージ)\s*[-_—=*]*"
    r"|_{20,}|-{20,})\s*",
    re.IGNORECASE,
)
FROM = re.compile(r"\s*[*]?(?:from|von|de|da|van|od|发件人|發件人|寄件者|寄件人|差出人)\s?[*]?\s?[:：]", re.IGNORECASE)
BESIDE = re.compile(
    r"\s*[*]?(?:sent|date|to|subject|cc|gesendet|datum|an|betreff|envoyé|à|objet|enviado|fecha|para|asunto|assunto"
    r"|data|inviato|oggetto|verzonden|aan|onderwerp|发送时间|發送時間|发送日期|日期|收件人|收件者|主题|主旨|抄送|送信日時|件名)"
    r"(?: (?:le|el|em|am))?\s?[*]?\s?[:：]",
    re.IGNORECASE,
)
SIGNED = re.compile(
    r"\s*(?:--\s?|(?:sent|get outlook) (?:from|for) .{1,60}|(?:von meinem .{1,40} gesendet|gesendet von .{1,40})"
    r"|envoyé (?:de|depuis) (?:mon|ma|l).{1,40}|enviado (?:desde|do|a partir do|de) .{1,40}|inviato da .{1,40}"
    r"|verzonden (?:vanaf|met) .{1,40}|发自我的.{1,30}|發自我的.{1,30}|从我的.{1,30}发送|iPhoneから送信)\s*",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The sender's own words. Where all of it seems quoted, the whole text: a person reads it then."""
    lines = text.replace("\r\n", "\n").replace("\u200b", "").split("\n")
    seen = [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]
    end = min(_first_quoting(seen), _by_library(seen))
    above = [line for line in lines[:end] if not line.lstrip().startswith(">")]
    words = _unsigned(above)
    if words:
        between = _unsigned(_between_quotes(lines[end:]))
        return f"{words}\n\n{between}" if between else words
    below = _unsigned([line for line in lines[end:] if not line.lstrip().startswith(">") and not _quotes(line)])
    is_marked = any(line.lstrip().startswith(">") for line in lines)
    return below if is_marked and below else text.strip()


def _between_quotes(lines: list[str]) -> list[str]:
    """What stands under marked quotes, set off from them by an empty line: the rest of a long quoted line, which mail
    programs wrap without a mark, is not the sender's."""
    found: list[str] = []
    seen_mark = is_own = False
    before = ""
    for line in lines:
        bare = line.strip()
        if line.lstrip().startswith(">"):
            seen_mark, is_own = True, False
        elif _quotes(line) or FROM.match(bare):
            seen_mark = is_own = False  # another mail begins, which may have no marks
        elif seen_mark and (is_own or (bare and not before)):
            is_own = True
            found.append(line)
        before = bare
    return found


def _quotes(line: str) -> bool:
    bare = line[:LONGEST_LINE].strip()
    return any(head.fullmatch(bare) for head in (WROTE, WROTE_AT, WROTE_IN_A_LINE, RULE))


def _first_quoting(lines: list[str]) -> int:
    """Where what is quoted begins, by our own patterns; behind the last line where nothing is."""
    for place, line in enumerate(lines):
        bare = line.lstrip("> ").rstrip()
        if RULE.fullmatch(bare) and (place == 0 or not bare.startswith("---") or _has_head(lines, place + 1)):
            return place
        if FROM.match(bare) and any(BESIDE.match(one.lstrip("> ")) for one in _following(lines, place)):
            return place
        if bare.endswith((":", "：")) and (began := _wrote(lines, place)) is not None:
            return began
    return len(lines)


def _has_head(lines: list[str], place: int) -> bool:
    """A bare rule of dashes quotes only where a head follows; one with words in it always does."""
    if re.search(r"\w", lines[place - 1]):
        return True
    return any(FROM.match(one.lstrip("> ")) for one in lines[place : place + WRAPPED])


def _following(lines: list[str], place: int) -> list[str]:
    return lines[place + 1 : place + 1 + WRAPPED]


def _wrote(lines: list[str], end: int) -> int | None:
    """Where «On … wrote:» begins that ends in this line; it may be wrapped over a few."""
    joined = ""
    for place in range(end, max(end - WRAPPED, -1), -1):
        bare = lines[place].lstrip("> ").strip()
        if not bare:
            break
        joined = f"{bare} {joined}".strip()
        if WROTE.fullmatch(joined[: 2 * LONGEST_LINE]) or WROTE_AT.fullmatch(joined[:LONGEST_LINE]):
            return place
    return end if WROTE_IN_A_LINE.fullmatch(lines[end].lstrip("> ").strip()) else None


def _by_library(lines: list[str]) -> int:
    """Where the library sees a head of what is quoted. It is asked for its heads only: what it makes of signatures
    takes a guest's own words with it."""
    text = "\n".join(line.strip() for line in lines)
    found = _heads().search(text)
    while found is not None:
        place = text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip("\n")))
        if _is_head(found[0]):
            return place
        found = _heads().search(text, found.end() + 1)
    return len(lines)


def _is_head(found: str) -> bool:
    """Of headers at least two that differ, not a sentence that begins like one."""
    lines = [line.lstrip("> *") for line in found.strip().splitlines()]
    named = {line.partition(":")[0].lower() for line in lines if FROM.match(line) or BESIDE.match(line)}
    return len(named) >= 2 or not any(FROM.match(line) or BESIDE.match(line) for line in lines)


@cache
def _heads() -> re.Pattern[str]:
    pattern: re.Pattern[str] = EmailMessage(text="", languages=list(LANGUAGES)).HEADER_REGEX
    return pattern


def _unsigned(lines: list[str]) -> str:
    """Without what stands under «-- », and without «Sent from my …» at its end."""
    for place, line in enumerate(lines):
        if place and line.rstrip("\r") in ("-- ", "--"):
            lines = lines[:place]
            break
    kept = list(lines)
    while kept and (not kept[-1].strip() or (len(kept) > 1 and SIGNED.fullmatch(kept[-1][:LONGEST_LINE]))):
        kept.pop()
    return "\n".join(kept).strip()
