"""The page that serving is measured on, made by the real path: import, reviews, verdicts, edition.

120 sentences, 60 of them claims with three reviews each (two that differ and one that settles it)
and two sources a review. All words are made from a few lists, so that a run is like the one before.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from factcheck import schema
from factcheck.accounts.actions import add_person
from factcheck.accounts.models import Person
from factcheck.app import create_app
from factcheck.articles.actions import add_article
from factcheck.articles.intake import from_text
from factcheck.articles.queries import article_by_slug
from factcheck.claims.actions import accept_claims, propose_claim
from factcheck.claims.models import Claim
from factcheck.claims.queries import claims_of
from factcheck.config import Settings, from_environment
from factcheck.db import db, writing
from factcheck.decisions.actions import decide_claim, submit_review
from factcheck.decisions.rules import VerdictWords
from factcheck.editions.publishing import publish
from factcheck.reviews.rules import Answer, Cited

SENTENCES = 120
CLAIMS = 60
SLUG = "bench"
ADDED = "A reprint of the yearbook came out after this was published."
ENVIRONMENT = {"FACTCHECK_PUBLIC_URL": "http://bench.example"}
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

_PLACES = ("Aldmoor", "Brackwater", "Corrin", "Dunstead", "Eastry", "Fallow Point", "Greyholm")
_THINGS = ("ferry", "night train", "public library", "harbour school", "district hospital",
           "water board", "tram line", "city archive", "fish market", "weather station",
           "theatre")  # fmt: skip
_DEEDS = ("carried {many} people in {year}", "was closed for {few} days in {year}",
          "cost the town {many} crowns in {year}", "employed {few} people at the end of {year}",
          "had {few} per cent fewer visitors in {year} than the year before")  # fmt: skip
_WORDS = (
    "amber anchor apple archive ash avenue baker balcony barley barrel basket beacon bell bench "
    "birch boat border bridge brook butter candle canal carpet cellar chapel chimney cider clay "
    "clerk clock cloud coal coast copper corner cotton cradle crane cricket crown curtain dairy "
    "daughter dock drum dust easel elm ember engine fair farmer feather fence field flour fog "
    "forge fountain garden gate glass glove goose gravel guild hammer hay hedge heron hill hinge "
    "honey horn inn iron island ivy jar juniper kettle key kiln ladder lamp lantern leather ledger "
    "lime linen lock loft lumber maple market meadow mill mirror moss nail needle oak oats orchard "
    "oven paper parish path pear pebble pier pine plank plough pond porch pump quarry quay quilt "
    "rail reed ribbon river roof rope rye sail salt scale shed shelf shore silk silver slate smoke "
    "snow spade spring stable stair stone storm straw street sugar table tailor tar thatch thread "
    "tide timber tower valley velvet vine wagon wall walnut water wheat wheel willow window wool"
)
_RATINGS = (("true", "mixed", "true"), ("mostly-true", "false", "true"),
            ("false", "mixed", "false"), ("mixed", "true", "mixed"),
            ("mostly-false", "unproven", "mostly-false"))  # fmt: skip


def page_of_the_bench(data: Path) -> Path:
    """Publish the sample article in a new data folder, and return its page on the site."""
    with _installation(data) as settings:
        with writing() as session:
            claims = _accepted_claims(session)
            reviewers = [_person(session, "reviewer", number) for number in range(3)]
            editor = _person(session, "editor", 1)
            for number, claim in enumerate(claims):
                _review(session, claim, number, reviewers)
                words = VerdictWords(_RATINGS[number % 5][0], _summary(number))
                decide_claim(session, claim, words, actor=editor, now=NOW)
        publish(SLUG, note=None, actor_id=None, settings=settings)
        return settings.site / "articles" / SLUG / "index.html"


def publish_again(data: Path) -> None:
    """Publish the sample's next edition, in which one verdict has a sentence more: `ADDED`."""
    with _installation(data) as settings:
        with writing() as session:
            claim = claims_of(session, article_by_slug(session, SLUG))[0]
            words = VerdictWords(_RATINGS[0][0], _summary(0), since_then=ADDED)
            decide_claim(session, claim, words, actor=_person(session, "editor", 2), now=NOW)
        publish(SLUG, note=None, actor_id=None, settings=settings)


