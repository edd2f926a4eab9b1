"""The message catalogue: gathers what is shown to people, or checks that nothing is missing in it.

The catalogue template (`factcheck/translations/messages.pot`) is what translators start from.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

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
            folder, methods, options, keywords=_KEYWORDS
        ):
            place = (f"{folder.name}/{name}", line)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)
    return catalogue


_KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None,
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def known() -> set[object]:
    """Return the ids of the messages in the catalogue template."""
    with TEMPLATE.open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


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
    return int(wanted != known())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
