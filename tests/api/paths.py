"""Ways through the API that several tests go."""

from __future__ import annotations

from typing import Any

from tests.api.client import Api

TEXT = "The harbour\n\nThe ferry carried 412,000 passengers in 2024. It sank on 3 May 2025."
SOURCE = {"url": "https://register.example/ferry", "stance": "refutes", "quote": "398,000"}


def new_article(editor: Api, text: str = TEXT, **details: Any) -> dict[str, Any]:
    """Import an article and return it."""
    return editor.post("/articles", {"text": text, **details}).json


def proposed_claims(editor: Api, article: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the claims of an article."""
    return editor.get(f"/articles/{article['id']}/claims").json["items"]


def accepted_claim(editor: Api, text: str = TEXT, **details: Any) -> str:
    """Import an article, accept its first claim, and return the claim's id."""
    claim = proposed_claims(editor, new_article(editor, text, **details))[0]
    change = {"state": "accepted", "version": claim["version"]}
    assert editor.patch(f"/claims/{claim['id']}", change).status_code == 200
    return claim["id"]


def review(rating: str = "false", *, submit: bool = True, **fields: Any) -> dict[str, Any]:
    """Return the body of a review."""
    rationale = "The register has 398,000 [1]."
    return {
        "rating": rating, "rationale": rationale, "sources": [SOURCE], "submit": submit, **fields
    }  # fmt: skip
