"""A caller of the API who holds every answer against the OpenAPI document of the service."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

ROOT = "/api/v1"


class Api:
    """Calls with one token; `made` collects the names of the calls that succeeded."""

    made: ClassVar[set[str]] = set()

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.app = app
        self.token = token
        self.document = app.test_client().get(f"{ROOT}/openapi.json").get_json()

    def __call__(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Make a call and return its answer, which must be as the document says."""
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if json is not None:
            options["json"] = json
        response = self.app.test_client().open(
            ROOT + path, method=method, headers=headers, **options
        )
        self._check(method, path.partition("?")[0], response)
        return response

    def get(self, path: str, **options: Any) -> TestResponse:
        return self("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self("POST", path, json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self("PATCH", path, json, **options)

    def delete(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self("DELETE", path, json, **options)

    def _check(self, method: str, path: str, response: TestResponse) -> None:
        operation = self._operation(method, path)
        if operation is None:
            assert response.status_code in {404, 405, 308}, (method, path, response.status_code)
            return
        documented = operation["responses"].get(str(response.status_code))
        assert documented, f"{method} {path}: {response.status_code} is not in the document"
        if response.status_code < 300:
            self.made.add(operation["operationId"])
        content = documented.get("content")
        if content is None:
            assert response.get_data() == b"", (method, path)
            return
        assert response.content_type in content, (method, path, response.content_type)
        schema = content[response.content_type]["schema"] | {
            "components": self.document["components"]
        }
        said = response.get_json() if response.is_json else response.text
        Draft202012Validator(schema).validate(said)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for known, item in self.document["paths"].items():
            pattern = re.sub(r"\{\w+\}", "[^/]+", known)
            if re.fullmatch(pattern, path) and method.lower() in item:
                return item[method.lower()]
        return None
