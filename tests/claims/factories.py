"""Articles with claims for tests, made by the real path.

`make_article` takes a post in with what the engine proposes (`proposed=False`: without claims), and
`make_claim` makes a claim of the first occurrence of some words and takes it to a state by the
transitions of the lifecycle.
"""

from __future__ import annotations

from factcheck.articles.intake import from_text
from factcheck.articles.models import Article
from factcheck.articles.queries import revision
from factcheck.claims.actions import change_state, import_article, propose_claim
from factcheck.claims.models import Claim
from factcheck.claims.rules import Verb
from tests.articles.factories import TEXT, make_bare_article
from tests.conftest import NOW

PATHS = {
    "proposed": (),
    "accepted": (Verb.ACCEPT,),
    "dismissed": (Verb.DISMISS,),
    "decided": (Verb.ACCEPT, Verb.AGREE),
    "ready": (Verb.ACCEPT, Verb.AGREE, Verb.APPROVE),
    "disputed": (Verb.ACCEPT, Verb.DISAGREE),
}


def make_article(
    session, text: str = TEXT, *, proposed: bool = False, actor=None, now=NOW, **details
) -> Article:
    """Return an article; with the engine's proposals only where `proposed` says so."""
    if not proposed:
        return make_bare_article(session, text, actor=actor, now=now, **details)
    return import_article(session, from_text(text, **details), actor=actor, now=now)


def make_claim(
    session,
    article: Article,
    quote: str = "The ferry carried 412,000 passengers in 2024",
    state: str = "proposed",
    *,
    actor=None,
    now=NOW,
    **fields,
) -> Claim:
    """Return a claim of the first place where `quote` stands, in `state`; `fields` are set."""
    start = revision(session, article).text.index(quote)
    claim = propose_claim(session, article, start, start + len(quote), actor=actor, now=now)
    for verb in PATHS[state]:
        reason = "opinion" if verb is Verb.DISMISS else None
        change_state(session, claim, verb, actor=actor, now=now, dismissal=reason)
    for name, value in fields.items():
        setattr(claim, name, value)
    session.flush()
    return claim
