"""Giving a post: pasted, uploaded, or by its address; for a first import and for a new revision."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField

from factcheck.articles import intake
from factcheck.articles.forms import DetailsForm
from factcheck.articles.rules import Intake
from factcheck.failures import Invalid

ENDINGS = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
}


class TextForm(FlaskForm):  # type: ignore[misc]
    """One of three ways to give a text."""

    text = TextAreaField(_("Paste the text"), render_kw={"rows": 12})
    file = FileField(
        _("Or upload a file"), render_kw={"accept": ".txt,.md,.html,text/plain,text/html"}
    )
    url = StringField(_("Or give its address"), render_kw={"inputmode": "url"})

    def intake(self, allow: frozenset[str], details: dict[str, Any]) -> Intake:
        """Return what was given, read and cut; raise Invalid for the field that is wrong.

        An address is fetched, so this runs before any transaction. `allow` is the settings' list
        of private addresses that may be fetched.
        """
        self.require_one()
        upload, url = self._upload, (self.url.data or "").strip()
        if upload is not None:
            kind = _type_of(upload.filename)
            return intake.from_document(upload.read(), kind, field="file", **details)
        if url:
            return intake.from_url(url, allow=allow, **details)
        return intake.from_text(self.text.data or "", **details)

    def require_one(self) -> None:
        """Raise Invalid where not exactly one of the three ways was used."""
        text, url = (self.text.data or "").strip(), (self.url.data or "").strip()
        ways = sum((bool(text), self._upload is not None, bool(url)))
        if ways == 0:
            raise Invalid("text", "There are no words in it. Give the post that is to be checked.")
        if ways > 1:
            raise Invalid("text", "Give one of the three: a text, a file or an address.")

    @property
    def _upload(self) -> Any:
        return self.file.data if self.file.data and self.file.data.filename else None


class ImportForm(TextForm, DetailsForm):
    """A new article: its text and what is known about it."""

    source_url = StringField(_("Where it stands on the web"), render_kw={"inputmode": "url"})

    @property
    def details(self) -> dict[str, Any]:
        """What was typed about the article; see `DetailsForm`."""
        return {**super().details, "source_url": self.source_url.data or ""}

    @property
    def cut_by(self) -> dict[str, Any]:
        """What was typed of the details on which it depends how a text is cut, and its cost."""
        return {
            "title": self.title.data or "",
            "published": self.published.data or "",
            "published_about": self.published_about.data,
            "policy": self.policy.data,
        }


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """What who made a claim replied once it was checked, and when they were asked."""

    reply_asked_on = StringField(_("Asked for a reply on"), render_kw={"type": "date"})
    reply = TextAreaField(_("The reply, word for word"), render_kw={"rows": 6})
    reply_by = StringField(_("Who replied"))
    replied_on = StringField(_("Replied on"), render_kw={"type": "date"})


def _type_of(filename: str) -> str:
    """Return the content type that a file's name tells, plain text where it tells none."""
    ending = PurePath(filename).suffix.lower()
    guessed, _encoding = mimetypes.guess_type(filename)
    return ENDINGS.get(ending) or guessed or "text/plain"
