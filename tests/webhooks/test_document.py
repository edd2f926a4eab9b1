"""The recipe in docs/webhooks.md checks what the service signs."""

from __future__ import annotations

import re
import time

from factcheck.webhooks.rules import CHOICES, WAITS, Told, body_of, signature
from tests.docs.test_docs import document


def test_the_recipe_takes_what_is_signed_and_nothing_else():
    recipe = re.search(r"```python\n(.*?)```", document("docs/webhooks.md"), re.S)[1]
    assert recipe.count("\n") <= 12
    names: dict = {}
    exec(recipe, names)
    is_genuine = names["is_genuine"]
    body = body_of("q3cmzv2j6xk4hd5a", Told.PING, "2026-11-20T12:00:00Z", {"é": 1}).encode()
    now = int(time.time())

    def headers(timestamp):
        return {"X-Factcheck-Timestamp": str(timestamp),
                "X-Factcheck-Signature": signature("fcwh_s", timestamp, body)}  # fmt: skip

    assert is_genuine("fcwh_s", headers(now), body)
    assert not is_genuine("fcwh_t", headers(now), body)
    assert not is_genuine("fcwh_s", headers(now), body + b" ")
    assert not is_genuine("fcwh_s", headers(now) | {"X-Factcheck-Timestamp": str(now + 1)}, body)
    assert not is_genuine("fcwh_s", headers(now - 3600), body)


def test_it_names_every_event_and_wait():
    text = document("docs/webhooks.md")
    assert all(f"| `{one.value}` |" in text for one in (*CHOICES, Told.PING))
    minutes = [int(wait.total_seconds() // 60) for wait in WAITS]
    assert minutes == [1, 5, 30, 60, 120, 240, 480, 480]
    assert "1, 5 and 30 minutes, then 1, 2, 4, 8 and 8 hours" in text
