"""The settings of console: none beside those every service reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    @classmethod
    def read(cls, _environment: Mapping[str, str]) -> Config:
        return cls()
