"""What the page /api/v1/docs shows: the OpenAPI document again, laid out for people.

It reads nothing but the document, so the page cannot say anything else than it.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from factcheck.api.openapi import document

_WORDS = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "true or false",
    "null": "null", "object": "object",
}  # fmt: skip
_FIRST = {  # where nothing is needed by itself
    "NewArticle": ["text"], "NewText": ["text"], "NewCopy": ["source", "text"],
    "Accepting": ["best"], "DraftEdit": ["rationale"], "NoteEdit": ["words"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field or parameter: its name, what kind of value, whether it is needed, more words."""

    name: str
    kind: str
    needed: bool
    note: str = ""
    place: str = ""  # path, query, header


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer: status, when it is given, the name of its shape or ""."""

    status: str
    when: str
    shape: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One call."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[FieldRow]
    body: str  # the name of its shape, or ""
    answers: list[AnswerRow]
    refusals: list[str]
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of bodies and answers."""

    name: str
    description: str
    fields: list[FieldRow]


@cache
def chapters(base: str) -> dict[str, list[Entry]]:
    """Return the calls by group; `base` is the API's absolute address."""
    api = document()
    found: dict[str, list[Entry]] = {tag["name"]: [] for tag in api["tags"]}
    for path, item in api["paths"].items():
        for method, operation in item.items():
            found[operation["tags"][0]].append(_entry(base, path, method.upper(), operation))
    return found


@cache
def shapes() -> list[Shape]:
    """Return every shape, in the order of their names."""
    return [
        Shape(name, schema.get("description", ""), _fields(schema))
        for name, schema in sorted(_schemas().items())
    ]


def _entry(base: str, path: str, method: str, operation: Mapping[str, Any]) -> Entry:
    answers, refusals = [], []
    for status, answer in operation["responses"].items():
        if int(status) < 400:
            answers.append(AnswerRow(status, answer["description"], _shape_of(answer)))
        else:
            refusals.append(status)
    body = _shape_of(operation.get("requestBody", {}))
    return Entry(
        anchor=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation["description"],
        parameters=[_parameter(parameter) for parameter in operation["parameters"]],
        body=body,
        answers=answers,
        refusals=refusals,
        example=_example(f"{base}{path}", method, body, needs_token=bool(operation["security"])),
    )


def _shape_of(holder: Mapping[str, Any]) -> str:
    content = holder.get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def _parameter(parameter: Mapping[str, Any]) -> FieldRow:
    return FieldRow(
        name=parameter["name"],
        kind=_kind(parameter["schema"]),
        needed=parameter["required"],
        note=parameter.get("description", ""),
        place=parameter["in"],
    )


def _fields(schema: Mapping[str, Any]) -> list[FieldRow]:
    return [
        FieldRow(name, _kind(inner), name in schema["required"], inner.get("description", ""))
        for name, inner in schema.get("properties", {}).items()
    ]


def _kind(schema: Mapping[str, Any]) -> str:
    """Return what a value is, in a few words."""
    if "anyOf" in schema:
        return " or ".join(_kind(inner) for inner in schema["anyOf"])
    if "enum" in schema:
        return ", ".join("null" if value is None else str(value) for value in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        parts = schema.get("prefixItems")
        if parts:
            return "[" + ", ".join(_kind(part) for part in parts) + "]"
        return f"list of: {_kind(schema['items'])}"
    return _WORDS.get(schema.get("type", ""), "any") + _bounds(schema)


def _bounds(schema: Mapping[str, Any]) -> str:
    low = schema.get("minLength", schema.get("minimum"))
    high = schema.get("maxLength", schema.get("maximum"))
    if high is None or high >= 2**31 - 1:
        return ""
    return f", {low or 0} to {high}" if low is not None else f", at most {high}"


def _example(address: str, method: str, body: str, *, needs_token: bool) -> str:
    parts = ["curl"] if method == "GET" else ["curl", "-X", method]
    if needs_token:
        parts += ["-H", "Authorization: Bearer TOKEN"]
    if body:
        sample = json.dumps(_sample(_schemas()[body], body), ensure_ascii=False)
        parts += ["-H", "Content-Type: application/json", "-d", sample]
    return shlex.join([*parts, address.replace("{id}", "ID").replace("{sha256}", "SHA256")])


def _sample(schema: Mapping[str, Any], name: str = "") -> Any:
    """Return a small value of a schema: what is needed, and else one field."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return _sample(_schemas()[name], name)
    if "anyOf" in schema:
        return _sample(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        named = schema.get("required") or _first(name, list(properties))
        return {field: _sample(properties[field]) for field in named}
    if schema.get("type") == "array":
        parts = schema.get("prefixItems") or [schema["items"]] * schema.get("minItems", 1)
        return [_sample(part) for part in parts]
    return {"string": "…", "integer": 1, "number": 1, "boolean": True}.get(schema.get("type", ""))


def _first(name: str, fields: list[str]) -> list[str]:
    """Return what an example of a shape has in which nothing is needed; of an edit, the version."""
    found = _FIRST.get(name) or fields[-1:]
    return [*found, "version"] if "version" in fields and "version" not in found else found


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = document()["components"]["schemas"]
    return schemas
