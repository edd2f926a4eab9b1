"""Functions, methods and classes that nothing uses; `make check` fails on the first.

Attributes and variables are left out: templates, SQLAlchemy and msgspec read them by name.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("factcheck", "migrations", "tests", "bench", "wsgi.py")
KINDS = {"function", "method", "class", "import"}
CALLED_BY_NAME = {  # by a library or a template, which vulture does not see
    "process_bind_param", "process_result_value", "get_command", "list_commands", "person_of",
    "handle", "do_GET", "do_POST", "log_message", "pytest_addoption", "pytest_generate_tests",
    "set_up", "begin", "teardown", "load_bytecode", "dump_bytecode",
    "get_translations", "one_sentence",
}  # fmt: skip
DECORATED = ["@bp.*", "@pytest.fixture*", "@call*", "@login.*", "@*.command*", "@*.group*",
             "@click.*", "@sa.event.*", "@rule*", "@invariant*", "@initialize*",
             "@precondition*"]  # fmt: skip


def main() -> int:
    """Print what is unused; 0 when nothing is."""
    vulture = Vulture(ignore_decorators=DECORATED)
    vulture.scavenge([str(ROOT / folder) for folder in FOLDERS])
    templates = "\n".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "templates").rglob("*.html")
    )
    found = 0
    for item in vulture.get_unused_code(min_confidence=60):
        if item.typ not in KINDS or item.name in CALLED_BY_NAME or item.name.startswith("test_"):
            continue
        if re.search(rf"\b{re.escape(item.name)}\b", templates):
            continue
        print(item.get_report(), file=sys.stderr)
        found += 1
    return int(found > 0)


if __name__ == "__main__":
    raise SystemExit(main())
