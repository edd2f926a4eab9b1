"""Every call is sent whatever its schema allows, and some that it does not: no answer surprises.

The caller of these tests holds each answer against the document; here none may be a defect either.
"""

from __future__ import annotations

import random
import re
from base64 import b64encode
from typing import Any

import pytest

from factcheck.api.calls import CALLS, Call
from tests.api.client import Api
from tests.api.paths import SOURCE, accepted_claim
from tests.api.ways import changed_and_used_elsewhere, letters_about, run_under_way
from tests.reviews.test_given_copies import PNG

pytestmark = pytest.mark.one_database
ROUNDS = 4
FETCHES = {"create_article", "revise"}  # what stands at a `url`
TEXTS = (
    "", " ", "x", "\u202e", "\x01", "😀😀", "a" * 600, "https://a.example/x", "2025-03-31",
    "9999-99-99", "=1+1", "%s %(x)s", "{}", "null", "../..", "WzFd", "WyJ4IiwxXQ",
)  # fmt: skip
FILES = ("", "x", b64encode(PNG).decode(), b64encode(b"%PDF-1.4").decode())
NUMBERS = (-1, 0, 1, 2, 5, 2**31 - 1, 2**31, 2**63)


class Sender:
    """Makes values from the schemas of the document; `ids` are of things that are there."""

    def __init__(self, document: dict[str, Any], ids: list[str]) -> None:
        self.document = document
        self.ids = ids
        self.random = random.Random(45)

    def value(self, schema: dict[str, Any]) -> Any:
        """Return a value of about that schema: of its kind, often out of its bounds."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.value(self.document["components"]["schemas"][name])
        if "anyOf" in schema:
            return self.value(self.random.choice(schema["anyOf"]))
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kinds = {
            "object": self._object, "array": self._array, "string": self._string,
            "integer": self._integer, "number": self._number, "boolean": self._boolean,
        }  # fmt: skip
        kind = schema.get("type")
        return None if kind in {None, "null"} else kinds[kind](schema)

    def address(self, call: Call) -> str:
        """Return the call's path with something in its place, often an id of another kind."""
        return re.sub(r"\{\w+\}", lambda _: self.random.choice([*self.ids, "nothing"]), call.path)

    def query(self, call: Call) -> dict[str, Any]:
        """Return values for some of the query's parameters."""
        operation = self.document["paths"][call.path]["get"]
        return {
            one["name"]: str(self.value(one["schema"])).lower()
            for one in operation["parameters"]
            if one["in"] == "query" and (one["required"] or self.random.random() < 0.4)
        }

    def body(self, call: Call) -> dict[str, Any]:
        """Return a body for the call."""
        found = self.value({"$ref": call.body.__name__}) if call.body else {}
        if call.name in FETCHES:
            found.pop("url", None)
        return found

    def _object(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            name: self.value(inner)
            for name, inner in schema.get("properties", {}).items()
            if name in schema.get("required", ()) or self.random.random() < 0.5
        }

    def _array(self, schema: dict[str, Any]) -> list[Any]:
        parts = schema.get("prefixItems") or [schema["items"]] * self.random.randint(0, 3)
        return [self.value(part) for part in parts]

    def _string(self, schema: dict[str, Any]) -> str:
        return self.random.choice(FILES if "contentEncoding" in schema else [*TEXTS, *self.ids])

    def _integer(self, _schema: dict[str, Any]) -> int:
        return self.random.choice(NUMBERS)

    def _number(self, _schema: dict[str, Any]) -> float:
        return self.random.choice((-1, 0, 0.5, 1, 1e300))

    def _boolean(self, _schema: dict[str, Any]) -> bool:
        return self.random.random() < 0.5


def things(app, settings, edith: Api, rhea: Api) -> list[str]:
    """Make some of what there is, and return the ids."""
    slug, claim, resting = changed_and_used_elsewhere(app, settings)
    claims = [accepted_claim(edith), accepted_claim(edith, policy="solo")]
    change = {"sources": [SOURCE], "version": 0}
    draft = rhea.patch(f"/claims/{claims[0]}/draft", change).json
    return [
        slug, claim, *resting, *claims, *letters_about(app, claim), run_under_way(app),
        draft["sources"][0]["source"], rhea.get("/me").json["id"],
    ]  # fmt: skip


def test_no_answer_is_a_defect_or_missing_in_the_document(app, settings, caller, edith, rhea):
    people = (caller("ada"), edith, rhea)
    sender = Sender(edith.document, things(app, settings, edith, rhea))
    statuses = set()
    for call in CALLS * ROUNDS:
        api, address = sender.random.choice(people), sender.address(call)
        if call.method == "GET":
            answer = api.get(address, query_string=sender.query(call))
        else:
            answer = api(call.method, address, sender.body(call))
        assert answer.status_code < 500, (call.method, address, answer.text)
        statuses.add(answer.status_code)

    assert statuses >= {200, 403, 404, 422}
