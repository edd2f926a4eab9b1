"""Files of earlier checks, read as a stream: CSV, and ClaimReview as JSON in any of its wrappings.

Each entry comes out with its line, as a check or as what is wrong with it; memory does not grow
with the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from factcheck.checks.rules import (
    COLUMNS,
    NewCheck,
    check_of,
    from_claim_review,
    types_of,
)
from factcheck.csv_cells import as_typed
from factcheck.failures import Invalid
from factcheck.runs.actions import Trouble

Entry = NewCheck | Trouble
MOST = 1024 * 1024  # characters of one entry
_CHUNK = 64 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_HOLDING = ("dataFeedElement", "@graph", "itemListElement")
_BETWEEN = re.compile(r"[\s,]*")
_SPACE = re.compile(r"\s*")


def entries(
    file: BinaryIO, *, form: str = "", encoding: str = "", delimiter: str = ""
) -> Iterator[Entry]:
    """Yield each check of a file, or what is wrong with it.

    `form` is "csv" or "claimreview"; that, the delimiter and UTF-8 or UTF-16 (by its mark) are
    found out where they are not given. Raises Invalid for what no entry can be read with.
    """
    text = _opened(file, encoding)
    try:
        yield from _entries(text, form, delimiter)
    except UnicodeError:
        raise Invalid("encoding", "The file is not in the encoding “%(name)s”.",
                      name=text.encoding) from None  # fmt: skip
    finally:
        text.detach()  # the file stays open: it is the caller's


def _entries(text: io.TextIOWrapper, form: str, delimiter: str) -> Iterator[Entry]:
    if not form:
        start = text.read(_CHUNK).lstrip()
        text.seek(0)
        form = "claimreview" if start.startswith(("{", "[")) else "csv"
    yield from _csv(text, delimiter) if form == "csv" else _json(text)


def _opened(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    mark = file.read(2)
    file.seek(0)
    marked = "utf-16" if mark in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        name = codecs.lookup(encoding or marked).name
        chosen = "utf-8-sig" if name == "utf-8" else name  # with its mark or without
        return io.TextIOWrapper(file, encoding=chosen, errors="surrogateescape", newline="")
    except (LookupError, ValueError):
        shown = "".join(sign for sign in encoding[:40] if sign.isprintable())
        raise Invalid("encoding", "No encoding is called “%(name)s”.", name=shown) from None


def _csv(text: io.TextIOWrapper, delimiter: str) -> Iterator[Entry]:
    csv.field_size_limit(MOST)
    if len(delimiter) > 1 or delimiter in {"\n", "\r", '"'}:
        raise Invalid("delimiter", "Give one character, such as a comma.")
    first = text.readline(_CHUNK)
    text.seek(0)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter or _delimiter_of(first))
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
    except csv.Error:
        raise Invalid("file", "The first line names no columns: a quotation mark may be open, or"
                      " this is no CSV.") from None  # fmt: skip
    if missing := [name for name in ("text", "url", "rating") if name not in header]:
        raise Invalid("file", "The first line names no column “%(name)s”.", name=missing[0])
    while True:
        line = lines.begin_row()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Trouble(line, "row", "This row cannot be taken apart: a quotation mark may be"
                          " open, or it is too long.", {})  # fmt: skip
            continue
        if any(cell.strip() for cell in row):
            yield _entry_of(line, header, row)


class _Lines:
    """The lines of a stream for a CSV's reader: a row of them never has more than MOST characters.

    One that has is left off with csv.Error; what is read then begins with the next line.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._number = self._of_row = 0

    def begin_row(self) -> int:
        """Count the characters of a row from here on; return the number of its first line."""
        self._of_row = 0
        return self._number + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MOST)
        if not line:
            raise StopIteration
        self._number += 1
        self._of_row += len(line)
        if self._of_row < MOST:
            return line
        while line and not line.endswith(("\n", "\r")):
            line = self._text.readline(MOST)
        raise csv.Error


def _delimiter_of(first: str) -> str:
    def known(delimiter: str) -> int:
        names = (name.strip(' "\r\n\ufeff').casefold() for name in first.split(delimiter))
        return sum(name in COLUMNS for name in names)

    return max(_DELIMITERS, key=known)


def _entry_of(line: int, header: list[str], row: list[str]) -> Entry:
    if len(row) != len(header):
        return Trouble(line, "row", "This row has %(cells)s cells, the first one %(columns)s.",
                       {"cells": len(row), "columns": len(header)})  # fmt: skip
    try:
        return check_of({name: as_typed(cell) for name, cell in zip(header, row, strict=True)})
    except Invalid as invalid:
        return Trouble(line, invalid.field, invalid.sentence, invalid.values)


