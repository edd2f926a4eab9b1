"""`factcheck text match`, `reanchor`, `extract`: the engine's commands on whole documents.

Like the rest of the engine they need no data folder and no database, and answer line by line.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from factcheck.cli.json_lines import rows, write
from factcheck.cli.sentences import note, refuse, refuse_with
from factcheck.text.extract import EmptyText, Extracted, NotText, Undecodable
from factcheck.text.extract import extract as read

if TYPE_CHECKING:
    from factcheck.text.match import Check
    from factcheck.text.minilm import Minilm
    from factcheck.text.nearness import Nearness

_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
}
_HTML_STARTS = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<p", b"<div", b"<h1")


@click.command()
@click.option("--checks", type=click.File("rb"), required=True, help="Earlier checks, JSON lines.")
@click.option("--top", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option(
    "--embedding", is_flag=True, help="Compare meaning as well (needs the extra of that name)."
)
@click.argument("file", type=click.File("rb"), default="-")
def match(checks: BinaryIO, file: BinaryIO, top: int, *, embedding: bool) -> None:
    """Print the earlier checks most like each claim of a JSON lines file."""
    from factcheck.text.match import Check, Checks  # noqa: PLC0415  the others need no matching

    model = _model() if embedding else None
    given = [Check(_id(row), row["text"], _optional(row, "title")) for row in rows(checks, "text")]
    earlier = Checks(given, _nearness(given, model) if model else None)
    for row in rows(file, "text"):
        found = earlier.like(row["text"], before=_optional(row, "before"), top=top)
        matches = [
            {
                "id": one.id,
                "similarity": one.similarity,
                "differences": [str(difference) for difference in one.differences],
            }
            for one in found
        ]
        write({"id": row.get("id"), "matches": matches})


def _model() -> Minilm:
    """Return the model of the extra; refuse where it is not installed."""
    from factcheck.text.minilm import Minilm, NoEmbedding  # noqa: PLC0415  seldom asked for

    # Threads that wait for each other by spinning make one short sentence slower, on a busy machine
    # tenfold. Whoever knows better sets the variable.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return Minilm.installed()
    except NoEmbedding as error:
        refuse_with(error)


def _nearness(checks: list[Check], model: Minilm) -> Nearness:
    from factcheck.text.nearness import Nearness  # noqa: PLC0415  as above

    def tell() -> None:
        note("Computing the vectors of %(number)s checks, once …", number=len(checks))

    return Nearness.of(checks, model, folder=_cache_folder(), computing=tell)


def _cache_folder() -> Path:
    """Return where vectors are kept: the user's cache folder (XDG)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "factcheck" / "vectors"


@click.command()
@click.argument("old", type=click.File("rb"))
@click.argument("new", type=click.File("rb"))
@click.argument("spans", type=click.File("rb"), default="-")
def reanchor(old: BinaryIO, new: BinaryIO, spans: BinaryIO) -> None:
    """Print where each passage of OLD, given in SPANS as start and end, stands in NEW."""
    from factcheck.text.reanchor import reanchor as anchors_of  # noqa: PLC0415  as above

    old_text, new_text = _text(old), _text(new)
    asked = list(rows(spans))
    anchored = anchors_of(old_text, new_text, [_span(row, old_text) for row in asked])
    for row, anchor in zip(asked, anchored, strict=True):
        write(
            {
                "id": row.get("id"),
                "status": anchor.status,
                "start": anchor.start,
                "end": anchor.end,
                "score": anchor.score,
                "method": anchor.method,
            }
        )


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--url", help="Where the document lies, for its relative links.")
def extract(file: BinaryIO, url: str | None) -> None:
    """Print the text of a document (HTML, Markdown or plain), its units, links and facts."""
    from factcheck.text.segment import segment  # noqa: PLC0415  loads its model

    data = file.read()
    try:
        document = read(data, _type_of(getattr(file, "name", ""), data), url=url)
    except (EmptyText, NotText, Undecodable) as error:
        refuse(str(error))
    units = segment(document.text, blocks=document.blocks, title=document.title or None)
    write(_answer(document, [[unit.start, unit.end, unit.kind] for unit in units]))


def _answer(document: Extracted, units: list[list[Any]]) -> dict[str, Any]:
    """Return a document in the shape that `factcheck text extract` prints."""
    return {
        "text": document.text,
        "units": units,
        "links": [
            {"start": link.start, "end": link.end, "href": link.href} for link in document.links
        ],
        "title": document.title or None,
        "authors": list(document.authors),
        "published": document.published,
        "language": document.language,
        "canonical_url": document.canonical_url or None,
        "site": document.site or None,
        "found_in": document.found_in,
    }


def _type_of(name: object, data: bytes) -> str:
    """Return the content type of a file by its name, else by how it begins."""
    by_name = _TYPES.get(Path(str(name)).suffix.lower())
    if by_name is None and data[:200].lstrip().lower().startswith(_HTML_STARTS):
        return "text/html"
    return by_name or "text/plain"


def _text(file: BinaryIO) -> str:
    """Return a revision's text; one without words is a text as well."""
    try:
        return read(file.read(), "text/plain").text
    except EmptyText:
        return ""
    except (NotText, Undecodable) as error:
        refuse(str(error))


def _span(row: dict[str, Any], text: str) -> tuple[int, int]:
    start, end = row.get("start"), row.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        refuse("each passage needs start and end as whole numbers.")
    if not 0 <= start < end <= len(text):
        refuse(
            "[%(start)s, %(end)s) is no passage of a text of %(length)s characters.",
            start=start, end=end, length=len(text),
        )  # fmt: skip
    return start, end


def _id(row: dict[str, Any]) -> str:
    """Return a check's id as it will be printed; numbers become strings."""
    if row.get("id") is None:
        refuse("each check needs an id.")
    return str(row["id"])


def _optional(row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    return value if isinstance(value, str) else ""
