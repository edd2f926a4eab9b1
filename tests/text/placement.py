"""The cases of finding a passage again that the engine and the overlay's script both pass."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """A passage of one text, and where it is in another: None for nowhere."""

    name: str
    was: str
    passage: tuple[int, int]
    now: str
    place: tuple[int, int] | None
    says_the_same: bool
    language: str


def cases() -> list[Case]:
    """Return the cases of `placement_cases.json`."""
    text = (Path(__file__).parent / "placement_cases.json").read_text(encoding="utf-8")
    return [_case(one) for one in json.loads(text)["cases"]]


def _case(one: dict[str, str]) -> Case:
    was, passage = _unbracketed(one["was"])
    now, place = _unbracketed(one["now"])
    assert passage is not None
    same = one.get("says") == "the same"
    return Case(one["name"], was, passage, now, place, same, one.get("language", "en"))


def _unbracketed(text: str) -> tuple[str, tuple[int, int] | None]:
    if "[" not in text:
        return text, None
    start, end = text.index("["), text.index("]") - 1
    return text.replace("[", "").replace("]", ""), (start, end)
