"""A new revision beside the one before: what became of each claim, and what editors say to it."""

from __future__ import annotations

from factcheck.desk.revised.views import bp

__all__ = ["bp"]
