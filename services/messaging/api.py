"""What programs ask of messaging: JSON routes and webhooks."""

from __future__ import annotations

from flask import Blueprint

API: tuple[Blueprint, ...] = ()
