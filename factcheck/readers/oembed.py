"""`/oembed`: for who asks with an address and a size. It reads the files that publishing made."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from factcheck.config import Settings
from factcheck.editions.canonical import canonical
from factcheck.editions.oembed import FILE, Answer, within
from factcheck.web.access import Caller, access

LONGEST_URL = 2000
_PAGE = re.compile(r"/articles/[\w-]+(?:/claims/[a-z2-7]{16})?/?")
_SIZE = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
bp = Blueprint("oembed", __name__)


@bp.get("/oembed")
@access(Caller.ANYONE)
def oembed() -> ResponseReturnValue:
    """Send what shows the article or claim at an address, no larger than asked for."""
    if request.args.get("format", "json") != "json":
        abort(501, "Only format=json is spoken here.")
    most = [_size(name) for name in ("maxwidth", "maxheight")]
    settings: Settings = current_app.extensions["factcheck"]
    folder = _folder(request.args.get("url", ""), settings.public_url)
    answer = None if folder is None else _published(settings.site / folder / FILE)
    if answer is None:
        abort(404, "No article or claim that we published is at this address.")
    response = Response(canonical(within(answer, *most)), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@bp.errorhandler(HTTPException)
def refuse(error: HTTPException) -> ResponseReturnValue:
    """Answer a program in a line of text."""
    return Response(f"{error.description}\n", error.code, content_type="text/plain; charset=utf-8")


def _size(name: str) -> int | None:
    value = request.args.get(name)
    if value is None:
        return None
    if not _SIZE.fullmatch(value):
        abort(400, f"{name} is a whole number of pixels, from 1 on.")
    return int(value)


def _folder(url: str, base: str) -> str | None:
    """Return the folder in the site of the page at an address of ours; None for any other."""
    if len(url) > LONGEST_URL:
        return None
    try:
        asked, ours = urlsplit(url), urlsplit(base)
    except ValueError:
        return None
    is_ours = asked.scheme in {"http", "https"} and asked.netloc.lower() == ours.netloc.lower()
    path = unquote(asked.path)
    if not is_ours or not path.startswith(ours.path):
        return None
    path = path.removeprefix(ours.path)
    return path.strip("/") if _PAGE.fullmatch(path) else None


def _published(file: Path) -> Answer | None:
    """Return the answer in a file; None where there is none, or its edition was withdrawn."""
    try:
        answer: Answer = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    return answer if answer["type"] == "rich" else None
