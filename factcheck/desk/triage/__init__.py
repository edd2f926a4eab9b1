"""Triage over the text: it stands here since rewording a claim touches its reviews."""

from __future__ import annotations

from factcheck.desk.triage.views import bp

__all__ = ["bp"]
