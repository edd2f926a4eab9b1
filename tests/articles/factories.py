"""Articles for tests, made by the real path."""

from __future__ import annotations

from factcheck.articles.actions import add_article
from factcheck.articles.intake import from_text
from factcheck.articles.models import Article
from tests.conftest import NOW

TEXT = (
    "The harbour of Ostrava\n\n"
    "The ferry carried 412,000 passengers in 2024. Nobody in the town was surprised.\n\n"
    "On 3 March the council voted nine to four to end the service. Who would have thought it?"
)


def make_bare_article(session, text: str = TEXT, *, actor=None, now=NOW, **details) -> Article:
    """Return an article without claims."""
    article, _ = add_article(session, from_text(text, **details), actor=actor, now=now)
    return article
