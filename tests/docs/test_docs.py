"""The documents say what the code does: the claim's life, settings, commands, rooms."""

from __future__ import annotations

import re
from pathlib import Path

from factcheck.claims.rules import TRANSITIONS
from factcheck.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_architecture_lists_exactly_the_transitions_of_the_code():
    rows = re.findall(
        r"^\| ([a-z]+) \| ([a-z-]+) \| ([a-z]+) \|$", document("docs/architecture.md"), re.M
    )
    table = {(f, by): to for f, by, to in rows if f != "from"}

    assert table == {(f.value, verb.value): to.value for (f, verb), to in TRANSITIONS.items()}


def test_the_operating_guide_names_every_setting():
    names = set(re.findall(r"FACTCHECK_[A-Z_]+", document("factcheck/config.py")))

    missing = {name for name in names if name not in document("docs/operating.md")}
    assert missing == set()


def test_the_operating_guide_names_every_command():
    for command in COMMANDS:
        assert f"factcheck {command}" in document("docs/operating.md"), command


def test_links_between_documents_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path}: {target}"
