"""What programs ask of feedback: JSON routes and webhooks."""

from __future__ import annotations

from flask import Blueprint

API: tuple[Blueprint, ...] = ()
