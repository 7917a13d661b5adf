"""The settings of segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    """`agency_domains`: e-mail domains of travel agencies and bookers, beside those known by their role addresses."""

    agency_domains: frozenset[str] = frozenset()

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        domains = environment.get("GUESTLOOP_AGENCY_DOMAINS", "")
        return cls(frozenset(domain.strip().lower() for domain in domains.split(",") if domain.strip()))
