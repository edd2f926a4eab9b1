"""Recognising a text that is posted again: the same one, or one with most of the same claims.

It is asked before the text is stored, in a transaction that only reads, so that nobody who writes
waits for it. Quotes are looked for in the index of words that claims are searched by, of whatever
age they are; the words only lead to them, and the whole quote decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.articles.models import Article, Revision
from factcheck.articles.rules import Intake
from factcheck.claims.models import Claim
from factcheck.word_candidates import holding

INDEX = "search_words_claims"  # filled by `decisions/words.py`
_QUOTES_COMPARED = 20  # the longest, which are nobody else's by chance
_FEWEST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Posted:
    """An earlier article, and how much of the new one stood in it: 1 for the same text.

    Else it is the share of the new one's claims whose very words are claims of the earlier one.
    """

    public_id: str
    slug: str
    title: str
    share: float


def posted_before(session: Session, intake: Intake) -> Posted | None:
    """Return the earlier article that has the same text, or at least half of the same claims."""
    digest = hashlib.sha256(intake.text.encode("utf-8", "surrogatepass")).hexdigest()
    same = session.scalar(
        sa.select(Article)
        .join(Revision, Revision.article_id == Article.id)
        .where(Revision.text_sha256 == digest)
        .order_by(Article.id.desc())
        .limit(1)
    )
    if same is not None:
        return Posted(same.public_id, same.slug, same.title, 1.0)
    quotes = {intake.text[one.start : one.end] for one in intake.proposals}
    compared = sorted(quotes, key=lambda quote: (-len(quote), quote))[:_QUOTES_COMPARED]
    if len(compared) < _FEWEST_QUOTES:
        return None
    earlier = _with_most(session, compared)
    return _as_posted(session, earlier, quotes) if earlier is not None else None


def _with_most(session: Session, quotes: Sequence[str]) -> int | None:
    """Return the id of the article that has most of the quotes, if that is half of them."""
    found = holding(session, INDEX, quotes)
    if found is None:
        return None
    shared = sa.func.count(sa.distinct(Claim.quote))
    most = session.execute(
        sa.select(Claim.article_id, shared)
        .where(Claim.id.in_(sa.select(found.c.id)), Claim.quote.in_(quotes))
        .group_by(Claim.article_id)
        .order_by(shared.desc(), Claim.article_id.desc())
        .limit(1)
    ).first()
    return most[0] if most is not None and 2 * most[1] >= len(quotes) else None


def _as_posted(session: Session, article_id: int, quotes: set[str]) -> Posted:
    article = session.get_one(Article, article_id)
    known = session.scalars(sa.select(Claim.quote).where(Claim.article_id == article_id))
    share = round(len(quotes & set(known)) / len(quotes), 2)
    return Posted(article.public_id, article.slug, article.title, share)
