"""The verbs by which an admin chooses how the site looks; its files follow in `publishing.py`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from factcheck.accounts.events import record as write_event
from factcheck.accounts.models import Person
from factcheck.accounts.rules import checked_language
from factcheck.db import new_public_id
from factcheck.editions import queries
from factcheck.editions.look import Logo, Theme, checked_name
from factcheck.editions.models import SiteLook
from factcheck.failures import Invalid
from factcheck.languages import ENGLISH
from factcheck.outbox import OutboxJob, enqueue, supersede
from factcheck.runs import actions as runs
from factcheck.runs.queries import under_way

BUILD = "build-site"  # the job that makes every page again
LARGEST_LOGO_BYTES = 512 * 1024
LARGEST_LOGO_SIDE = 4000  # pixels, before it is made smaller
KEPT_LOGO = (960, 144)  # width and height in pixels: three to one of the page's
_TYPES = ("PNG", "WEBP")


def ask_for_building(session: Session, *, actor: Person | None = None, now: datetime) -> None:
    """Have every page made again by a job, from the first on; one that is at it ends early."""
    supersede(session, BUILD, now=now)
    for before in under_way(session, BUILD):
        runs.end(before, "stopped", counts={}, now=now)
    total = queries.articles_published(session)
    run = runs.begin(session, BUILD, queries.name_and_language(session)[0], total=total,
                     actor=actor, now=now)  # fmt: skip
    enqueue(session, BUILD, {"build": new_public_id(), "run": run.public_id}, now=now)


def is_superseded(session: Session, payload: Mapping[str, Any]) -> bool:
    """Whether the building that a job belongs to was asked for anew since."""
    waiting = sa.select(OutboxJob.payload).where(
        OutboxJob.kind == BUILD, OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None)
    )
    builds = {one.get("build") for one in session.scalars(waiting)}
    return payload.get("build") not in builds


def set_name(session: Session, name: str, *, actor: Person | None, now: datetime) -> None:
    """Give the site its name; every page says it, so all are made again. Raises Invalid."""
    row = _row(session, now)
    row.name = checked_name(name)
    ask_for_building(session, actor=actor, now=now)
    _chosen(session, row, "name", actor=actor, now=now)


def set_language(session: Session, key: str, *, actor: Person | None, now: datetime) -> None:
    """Have the site made in another language, every page of it. Raises Invalid."""
    row = _row(session, now)
    row.language = checked_language(key) or ENGLISH
    ask_for_building(session, actor=actor, now=now)
    _chosen(session, row, "language", actor=actor, now=now)


def set_theme(
    session: Session, theme: Theme | None, *, actor: Person | None, now: datetime
) -> None:
    """Give the site its colours and type, or with None those that it ships with."""
    row = _row(session, now)
    row.theme = theme.as_json() if theme else {}
    _chosen(session, row, "theme", actor=actor, now=now)


def set_logo(session: Session, logo: Logo | None, *, actor: Person | None, now: datetime) -> None:
    """Give the site its logo, or with None take it away."""
    row = _row(session, now)
    row.logo = logo.png if logo else None
    row.logo_width, row.logo_height = (logo.width, logo.height) if logo else (None, None)
    row.logo_has_name = logo is not None and logo.has_name
    _chosen(session, row, "logo", actor=actor, now=now)


def _row(session: Session, now: datetime) -> SiteLook:
    row = session.get(SiteLook, 1, with_for_update=True)
    if row is None:
        row = SiteLook(id=1, theme={}, logo_has_name=False, version=0, edited_at=now)
        session.add(row)
    return row


def _chosen(
    session: Session, row: SiteLook, what: str, *, actor: Person | None, now: datetime
) -> None:
    row.edited_at, row.edited_by_id = now, actor.id if actor else None
    row.version += 1
    session.flush()
    write_event(session, "look.edited", what, actor=actor, now=now)


def logo_from(data: bytes, *, has_name: bool) -> Logo:
    """Return an uploaded picture as the logo: its pixels alone, written anew as a PNG.

    Raises Invalid for anything but a PNG or WebP, told by its content, that is not too large.
    """
    if len(data) > LARGEST_LOGO_BYTES:
        raise Invalid("file", "A logo has at most %(most)s KiB.", most=LARGEST_LOGO_BYTES // 1024)
    try:
        with Image.open(io.BytesIO(data), formats=_TYPES) as image:
            if max(image.size) > LARGEST_LOGO_SIDE:
                raise Invalid(
                    "file", "A logo has at most %(most)s pixels a side.", most=LARGEST_LOGO_SIDE
                )
            pixels = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid("file", "Upload a PNG or WebP image. This is none.") from error
    pixels.thumbnail(KEPT_LOGO)
    file = io.BytesIO()
    pixels.save(file, "PNG", optimize=True)
    return Logo(file.getvalue(), *pixels.size, has_name=has_name)
