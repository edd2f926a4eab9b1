"""Bytes to characters, for documents of unknown origin.

Bytes that are valid UTF-8 are taken for UTF-8 whatever their label says: no other encoding passes
that test by chance, and labels are often wrong.
"""

from __future__ import annotations

import codecs
import re

from factcheck.text.extracted import NotText, Undecodable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABEL = re.compile(r"charset\s*=\s*[\"']?\s*([a-z0-9_.:\-]{2,40})", re.IGNORECASE)
_SEVEN_BIT = {"iso2022_jp"}  # written in ASCII bytes, so valid UTF-8 as well
_WINDOWS = {"ascii", "iso8859-1"}  # what browsers take for windows-1252
_BROKEN_SHARE = 0.001  # of the characters of a page that may be unreadable
_META_BYTES = 4096  # in which a page names its encoding


def decode_plain(data: bytes, content_type: str) -> str:
    """Return the characters of a plain text, byte order mark dropped, line ends as LF.

    Raises NotText for bytes with a NUL or of a PDF, Undecodable when neither UTF-8 nor the charset
    that `content_type` names fits every byte.
    """
    decoded = _decode_marked(data)
    if decoded is None:
        decoded = _decode_strictly(data, _LABEL.findall(content_type))
    if decoded is None:
        raise Undecodable("The text is not in UTF-8. Save it as UTF-8 and try again.")
    return _checked(decoded)


def decode_page(data: bytes, content_type: str) -> str:
    """Return the characters of an HTML page, as `decode_plain` but more lenient.

    The page itself may name its charset, and single broken characters become U+FFFD.
    """
    decoded = _decode_marked(data)
    if decoded is not None:
        return _checked(decoded)
    named = _LABEL.findall(content_type) + _LABEL.findall(data[:_META_BYTES].decode("latin-1"))
    decoded = _decode_strictly(data, named)
    if decoded is None:
        decoded = data.decode(_codec([*named, "utf-8"][0]) or "utf-8", "replace")
        if decoded.count("\ufffd") > max(1, len(decoded) * _BROKEN_SHARE):
            raise Undecodable("The page's characters cannot be read. Paste its text instead.")
    return _checked(decoded)


def _decode_marked(data: bytes) -> str | None:
    """Return bytes that begin with a byte order mark as text, None for those without one."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(codec)
            except UnicodeDecodeError as error:
                raise Undecodable("The text breaks off or is damaged. Save it again.") from error
    return None


def _decode_strictly(data: bytes, labels: list[str]) -> str | None:
    """Return the text in UTF-8 or the first named charset that fits every byte, else None."""
    codecs_named = [codec for codec in map(_codec, labels) if codec]
    first = [codec for codec in codecs_named if codec in _SEVEN_BIT]
    for codec in [*first, "utf-8", *codecs_named]:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _codec(label: str) -> str:
    """Return the name of the text codec for a charset label, "" for one that is not known."""
    try:
        found = codecs.lookup(label)
        found.decode(b"", "strict")
    except (LookupError, ValueError):
        return ""
    if not getattr(found, "_is_text_encoding", True):
        return ""
    return "cp1252" if found.name in _WINDOWS else found.name


def _checked(text: str) -> str:
    if "\x00" in text or text.startswith("%PDF-"):
        raise NotText("This is no text. Give a text, a Markdown file or a web page.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
