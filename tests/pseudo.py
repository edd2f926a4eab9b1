"""A language for tests alone: English with accents, longer, in brackets.

What a page shows of it outside of brackets went through no catalogue, and what a longer language
would break, it breaks. It is written as a catalogue of Esperanto, which the libraries know as a
language and for which we have none.

`python -m tests.pseudo FOLDER COMMAND …` runs `factcheck COMMAND …` with the catalogues in FOLDER.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from factcheck import languages

LANGUAGE = "eo"
OPEN, CLOSE = "⟦", "⟧"
TEMPLATE = languages.FOLDER / "messages.pot"
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>|&\w+;|`[^`]*`|\]\([^)]*\)|\{[^}]*\})")
_ACCENTS = str.maketrans("AEIOUaeiouCcNnSsYyZz", "ÀÉÎÕÜàéîõüÇçÑñŠšÝýŽž")


def accented(message: str) -> str:
    """Return a message two fifths longer, in brackets, its places and marks as they were."""
    parts = _KEPT.split(message)
    letters = sum(map(str.isalpha, "".join(parts[::2])))
    parts[::2] = [part.translate(_ACCENTS) for part in parts[::2]]
    more = ("~" * 9 + " ") * 9
    longer = "".join(parts) + more[: round(letters * 0.4) % len(more)].rstrip()
    return f"{OPEN}{longer}{CLOSE}"


def write_translations(folder: Path) -> None:
    """Put this language's catalogue, and copies of those that ship, under `folder`."""
    for shipped in languages.FOLDER.glob("*/LC_MESSAGES"):
        shutil.copytree(shipped, folder / shipped.parent.name / "LC_MESSAGES")
    with TEMPLATE.open("rb") as file:
        template = read_po(file)
    catalogue = Catalog(locale=LANGUAGE)
    for message in template:
        if isinstance(message.id, str) and message.id:
            catalogue.add(message.id, accented(message.id), context=message.context)
        elif message.id:
            forms = tuple(map(accented, message.id))
            catalogue.add(message.id, forms, context=message.context)
    own = folder / LANGUAGE / "LC_MESSAGES"
    own.mkdir(parents=True)
    with (own / "messages.po").open("wb") as file:
        write_po(file, catalogue)


if __name__ == "__main__":
    languages.FOLDER = Path(sys.argv[1])
    from factcheck.cli import main

    main(sys.argv[2:], prog_name="factcheck")