def _json(text: io.TextIOWrapper) -> Iterator[Entry]:
    """Yield the ClaimReviews of one document, or of one after the other, a line each."""
    window = _Window(text)
    while window.skip(_BETWEEN):
        if window.sign == "[":
            window.take(1)
            yield from _elements(window)
        elif window.sign == "{":
            yield from _object(window)
        else:
            yield window.broken()
            window.skip_line()


class _Broken(Exception):
    """What stands here is not JSON."""


class _Window:
    """The part of a stream that is looked at, and on which line it begins."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._seen, self._at = text, "", 0
        self.line = 1
        self.place = 0  # in characters from the beginning

    @property
    def sign(self) -> str:
        """The character that comes next."""
        return self._seen[self._at]

    def skip(self, what: re.Pattern[str]) -> bool:
        """Go past white space and the like; return whether anything is behind it."""
        while True:
            found = what.match(self._seen, self._at)
            self.take(found.end() - self._at if found else 0)
            if self._at < len(self._seen):
                return True
            if not self._more():
                return False

    def take(self, number: int) -> None:
        """Go past a number of characters."""
        self.line += self._seen.count("\n", self._at, self._at + number)
        self._at += number
        self.place += number

    def take_sign(self, sign: str) -> None:
        """Go past a sign that must come next; raise _Broken."""
        if self.sign != sign:
            raise _Broken
        self.take(1)

    def value(self, most: int = MOST) -> Any:
        """Return the JSON value that comes next, and go past it; raise _Broken.

        It is broken too where it has more than `most` characters.
        """
        while True:
            try:
                value, end = _DECODER.raw_decode(self._seen, self._at)
            except (ValueError, RecursionError):
                if len(self._seen) - self._at >= most or not self._more():
                    raise _Broken from None
                continue
            if end - self._at > most:
                raise _Broken
            if end == len(self._seen) and self._more():
                continue  # a number may go on
            self.take(end - self._at)
            return value

    def name(self) -> str:
        """Return the name of a member that comes next, and go past it; raise _Broken."""
        name = self.value()
        if not isinstance(name, str):
            raise _Broken
        return name

    def skip_line(self) -> None:
        """Go to the next line."""
        while (end := self._seen.find("\n", self._at)) < 0:
            self.take(len(self._seen) - self._at)
            if not self._more():
                return
        self.take(end + 1 - self._at)

    def broken(self) -> Trouble:
        """Return that what stands here is not JSON."""
        return Trouble(self.line, "row", "This is not JSON, or it is too long.", {})

    def _more(self) -> bool:
        more = self._text.read(_CHUNK)
        self._seen, self._at = self._seen[self._at :] + more, 0
        return bool(more)


_DECODER = json.JSONDecoder()


def _elements(window: _Window) -> Iterator[Entry]:
    """Yield the entries of an array whose bracket was taken; what is broken ends it."""
    while window.skip(_BETWEEN) and window.sign != "]":
        line = window.line
        try:
            value = window.value()
        except _Broken:
            yield window.broken()
            window.skip_line()
            return
        yield from _reviews(line, value)
    if window.skip(_SPACE):
        window.take(1)


def _object(window: _Window) -> Iterator[Entry]:
    """Yield the entries of an object: itself, or those that it holds, as they are read."""
    line, kept, holds, size = window.line, {}, False, 0
    window.take(1)
    try:
        while window.skip(_BETWEEN) and window.sign != "}":
            name = window.name()
            window.skip(_SPACE)
            window.take_sign(":")
            window.skip(_SPACE)
            if name in _HOLDING and window.sign == "[":
                window.take(1)
                holds = True
                yield from _elements(window)
            else:
                before = window.place
                kept[name] = window.value(MOST - size)
                size += window.place - before + len(name)
        window.take(1) if window.skip(_SPACE) else None
    except (_Broken, IndexError):
        yield Trouble(line, "row", "This is not JSON, or it is too long.", {})
        window.skip_line()
        return
    if not holds:
        yield from _reviews(line, kept)


def _reviews(line: int, value: Any) -> Iterator[Entry]:
    """Yield what an element holds: a ClaimReview, or the items of a feed's element."""
    if isinstance(value, Mapping) and "item" in value and "ClaimReview" not in types_of(value):
        held = value["item"]
        items = held if isinstance(held, list) else [held]
    else:
        items = [value]
    for item in items:
        try:
            yield from_claim_review(item)
        except Invalid as invalid:
            yield Trouble(line, invalid.field, invalid.sentence, invalid.values)
