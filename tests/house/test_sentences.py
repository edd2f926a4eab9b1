"""Every refusal can be translated: its sentence is written out where it is raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogues import failure_sentences, gathered
from tests.house.test_house import ROOT, python_files

WORDS = failure_sentences()
PASSED_ON = {"failures.py", "refusals.py"}  # where the classes themselves are
AS_IT_WAS = (".sentence", ".refusal", "str(refused)")  # a sentence that was written elsewhere


def raised() -> Iterator[tuple[Path, ast.Call, ast.expr]]:
    """Yield every making of a failure: its file, the call and the sentence it is given."""
    for path in python_files("factcheck"):
        if path.name in PASSED_ON:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (place := WORDS.get(_name(node.func))):
                yield path, node, node.args[place[0] - 1]


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def test_the_sentence_of_a_failure_is_written_where_it_is_raised():
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno} {ast.unparse(sentence)}"
        for path, call, sentence in raised()
        if not isinstance(sentence, ast.Constant)
    ]

    assert [place for place in hidden if not place.endswith(AS_IT_WAS)] == []


def test_the_sentences_are_in_the_catalogue():
    messages = {message.id for message in gathered()}
    sentences = {
        sentence.value for _path, _call, sentence in raised() if isinstance(sentence, ast.Constant)
    }

    assert len(sentences) > 100
    assert sentences - messages == set()


def test_a_sentence_has_a_value_for_each_of_its_places():
    for path, call, sentence in raised():
        if isinstance(sentence, ast.Constant):
            given = {keyword.arg: "" for keyword in call.keywords if keyword.arg != "status"}
            try:
                filled = sentence.value % given if given else sentence.value
            except (KeyError, ValueError) as error:
                pytest.fail(f"{path}:{call.lineno} {error}")
            assert "%(" not in filled, f"{path}:{call.lineno}"


def test_lists_of_words_are_joined_by_the_signs_of_the_language():
    """A comma between names is another sign in Arabic; codes and what is typed keep theirs."""
    bare = re.compile(r"""join\(["'][,;] ["']\)|\{\{ ["'][,;] ["'] if""")
    kept = {"templates/api/_entry.html", "templates/desk/triage/_hand.html"}
    root = Path(__file__).parents[2]
    found = {
        str(page.relative_to(root))
        for page in (root / "templates").rglob("*.html")
        if bare.search(page.read_text(encoding="utf-8"))
    }
    assert found == kept
