"""The guides for reviewers and editors, inside the service: the files of `docs/`, as pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, send_from_directory
from flask.typing import ResponseReturnValue
from PIL import Image

from factcheck.folders import data_folder
from factcheck.markup import page_html
from factcheck.web.access import Caller, access

GUIDES = ("reviewing", "editing")
_PICTURE = re.compile(
    r"^!\[(?P<alt>.+)\]\(pictures/guides/(?P<name>[a-z-]+\.webp)\)$", re.MULTILINE
)

bp = Blueprint("guides", __name__, url_prefix="/help")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a guide: its file, what it shows in words, its size in pixels."""

    name: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide: its title, then words and pictures by turns."""

    title: str
    parts: tuple[str | Picture, ...]  # the words are safe HTML


@bp.get("/<name>")
@access(Caller.NEWCOMER)
def show(name: str) -> ResponseReturnValue:
    """Show a guide."""
    if name not in GUIDES:
        abort(404)
    titles = {one: guide(one).title for one in GUIDES}
    return render_template("desk/guide.html", guide=guide(name), name=name, titles=titles)


@bp.get("/pictures/<name>")
@access(Caller.NEWCOMER)
def picture(name: str) -> Response:
    """Send a picture of a guide."""
    return send_from_directory(_pictures(), name, max_age=3600)


@cache
def guide(name: str) -> Guide:
    """Return a guide, read from its file once."""
    text = (data_folder("docs") / f"{name}.md").read_text(encoding="utf-8")
    title, _, rest = text.partition("\n")
    return Guide(title.removeprefix("# "), tuple(_parts(rest)))


def _parts(text: str) -> Iterator[str | Picture]:
    done = 0
    for found in _PICTURE.finditer(text):
        yield page_html(text[done : found.start()])
        with Image.open(_pictures() / found["name"]) as image:
            yield Picture(found["name"], found["alt"], *image.size)
        done = found.end()
    yield page_html(text[done:])


def _pictures() -> Path:
    return data_folder("docs") / "pictures" / "guides"
