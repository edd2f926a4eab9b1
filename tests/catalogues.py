"""The message catalogues: gathers what is shown to people, or checks that nothing is missing.

The catalogue template (`factcheck/translations/messages.pot`) is what translators start from. It
holds what goes through gettext by name, the sentence of every failure where it is raised, what the
command line says and its help, and the words of data. A catalogue of a language that ships
(`factcheck/translations/*/LC_MESSAGES/messages.po`) is whole: each message of the template and no
other, every form of it, none left for somebody to look over, its places and tags as in English.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import factcheck
from factcheck.cli import main as main_command
from factcheck.failures import Failure
from factcheck.methods import lots
from factcheck.methods.queries import scales, shipped_policies
from factcheck.methods.rules import DISAGREE
from factcheck.reviews import draws
from factcheck.text.checkworthiness import reasons
from factcheck.text.extracted import EmptyText, NotText, Undecodable

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "factcheck" / "translations" / "messages.pot"
SOURCES = (
    (ROOT / "factcheck", [("**.py", "python")], {}),
    (ROOT / "templates", [("**.html", "jinja2")], {"**.html": {"trimmed": "true"}}),
)


def gathered() -> Catalog:
    """Return a catalogue of every message in code and templates."""
    catalogue = Catalog(project="factcheck", charset="utf-8", fuzzy=False)
    for folder, methods, options in SOURCES:
        for name, line, message, comments, context in extract_from_dir(
            folder, methods, options, keywords=_KEYWORDS | failure_sentences()
        ):
            place = (f"{folder.name}/{name}", line)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)
    for words in (
        *_words_of_scales_and_policies(),
        *reasons(),
        *_faults_of_draws(),
        *help_of(main_command),
    ):
        catalogue.add(words)
    return catalogue


def _words_of_scales_and_policies() -> Iterator[str]:
    """Yield what the data of scales and policies says to people."""
    yield from (scale.name for scale in scales())
    for rating in (DISAGREE, *(rating for scale in scales() for rating in scale.ratings)):
        yield from (rating.label, rating.short, rating.definition)
    for policy in shipped_policies():
        yield from (policy.name, policy.description)


def _faults_of_draws() -> Iterator[str]:
    """Yield what is said of a panel that was not drawn as it says."""
    for module in (lots, draws):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            is_sentence = isinstance(node, ast.Yield) and isinstance(node.value, ast.Constant)
            if is_sentence and isinstance(node.value.value, str):
                yield node.value.value


def help_of(command: click.Command) -> Iterator[str]:
    """Yield the help of a command, of its options and of the commands below it."""
    yield from filter(None, (command.help, *(getattr(one, "help", "") for one in command.params)))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None, name
            yield from help_of(below)


_KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None,
    "say": (1,), "note": (1,), "refuse": (1,),  # of the command line
    "Finding": (1,), "Tampered": (1,), "Problem": (2,), "Difference": (2,), "_swapped": (2,),
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
_WORDED_BY_THEIR_CALLER = tuple(kind.__name__ for kind in (EmptyText, NotText, Undecodable))


def failure_sentences() -> dict[str, tuple[int]]:
    """Return, by the name of each failure, which of its arguments is its sentence, from 1."""
    found: dict[str, tuple[int]] = dict.fromkeys(_WORDED_BY_THEIR_CALLER, (1,))
    for kind in _kinds(Failure):
        parameters = list(inspect.signature(kind.__init__).parameters)
        found[kind.__name__] = (parameters.index("sentence"),)
    return found


def _kinds(kind: type[Failure]) -> Iterator[type[Failure]]:
    for module in pkgutil.walk_packages(factcheck.__path__, "factcheck."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting = [kind]
    while waiting:
        yield (known := waiting.pop())
        waiting.extend(known.__subclasses__())


def known() -> set[object]:
    """Return the ids of the messages in the catalogue template."""
    with TEMPLATE.open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


_PLACE = re.compile(r"%\(\w+\)[sd]|%%|%")
_TAG = re.compile(r"</?[a-z][^>]*>")


def faults_in(catalogue: Catalog, wanted: Collection[object]) -> Iterator[str]:
    """Yield what a shipped catalogue lacks of the messages `wanted`, or has wrong."""
    there = {message.id: message for message in catalogue if message.id}
    yield from (f"lacks {one!r}" for one in sorted(map(str, set(wanted) - set(there))))
    yield from (
        f"has a message of no page: {one!r}" for one in sorted(map(str, set(there) - set(wanted)))
    )
    for message in there.values():
        if message.fuzzy:
            yield f"is unsure (fuzzy) of {message.id!r}"
        yield from (
            f"{fault}: {message.id!r}" for fault in _faults_of(message, catalogue.num_plurals)
        )


def _faults_of(message: Message, count: int) -> Iterator[str]:
    """Yield what is wrong with a translation: `count` forms of a message that counts."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    if len(forms) != (count if len(ids) > 1 else 1) or not all(
        one and one.strip() for one in forms
    ):
        yield "is empty, or has not all forms"
        return
    for form in forms:
        # What stands for one or two may be said without the number.
        must = Counter(_PLACE.findall(ids[-1])) if len(ids) == 1 else Counter()
        places, most = Counter(_PLACE.findall(form)), Counter(_PLACE.findall(ids[-1]))
        if must - places or set(places) - set(most):
            yield f"has other places in {form!r}"
        if sorted(_TAG.findall(form)) != sorted(_TAG.findall(ids[-1])):
            yield f"has other tags in {form!r}"
    if len(ids) > 1 and set(_PLACE.findall(ids[-1])) - set(_PLACE.findall(forms[-1])):
        yield f"has other places in {forms[-1]!r}"


def shipped() -> Iterator[tuple[str, Catalog]]:
    """Yield each language that ships, with its catalogue."""
    for file in sorted(TEMPLATE.parent.glob("*/LC_MESSAGES/messages.po")):
        with file.open("rb") as source:
            yield file.parts[-3], read_po(source, locale=file.parts[-3])


def write() -> None:
    """Write the catalogue template anew, without dates or line numbers, so that it is quiet."""
    out = io.BytesIO()
    write_po(out, gathered(), omit_header=True, no_location=True, sort_output=True, width=100)
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    header = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    TEMPLATE.write_bytes(header + out.getvalue())


def main(arguments: list[str]) -> int:
    """Write the catalogue, or with --check say what it lacks; 0 when all is well."""
    if "--check" not in arguments:
        write()
        return 0
    wanted = {message.id for message in gathered() if message.id}
    for message in sorted(map(str, wanted ^ known())):
        print(f"the catalogue differs at: {message!r} (run `make catalogues`)", file=sys.stderr)
    faults = [
        f"{language} {fault}" for language, found in shipped() for fault in faults_in(found, wanted)
    ]
    for fault in faults:
        print(f"the catalogue of {fault}", file=sys.stderr)
    return int(wanted != known() or bool(faults))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
