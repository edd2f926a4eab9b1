"""Which rows of an index of words a claim is held against, a few hundred; and which hold a text.

Of each word, and of each two that follow each other, no more than a fixed number of rows is read,
so that a search costs as much among millions as among thousands. Rare words weigh most; how alike
two claims are is then for `text/match.py` to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.text.numerals import with_plain_numbers
from factcheck.text.sought import quoted
from factcheck.text.words import CAMEL, STOP_WORDS

MOST = 300  # rows that are held against a claim
A_WORD = 300  # rows read of one word
A_TEXT = 20  # rows read that hold all words of a text
_WORDS, _BEFORE = 24, 12  # words of the claim, and of what stood before it
_SOUGHT = 8  # words by which a text is looked for
_READ = 2_000  # code points
_END = re.compile(r"[.!?…؟。]['”’»)\]\"]*\s+|\n\s*\n")  # of a sentence or a paragraph
_WORD = re.compile(r"[^\W_]+")

_ARM = {
    "sqlite": "SELECT * FROM (SELECT rowid AS id, {n} AS part FROM {index}"
    " WHERE {index} MATCH :q{n} ORDER BY rowid DESC LIMIT {most})",
    "postgresql": "(SELECT rowid AS id, {n} AS part FROM {index} WHERE words @@"
    " (to_tsquery('english', :q{n}) || to_tsquery('simple', :q{n})) LIMIT {most})",
}


def candidates(
    session: Session, index: str, text: str, before: str = ""
) -> sa.Select[tuple[int]] | None:
    """Return the query for the keys to be compared; None where nothing is sought.

    `index` is one of our tables of words: FTS5 on SQLite; rowid and a tsvector on PostgreSQL.
    """
    dialect = session.get_bind().dialect.name
    parts = [quoted(words, dialect)[0] for words in parts_of(text, before)]
    if not parts:
        return None
    arms = " UNION ALL ".join(
        _ARM[dialect].format(index=index, n=number, most=A_WORD) for number in range(len(parts))
    )
    statement = sa.text(
        f"WITH hits AS ({arms}), worths AS (SELECT part, 1.0 / (10 + count(*)) AS worth"  # noqa: S608
        " FROM hits GROUP BY part) SELECT id FROM hits JOIN worths ON worths.part = hits.part"
        f" GROUP BY id ORDER BY sum(worth) DESC, id DESC LIMIT {MOST}"
    ).bindparams(**{f"q{number}": part for number, part in enumerate(parts)})
    found = statement.columns(sa.column("id", sa.BigInteger)).subquery("candidates")
    return sa.select(found.c.id)


def holding(session: Session, index: str, texts: Sequence[str]) -> sa.Subquery | None:
    """Return the rows (`id`) that hold the words of one of `texts`, the newest few of each.

    A text stands for its longest words, which are its rarest as a rule. None where nothing is
    sought; `index` is as for `candidates`.
    """
    dialect = session.get_bind().dialect.name
    parts = [quoted(words, dialect)[0] for one in texts if (words := _longest(one))]
    if not parts:
        return None
    arms = " UNION ALL ".join(
        _ARM[dialect].format(index=index, n=number, most=A_TEXT) for number in range(len(parts))
    )
    statement = sa.text(arms).bindparams(**{f"q{place}": part for place, part in enumerate(parts)})
    return statement.columns(sa.column("id", sa.BigInteger)).subquery("holding")


def _longest(text: str) -> list[str]:
    words = _words(text, _WORDS)
    return sorted(words, key=len, reverse=True)[:_SOUGHT]


def parts_of(text: str, before: str) -> list[tuple[str, ...]]:
    """Return what is looked for: the words of a claim, its pairs, and words that stood before.

    A number that is spelt out is looked for in digits too, a name that is glued together
    ("@AnnLee") in its parts. Small words alone find nothing.
    """
    text = CAMEL.sub(" ", text[:_READ])
    own = _words(text, _WORDS)
    digits = _words(with_plain_numbers(text), _WORDS)
    context = _words(before[-_READ:], _READ)[-_BEFORE:]
    single = [(word,) for word in (*own, *digits, *context)]
    return list(dict.fromkeys([*single, *pairwise(own)]))


def sentence_at_end(text: str) -> str:
    """Return the last sentence of a text, whole as far as the text has it."""
    text = text.rstrip()
    return text[max((end.end() for end in _END.finditer(text[:-1])), default=0) :]


def _words(text: str, most: int) -> Sequence[str]:
    found = (word for word in _WORD.findall(text[:_READ].casefold()) if word not in STOP_WORDS)
    return list(dict.fromkeys(found))[:most]