def ready_article(session: Session, number: int) -> str:
    """Make an article with an address and three claims that are ready; return its slug."""
    words = [_statement(3 * number + place) for place in range(3)]
    whole = " ".join(f"{one}." for one in words)
    url = f"https://posts.example/{number}"
    article, _ = add_article(
        session, from_text(whole, title=f"Post {number}", source_url=url), actor=None, now=NOW
    )
    claims = [
        propose_claim(
            session, article, whole.index(one), whole.index(one) + len(one), actor=None, now=NOW
        )
        for one in words
    ]
    accept_claims(session, claims, actor=None, now=NOW)
    people = [_person(session, "reviewer", 3 * number + place) for place in range(3)]
    editor = _person(session, "editor", number)
    for place, claim in enumerate(claims):
        _review(session, claim, place, people)
        words_of_it = VerdictWords(_RATINGS[place][0], _summary(place))
        decide_claim(session, claim, words_of_it, actor=editor, now=NOW)
    return article.slug


def settings_of(data: Path) -> Settings:
    """Return the settings of the installation in a data folder of the bench."""
    return from_environment({"FACTCHECK_DATA": str(data), **ENVIRONMENT})


def text() -> str:
    """Return the article: paragraphs of six sentences, every other one a claim."""
    found = [
        f"{words}." for number in range(CLAIMS) for words in (_statement(number), _aside(number))
    ]
    rows = [" ".join(found[place : place + 6]) for place in range(0, SENTENCES, 6)]
    return "\n\n".join(rows) + "\n"


def places() -> Iterator[tuple[int, int]]:
    """Yield where each claim starts and ends in the text."""
    whole = text()
    for number in range(CLAIMS):
        start = whole.index(_statement(number))
        yield start, start + len(_statement(number)) + 1


@contextmanager
def _installation(data: Path) -> Iterator[Settings]:
    settings = settings_of(data)
    with create_app(settings).app_context():
        schema.upgrade(db.engine)
        try:
            yield settings
        finally:
            db.session.remove()
            db.engine.dispose()


def _accepted_claims(session: Session) -> list[Claim]:
    whole = text()
    article, _ = add_article(session, from_text(whole, title=SLUG), actor=None, now=NOW)
    claims = [
        propose_claim(session, article, start, end, actor=None, now=NOW) for start, end in places()
    ]
    return accept_claims(session, claims, actor=None, now=NOW)


def _person(session: Session, role: str, number: int) -> Person:
    email = f"{role}{number}@bench.example"
    return add_person(session, email, role=role, name=f"{role} {number}", actor=None, now=NOW)


def _review(session: Session, claim: Claim, number: int, reviewers: Sequence[Person]) -> None:
    """Give a claim its three reviews: the second differs, so that a third seat opens."""
    for rating, person in zip(_RATINGS[number % 5], reviewers, strict=True):
        answer = Answer(rating, _summary(number), sources=_sources(number))
        submit_review(session, claim, person, answer, now=NOW)


def _sources(number: int) -> tuple[Cited, ...]:
    place, thing = _at(_PLACES, number), _at(_THINGS, number)
    return (
        Cited(f"https://registers.example/{place.lower().replace(' ', '-')}/{1900 + number}",
              "refutes", f"The {thing} is entered with {number + 12} pages.",
              f"Registers of {place}, volume {number + 1}"),
        Cited(f"https://yearbooks.example/{1960 + number}/{thing.replace(' ', '-')}", "context",
              f"See the table on page {7 * number + 3}.", f"Yearbook {1960 + number}"),
    )  # fmt: skip


def _statement(number: int) -> str:
    deed = _at(_DEEDS, number).format(
        many=f"{12_400 + 731 * number:,}", few=3 + number, year=1960 + number
    )
    return f"The {_at(_THINGS, number)} of {_at(_PLACES, number)} {deed}"


def _aside(number: int) -> str:
    return sentence(f"aside {number}", 20)


def _summary(number: int) -> str:
    return (
        f"The register of {_at(_PLACES, number)} has {11_900 + 683 * number:,} for that year. "
        f"{sentence(f'first {number}', 14)}. {sentence(f'second {number}', 12)}."
    )


def sentence(seed: str, length: int) -> str:
    """Return that many words in a row, the same for the same seed, without a full stop."""
    return " ".join(random.Random(seed).choices(_WORDS.split(), k=length)).capitalize()


def _at(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]
