"""Reading the body of an answer: text only, unpacked here, never more than the limit in memory."""

from __future__ import annotations

import zlib

import urllib3

from factcheck.fetch.refusals import FetchFailed, FetchTooLarge, NotTextual

TEXT_TYPES = frozenset(
    ("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown")
)
PDF, PDF_MARK = "application/pdf", b"%PDF-"

_CHUNK_BYTES = 64 * 1024
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def check_type(content_type: str, *, take_pdf: bool = False) -> None:
    """Raise NotTextual for a content type that is no text for reading, and no PDF where taken."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == PDF:
        if take_pdf:
            return
        raise NotTextual("This is a PDF. Copy its text and paste it.")
    if not kind:
        raise NotTextual("This page does not say what it is made of. Paste its text.")
    if kind not in TEXT_TYPES:
        raise NotTextual(
            "This is a file of the type “%(kind)s” and no page of text. Give the address of the "
            "article, or paste the text.",
            kind=kind[:60],
        )


def read_body(response: urllib3.HTTPResponse, limit_bytes: int, *, take_pdf: bool = False) -> bytes:
    """Return the unpacked body of an answer.

    Raises FetchTooLarge as soon as more than `limit_bytes` were sent or unpacked, NotTextual for
    bytes that are a program, a picture or a PDF (unless taken) whatever their label says, and
    FetchFailed for a packing that was not asked for or is broken.
    """
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:20]) > limit_bytes:
        raise _too_large(limit_bytes)
    body = bytearray()
    sent_bytes = 0
    unpacker = _unpacker(response.headers.get("content-encoding", ""))
    while chunk := response.read(_CHUNK_BYTES, decode_content=False):
        sent_bytes += len(chunk)
        body += unpacker.decompress(chunk, limit_bytes + 1 - len(body)) if unpacker else chunk
        if max(sent_bytes, len(body)) > limit_bytes:
            raise _too_large(limit_bytes)
    if unpacker and (not unpacker.eof or unpacker.unused_data):
        raise FetchFailed("The page arrived incomplete. Try again, or paste the text.")
    if not (take_pdf and body.startswith(PDF_MARK)):
        _check_bytes(bytes(body[:1024]))
    return bytes(body)


def _unpacker(content_encoding: str) -> zlib._Decompress | None:
    """Return what unpacks this content encoding, None when nothing is packed."""
    match content_encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        case "deflate":
            return zlib.decompressobj()
    raise FetchFailed("The page is packed in a way that cannot be read here. Paste the text.")


def _check_bytes(start: bytes) -> None:
    """Raise NotTextual when the first bytes cannot be the start of a text."""
    if start.startswith(PDF_MARK):
        raise NotTextual("This is a PDF. Copy its text and paste it.")
    if b"\x00" in start and not start.startswith(_UTF16_MARKS):
        raise NotTextual("This is no page of text. Give the address of the article.")


def _too_large(limit_bytes: int) -> FetchTooLarge:
    return FetchTooLarge(
        "The page is larger than %(size)s MiB. Paste the part to be checked.",
        size=f"{limit_bytes / 1024 / 1024:g}",
    )
