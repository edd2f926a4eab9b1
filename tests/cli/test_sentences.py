"""What commands print: written out where it is said, and in the language of the environment."""

import ast

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from factcheck import languages
from factcheck.cli.sentences import translate_help
from tests.house.test_house import ROOT, python_files

SAYING = {"say", "note", "refuse"}
AS_THE_ROOM_SAYS = {"str(error)", "sentence"}


@pytest.fixture
def in_german(tmp_path, monkeypatch):
    """A catalogue in another language, which the environment asks for; add to it, then save it."""
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setenv("LANGUAGE", "de")

    def save(**words):
        catalogue = Catalog(locale="de")
        for english, german in words["words"]:
            catalogue.add(english, german)
        with (folder / "messages.po").open("wb") as file:
            write_po(file, catalogue)
        monkeypatch.setattr(languages, "FOLDER", tmp_path)

    return save


def sayings():
    for path in python_files("factcheck"):
        if "cli" not in path.parts or path.name == "sentences.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_what_is_said_is_written_out_and_has_a_value_for_each_place():
    found = list(sayings())

    assert len(found) > 40
    for place, call in found:
        if not isinstance(call.args[0], ast.Constant):
            assert ast.unparse(call.args[0]) in AS_THE_ROOM_SAYS, place
            continue
        given = {keyword.arg: "" for keyword in call.keywords}
        assert "%(" not in (call.args[0].value % given if given else call.args[0].value), place


def test_a_command_speaks_the_language_of_the_environment(run, in_german):
    in_german(words=[("Nothing is wrong.", "Alles in Ordnung.")])

    assert run("doctor").stdout == "Alles in Ordnung.\n"


def test_what_a_room_refuses_is_said_in_that_language_too(run, in_german):
    in_german(words=[("Nobody is known as %(email)s.", "Niemand heißt %(email)s.")])

    result = run("user", "disable", "nobody@checks.example")

    assert result.exit_code == 2
    assert result.stderr == "factcheck: Niemand heißt nobody@checks.example.\n"


def test_help_is_in_that_language(in_german):
    in_german(words=[("Do it.", "Tu es."), ("How.", "Wie.")])

    @click.group()
    def above():
        """Do it."""

    @above.command()
    @click.option("--how", help="How.")
    def below(how):
        """Do it."""

    translate_help(above)

    assert above.help == below.help == "Tu es."
    assert below.params[0].help == "Wie."
