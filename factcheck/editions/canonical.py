"""One way to write a value as JSON (RFC 8785), and salted digests for words that may have to go.

Pure. Of RFC 8785's numbers only whole ones up to 2**53 are taken: no record holds another kind.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

_LARGEST = 2**53


def canonical(value: Any) -> str:
    """Return `value` as canonical JSON; raise ValueError for what has no such form."""
    if isinstance(value, dict) and _is_plain(value):
        return _plain(value)
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: _utf16(pair[0]))
        return "{" + ",".join(f"{_string(key)}:{canonical(item)}" for key, item in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return str(value)
    raise ValueError(f"{value!r} has no canonical form here")


def _is_plain(value: dict[Any, Any]) -> bool:
    """Whether a table of strings under ASCII keys; manifests are, and the larger ones are long."""
    return all(
        isinstance(item, str) and isinstance(key, str) and key.isascii()
        for key, item in value.items()
    )


def _plain(value: dict[str, str]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text.encode()  # as in `_string`
    return text


def _utf16(key: str) -> bytes:
    if not isinstance(key, str):
        raise ValueError("keys are strings")  # noqa: TRY004 - a value without a form, as above
    return key.encode("utf-16-be", "surrogatepass")


def _string(text: str) -> str:
    text.encode()  # a lone surrogate has no canonical form: UnicodeEncodeError is a ValueError
    return json.dumps(text, ensure_ascii=False)


def sha256(data: bytes | str) -> str:
    """Return the SHA-256 of bytes, or of a text's UTF-8, in hex."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def salted_digest(salt: str, text: str) -> str:
    """Return the digest that stands for `text` in a record: SHA-256 of salt (hex), NUL, text."""
    return sha256(f"{salt}\0{text}")
