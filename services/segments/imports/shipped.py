"""How exports of Chinese systems are read: known before the first file, proposed by their headings, changed like any
other mapping.

Their lists say a status by one letter, of which some mean nothing elsewhere, and call columns by names of their own. A
mapping that somebody saved under the same name goes before the one here. What a list does not hold, such as the day of
its statuses, is asked as ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.segments.imports.files.headings import normalised
from shared.vocabulary.stay import StayStatus

OUT, IN, BOOKED = str(StayStatus.CHECKED_OUT), str(StayStatus.CHECKED_IN), str(StayStatus.BOOKED)
CANCELLED, NO_SHOW = str(StayStatus.CANCELLED), str(StayStatus.NO_SHOW)


@dataclass(frozen=True)
class Shipped:
    """`marks`: headings that its lists have together, and others do not. `columns`: by field the headings it may have
    there, the first that is there counts. `statuses`: by its letter or word.
    """

    source: str
    marks: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str]

    def document(self, header: Sequence[str]) -> dict[str, Any]:
        """The mapping of a file with these headings."""
        there = {normalised(name): name for name in header}
        columns = {
            field: next((there[normalised(one)] for one in known if normalised(one) in there), None)
            for field, known in self.columns.items()
        }
        return {
            "columns": {field: name for field, name in columns.items() if name is not None},
            "meanings": {"status": dict(self.statuses)},
        }


LETTERS = {
    "r": BOOKED, "w": BOOKED, "i": IN, "o": OUT, "d": OUT, "s": OUT, "x": CANCELLED, "n": NO_SHOW,
}  # fmt: skip
"""Of 西软 and its kin: reserved, on the waiting list, in house, left, left yesterday, left with an open bill."""
XIRUAN = Shipped(
    source="xiruan",
    marks=frozenset({"账号", "姓名", "房类", "到日", "离日"}),
    columns={
        "reservation": ("账号",),
        "property": ("酒店代码", "酒店"),
        "full_name": ("姓名",),
        "room_type": ("房类",),
        "arrival": ("到日",),
        "departure": ("离日",),
        "status": ("状态",),
        "status_date": ("状态时间", "修改时间"),
        "booked_on": ("登记时间", "登记日期", "预订日期", "建立时间"),
        "rate": ("实际房价", "房价"),
        "revenue": ("房费合计", "房费"),
        "rate_plan": ("房价码",),
        "market_segment": ("市场码", "市场"),
        "channel": ("来源码", "来源"),
        "adults": ("成人", "人数"),
        "phone": ("手机", "手机号"),
        "country": ("国籍",),
        "tier": ("贵宾级别", "VIP"),
    },
    statuses=LETTERS,
)
LVYUN = Shipped(
    source="lvyun",
    marks=frozenset({"主单号", "宾客姓名", "抵店时间", "离店时间"}),
    columns={
        "reservation": ("主单号",),
        "property": ("酒店编码", "酒店名称"),
        "full_name": ("宾客姓名",),
        "room_type": ("房型",),
        "arrival": ("抵店时间",),
        "departure": ("离店时间",),
        "status": ("宾客状态", "状态"),
        "status_date": ("状态时间", "修改时间", "操作时间"),
        "booked_on": ("创建时间", "预订时间"),
        "rate": ("实际房价", "房价"),
        "revenue": ("总房费", "房费"),
        "rate_plan": ("房价码",),
        "market_segment": ("市场码", "市场"),
        "channel": ("渠道", "来源码"),
        "adults": ("成人数", "成人"),
        "children": ("儿童数", "儿童"),
        "phone": ("手机号", "手机"),
        "email": ("邮箱", "电子邮箱"),
        "country": ("国籍",),
        "tier": ("会员等级",),
    },
    statuses={**LETTERS, "挂账": OUT, "挂帐": OUT, "夜审未到": NO_SHOW},
)
ZHONGRUAN = Shipped(
    source="zhongruan",
    marks=frozenset({"登记号", "客人姓名", "来期", "离期"}),
    columns={
        "reservation": ("登记号",),
        "property": ("酒店", "分店"),
        "full_name": ("客人姓名",),
        "room_type": ("房型", "房类"),
        "arrival": ("来期",),
        "departure": ("离期",),
        "status": ("客人状态", "状态"),
        "status_date": ("状态日期",),
        "booked_on": ("预订日期", "录入日期"),
        "rate": ("房价",),
        "revenue": ("总房费",),
        "market_segment": ("客源类别", "市场"),
        "channel": ("客源", "预订渠道"),
        "adults": ("人数", "成人"),
        "phone": ("联系电话", "手机"),
        "country": ("国籍",),
    },
    statuses={**LETTERS, "挂账": OUT, "挂帐": OUT, "续住": IN},
)
SHIPPED: Mapping[str, Shipped] = {one.source: one for one in (XIRUAN, LVYUN, ZHONGRUAN)}


def shipped_source(header: Sequence[str]) -> str | None:
    """The system whose lists have these headings; None where none or several do."""
    names = {normalised(name) for name in header}
    found = [one.source for one in SHIPPED.values() if {normalised(mark) for mark in one.marks} <= names]
    return found[0] if len(found) == 1 else None


def shipped_document(source: str, header: Sequence[str]) -> dict[str, Any]:
    """What is known of a source before anybody said anything; empty where nothing is."""
    return SHIPPED[source].document(header) if source in SHIPPED else {}
