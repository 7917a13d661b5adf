"""A whole mail to a colleague, as one service writes it and another sends it: text, page, pictures and files."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BodyPart:
    """A picture that the page shows as `cid:<content_id>`, or, where that is empty, a file under `name`."""

    media_type: str
    content: bytes = field(repr=False)
    name: str = ""
    content_id: str = ""


@dataclass(frozen=True)
class MailBody:
    subject: str
    text: str
    page: str  # HTML
    parts: tuple[BodyPart, ...] = ()

    def written(self) -> str:
        """As JSON, the parts in base64."""
        parts = [
            {
                "media_type": one.media_type,
                "content": b64encode(one.content).decode(),
                "name": one.name,
                "content_id": one.content_id,
            }
            for one in self.parts
        ]
        return json.dumps({"subject": self.subject, "text": self.text, "page": self.page, "parts": parts})

    @classmethod
    def read(cls, text: str) -> MailBody:
        """What `written` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        told = json.loads(text)
        parts = tuple(BodyPart(**{**one, "content": b64decode(one["content"])}) for one in told["parts"])
        return cls(told["subject"], told["text"], told["page"], parts)
