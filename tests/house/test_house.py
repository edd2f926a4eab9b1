"""The house keeps its shape: short files and functions, names that say something, clean locks."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 60  # lines
SAYS_NOTHING = re.compile(r"^(utils?|helpers?|common|misc|services?|managers?|base)$")
NAMES_IN_A_ROOM = {"rules", "models", "queries", "actions", "forms", "views"}
ROOMS = ("accounts", "articles", "claims", "methods", "reviews", "decisions", "editions")
NAMED_BY_WHAT_THEY_DO = {
    "accounts": {"events"},
    "articles": {"intake"},
    "editions": set(),
}


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name]


@pytest.mark.parametrize("folder", ["factcheck", "tests", "bench"])
def test_no_file_is_longer_than_its_reader_s_patience(folder):
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in python_files(folder)}

    assert {str(path): n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    long = []
    for path in python_files("factcheck", "bench"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{path}:{node.lineno} {node.name} {lines}")

    assert long == []


def test_names_say_what_is_inside():
    assert [path for path in python_files("factcheck") if SAYS_NOTHING.match(path.stem)] == []
    assert [p for p in (ROOT / "factcheck").rglob("*/") if SAYS_NOTHING.match(p.name)] == []


def test_locked_requirements_name_no_host():
    for file in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in file.read_text(encoding="utf-8"), file


def test_every_requirement_is_pinned_with_its_hash():
    for file in (ROOT / "requirements").glob("*.txt"):
        pins = re.findall(r"^[a-z0-9][^ ]*==", file.read_text(encoding="utf-8"), re.MULTILINE)
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}", file.read_text(encoding="utf-8"))
        assert pins, file
        assert len(hashes) >= len(pins), file


def test_no_file_is_left_for_later():
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for path in tracked_files():
        if path.suffix in {".py", ".html", ".js", ".css"} and path.exists():
            assert not marks.search(path.read_text(encoding="utf-8")), path


def test_only_the_settings_read_the_environment():
    readers = [
        str(path.relative_to(ROOT))
        for path in python_files("factcheck")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    ]

    assert set(readers) <= {
        "factcheck/app.py",
        "factcheck/config.py",
        "factcheck/cli/installation.py",
        "factcheck/cli/sentences.py",
        "factcheck/cli/serve.py",
        "factcheck/cli/split.py",
        "factcheck/cli/text_documents.py",
    }
