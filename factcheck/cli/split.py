"""`factcheck split`: the units and proposed claims of a file, standard input or an address."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from factcheck.cli.sentences import gettext, refuse, refuse_with
from factcheck.config import fetch_allow
from factcheck.failures import Invalid
from factcheck.text.extract import EmptyText, Extracted, NotText, Undecodable, extract
from factcheck.text.propose import propose, unit_scores
from factcheck.text.segment import segment

MOST_BYTES = 5 * 1024 * 1024
_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a document, their type as HTTP names it, and the address they came from."""

    data: bytes
    content_type: str
    url: str | None = None


@click.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
def split(source: str, as_json: bool) -> None:  # noqa: FBT001  click passes its flags so
    """Split SOURCE (a file, - or an address) into units, and propose its claims."""
    read = read_source(source)
    try:
        document = extract(read.data, read.content_type, url=read.url)
    except EmptyText:
        if read.url is not None:
            refuse("There are no words in this document.")
        document = _empty(read)
    except (Undecodable, NotText) as error:
        refuse(str(error))
    answer = split_document(document)
    _print(json.dumps(answer, ensure_ascii=False) if as_json else _for_people(answer))


def read_source(source: str) -> Source:
    """Return what `source` names: a file, "-" for standard input, or an http(s) address.

    Ends the command with exit code 2 when it cannot be read, is refused or is too large.
    """
    if source.lower().startswith(("http://", "https://")):
        return _fetched(source)
    if source == "-":
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        content_type = "text/plain"
    else:
        data = _file(Path(source))
        content_type = _TYPES.get(Path(source).suffix.lower(), "text/plain")
    if len(data) > MOST_BYTES:
        refuse("The document is larger than 5 MiB.")
    return Source(data, content_type)


def split_document(document: Extracted) -> dict[str, Any]:
    """Return the units and claims of a document in the shape of `factcheck split --json`."""
    text = document.text
    units = segment(text, blocks=document.blocks, title=document.title or None)
    claims = propose(text, units, published=document.published)
    scores = unit_scores(text, units)
    return {
        "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        "length": len(text),
        "language": document.language,
        "units": [
            {
                "start": unit.start,
                "end": unit.end,
                "kind": unit.kind,
                "text": text[unit.start : unit.end],
                "score": None if score is None else score.value,
            }
            for unit, score in zip(units, scores, strict=True)
        ],
        "claims": [
            {
                "start": claim.start,
                "end": claim.end,
                "text": claim.text,
                "restated": claim.restated,
                "score": claim.score,
                "reasons": list(claim.reasons),
                "claimant": claim.claimant,
            }
            for claim in claims
        ],
    }


def _fetched(url: str) -> Source:
    from factcheck.fetch import fetch  # noqa: PLC0415  a file needs no network code

    try:
        page = fetch(url, allow=fetch_allow(os.environ))
    except Invalid as refused:
        refuse_with(refused)
    return Source(page.body, page.content_type, page.final_url)


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        refuse("%(path)s cannot be read: %(reason)s.", path=path, reason=reason)


def _empty(read: Source) -> Extracted:
    """Return a document without words: it has no units and no claims, which is an answer."""
    text = read.data.decode("utf-8-sig", "replace") if "plain" in read.content_type else ""
    return Extracted(
        text=text.replace("\r\n", "\n").replace("\r", "\n"),
        blocks=(),
        links=(),
        title="",
        authors=(),
        published=None,
        language="und",
        canonical_url="",
        site="",
        found_in={},
    )


def _for_people(answer: dict[str, Any]) -> str:
    """Return the units with their kinds, then the claims, best first."""
    lines = [f"{unit['kind']:<12} {' '.join(unit['text'].split())}" for unit in answer["units"]]
    ranked = sorted(answer["claims"], key=lambda claim: (-claim["score"], claim["start"]))
    many = gettext("Proposed claims: %(count)s, those most worth checking first.")
    lines += ["", many % {"count": len(ranked)}]
    for claim in ranked:
        who = f" [{claim['claimant']}]" if claim["claimant"] else ""
        lines.append(f"{claim['score']:.2f}  {claim['restated']}{who}")
        lines.append(f"      {', '.join(map(gettext, claim['reasons']))}")
    return "\n".join(lines)


def _print(answer: str) -> None:
    sys.stdout.buffer.write(answer.encode("utf-8", "surrogatepass") + b"\n")
