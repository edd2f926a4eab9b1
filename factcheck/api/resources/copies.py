"""Copies of sources: reading one, and giving one by hand, a pasted text or a file."""

from __future__ import annotations

from typing import Any

from flask import current_app
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, READS, REVIEWS, Asked, call
from factcheck.api.cursors import PageQuery, page_of_all
from factcheck.api.shapes.pool import (
    CopyFile,
    CopyGiven,
    CopyWords,
    NewCopy,
    SourcesOfCopies,
    copy_given,
    source_of_copies,
)
from factcheck.claims.queries import claim as claim_of
from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.decisions import handing
from factcheck.decisions.handing import Handed
from factcheck.reviews.given_copies import Given
from factcheck.reviews.readable_copies import bytes_of, file_behind, known_copy
from factcheck.reviews.snapshots import copy_of_source

LARGEST_MIB = 28  # a file of 20 MiB in base64, with some room


def put_aside(asked: Asked[NewCopy]) -> Given:
    """Return what a reviewer gave, put into the archive; outside of any transaction."""
    return _put_aside(asked, as_editor=False)


def put_aside_deciding(asked: Asked[NewCopy]) -> Given:
    """Return what an editor gave, put into the archive; outside of any transaction."""
    return _put_aside(asked, as_editor=True)


@call("GET", "/claims/{id}/copies", READS, query=PageQuery, answer=SourcesOfCopies)
def list_own_sources(session: Session, asked: Asked[PageQuery]) -> SourcesOfCopies:
    """List the sources of one's own draft, of which one may give copies."""
    return _listed(session, asked, as_editor=False)


@call("POST", "/claims/{id}/copies", REVIEWS, body=NewCopy, answer=CopyGiven, status=201,
      prepare=put_aside, largest_mib=LARGEST_MIB)  # fmt: skip
def give_copy(session: Session, asked: Asked[NewCopy]) -> CopyGiven:
    """Give a copy of a page that one's own draft cites, or a file that is a source by itself.

    A text is taken where the page could not be fetched alone. A body may have 28 MiB. At most 50
    copies a day. For a page that a web archive kept, cite its address there as `archive_url`.
    """
    return _kept(session, asked, as_editor=False)


@call("GET", "/claims/{id}/copies/deciding", OVERSEES, query=PageQuery, answer=SourcesOfCopies)
def list_sources_to_decide(session: Session, asked: Asked[PageQuery]) -> SourcesOfCopies:
    """List the sources that a claim's closed rounds cite and its verdicts show."""
    return _listed(session, asked, as_editor=True)


@call("POST", "/claims/{id}/copies/deciding", EDITS, body=NewCopy, answer=CopyGiven, status=201,
      prepare=put_aside_deciding, largest_mib=LARGEST_MIB)  # fmt: skip
def give_copy_deciding(session: Session, asked: Asked[NewCopy]) -> CopyGiven:
    """Give a copy as who decides the claim; everybody who works here sees it at once.

    Refused (409) while its reviews are not all in. Else as for reviewers.
    """
    return _kept(session, asked, as_editor=True)


@call("GET", "/copies/{sha256}", READS, answer=CopyWords)
def read_copy(session: Session, asked: Asked[Any]) -> CopyWords:
    """Read the words of a copy; as if unknown to who may not know that its source is cited."""
    snapshot = known_copy(session, asked.id, asked.person)
    data = bytes_of(_settings().archive, snapshot.sha256)
    return CopyWords(asked.id, data.decode("utf-8", errors="replace"))


@call("GET", "/copies/{sha256}/file", READS, answer=CopyFile)
def read_copied_file(session: Session, asked: Asked[Any]) -> CopyFile:
    """Read the PDF or the image behind a copy. Nobody here has looked whether it does harm."""
    snapshot = known_copy(session, asked.id, asked.person)
    data, kind = file_behind(_settings().archive, snapshot)
    return CopyFile(asked.id, kind.content_type, data)


def _listed(session: Session, asked: Asked[PageQuery], *, as_editor: bool) -> SourcesOfCopies:
    claim, me = claim_of(session, asked.id), asked.person
    found = list(enumerate(handing.sources_of(session, claim, me, as_editor=as_editor)))
    items, following = page_of_all(found, asked.given, lambda one: (one[0],))
    return SourcesOfCopies(
        [source_of_copies(one, copy_of_source(one, {me.id})) for _number, one in items], following
    )


def _handed(given: NewCopy, *, as_editor: bool) -> Handed:
    return Handed(
        given.source or "",
        "" if given.text is UNSET else given.text,
        None if given.file is UNSET else given.file,
        "" if given.title is UNSET else given.title,
        as_editor,
    )


def _put_aside(asked: Asked[NewCopy], *, as_editor: bool) -> Given:
    session = current_session()
    claim, handed = claim_of(session, asked.id), _handed(asked.given, as_editor=as_editor)
    return handing.put_aside(session, claim, handed, _settings(), actor=asked.person, now=asked.now)


def _kept(session: Session, asked: Asked[NewCopy], *, as_editor: bool) -> CopyGiven:
    given: Given = asked.prepared
    source = handing.keep(
        session, claim_of(session, asked.id), _handed(asked.given, as_editor=as_editor), given,
        _settings().public_url, actor=asked.person, now=asked.now,
    )  # fmt: skip
    return copy_given(source, given)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["factcheck"]
    return settings
