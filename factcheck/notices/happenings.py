"""From an event of the audit log to what it is about and whom it concerns.

What is read here of a round is read of closed rounds, but for who is at work in an open one: the
second half of the seal (the first is the table in `rules.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from factcheck.accounts import second_admin
from factcheck.accounts.events import Event
from factcheck.accounts.models import Person
from factcheck.accounts.rules import Role
from factcheck.articles.models import Article
from factcheck.claims.models import ArticleWaiting, Claim
from factcheck.claims.queries import standing
from factcheck.decisions.models import Decision
from factcheck.decisions.queries import waiting_signature
from factcheck.editions.models import Edition, EditionClaim
from factcheck.inbox.models import Letter
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE
from factcheck.notices.models import Message
from factcheck.notices.rules import Concern
from factcheck.reviews.models import Comment, Review, Round, Seat
from factcheck.reviews.threads import who_may_see

Ids = frozenset[int]  # of people
_ANSWERED = Review.state.in_(("submitted", "late"))


@dataclass(frozen=True, slots=True)
class Happening:
    """What a notice is about, whom it may concern, and what fills its sentence.

    `details`: "about" is the thing in its own words; "form" which of a kind's sentences is meant.
    """

    subject: str
    concern: Concern
    details: Mapping[str, str | int] = field(default_factory=dict)


def happening(session: Session, event: Event, editors: Ids) -> Happening | None:
    """Return what an event was about; None where nobody is to be told of it, or no longer."""
    return _READ_BY[event.kind](session, event, editors)


def _closed_round(session: Session, event: Event, editors: Ids) -> Happening | None:
    """Return the end of a round; editors are concerned while the claim waits for them."""
    round_ = _round(session, event, Round.unsealed())
    if round_ is None:
        return None
    concern = Concern(
        reviewers=_people(session, Review.round_id == round_.id),
        editors=editors if round_.claim.state == round_.outcome else frozenset(),
        actor=event.actor_id,
    )
    details = {"about": round_.claim.restated}
    if round_.outcome == "decided":
        details |= _outcome(session, round_)
    return Happening(round_.claim.public_id, concern, details)


def _round(session: Session, event: Event, is_right: sa.ColumnElement[bool]) -> Round | None:
    return session.scalar(
        sa.select(Round)
        .where(Round.public_id == event.subject_id, is_right)
        .options(joinedload(Round.claim))
    )


def _people(session: Session, which: sa.ColumnElement[bool]) -> frozenset[int]:
    return frozenset(session.scalars(sa.select(Review.person_id).where(which, _ANSWERED)))


def _outcome(session: Session, round_: Round) -> dict[str, str]:
    """Return what the reviews of a decided round came to: a rating, or several to choose from."""
    agreed = session.scalars(
        sa.select(Decision).where(Decision.round_id == round_.id, Decision.kind == "agreement")
    ).one()  # written with the round's end
    scale = methods.scale(round_.scale_key)
    given = [agreed.rating] if agreed.rating else agreed.options
    labels = [scale.rating(key).label for key in given]
    return {"form": "rating" if agreed.rating else "options", "outcome": ", ".join(labels)}


def _settled(session: Session, event: Event, _editors: Ids) -> Happening | None:
    """Return a dispute that an editor ended; of other verdicts the reviewers were told before."""
    decision = session.scalar(
        sa.select(Decision)
        .where(Decision.public_id == event.subject_id, Decision.kind == "adjudication")
        .options(joinedload(Decision.round), joinedload(Decision.claim))
    )
    if decision is None:
        return None
    finding = methods.scale(decision.round.scale_key).finding(str(decision.rating))
    form = "left-open" if finding is DISAGREE else "settled"
    concern = Concern(
        reviewers=_people(session, Review.round_id == decision.round_id), actor=event.actor_id
    )
    details = {"about": decision.claim.restated, "form": form, "outcome": finding.label}
    return Happening(decision.claim.public_id, concern, details)


def _reopened(session: Session, event: Event, _editors: Ids) -> Happening | None:
    claim = session.scalar(sa.select(Claim).where(Claim.public_id == event.subject_id))
    if claim is None:
        return None
    closed = sa.select(Round.id).where(Round.claim_id == claim.id, Round.unsealed())
    concern = Concern(reviewers=_people(session, Review.round_id.in_(closed)), actor=event.actor_id)
    return Happening(claim.public_id, concern, {"about": claim.restated})


def _reworded(session: Session, event: Event, _editors: Ids) -> Happening | None:
    """Return a change of the words of a claim whose round is open still."""
    round_ = _round(session, event, Round.closed_at.is_(None))
    if round_ is None:
        return None
    seated = sa.select(Seat.person_id).where(
        Seat.round_id == round_.id,
        sa.or_(Seat.expires_at.is_(None), Seat.expires_at > event.at),
    )
    writing = sa.select(Review.person_id).where(
        Review.round_id == round_.id, Review.state.in_(("draft", "submitted"))
    )
    found = session.scalars(seated.union(writing))
    known = _by_public_id(session, event.details.get("told", ()))
    holders = frozenset(one for one in found if one is not None) - known
    concern = Concern(holders=holders, actor=event.actor_id)
    return Happening(round_.claim.public_id, concern, {"about": round_.claim.restated})


def _merged_away(session: Session, event: Event, _editors: Ids) -> Happening | None:
    """Return what an open round's claim was merged into, if it still is, for who was at it."""
    round_ = _round(session, event, Round.closed_at.is_(None))
    if round_ is None or round_.claim.merged_into is None:
        return None
    stays = standing(round_.claim)
    holders = _by_public_id(session, event.details["people"])
    details = {"about": stays.restated}
    return Happening(stays.public_id, Concern(holders=holders, actor=event.actor_id), details)


def _by_public_id(session: Session, public_ids: Collection[str]) -> Ids:
    query = sa.select(Person.id).where(Person.public_id.in_(public_ids))
    return frozenset(session.scalars(query)) if public_ids else frozenset()


def _published(session: Session, event: Event, _editors: Ids) -> Happening | None:
    """Return an edition that stands, with who answered in a closed round on a claim in it."""
    edition = session.scalar(
        sa.select(Edition)
        .where(Edition.sha256 == event.subject_id, Edition.withdrawn_at.is_(None))
        .options(joinedload(Edition.article))
    )
    if edition is None:
        return None
    shown = sa.select(EditionClaim.claim_id).where(EditionClaim.edition_id == edition.id)
    rounds = sa.select(Round.id).where(Round.claim_id.in_(shown), Round.unsealed())
    concern = Concern(reviewers=_people(session, Review.round_id.in_(rounds)), actor=event.actor_id)
    article = edition.article
    details: dict[str, str | int] = {
        "about": article.title,
        "slug": article.slug,
        "number": edition.number,
    }
    return Happening(edition.sha256, concern, details)


def _letter(session: Session, event: Event, editors: Ids) -> Happening | None:
    letter = session.scalar(
        sa.select(Letter).where(Letter.public_id == event.subject_id, Letter.state == "open")
    )
    if letter is None:
        return None
    return Happening(letter.public_id, Concern(editors=editors), {"form": letter.kind})


def _said(session: Session, event: Event, _editors: Ids) -> Happening | None:
    """Return a remark to those spoken to in it who may see it, as things stand now."""
    comment = _comment(session, event)
    if comment is None:
        return None
    told = _seeing(session, comment, event.details["people"])
    return _of_comment(comment, Concern(spoken_to=told, actor=event.actor_id))


def _asked(session: Session, event: Event, editors: Ids) -> Happening | None:
    """Return a question to the editors who have no part in the open round."""
    comment = _comment(session, event)
    if comment is None:
        return None
    told = _seeing(session, comment, editors)
    return _of_comment(comment, Concern(editors=told, actor=event.actor_id))


def _comment(session: Session, event: Event) -> Comment | None:
    return session.scalar(
        sa.select(Comment)
        .where(Comment.public_id == event.subject_id)
        .options(joinedload(Comment.claim), joinedload(Comment.author))
    )


def _seeing(session: Session, comment: Comment, ids: Collection[int]) -> Ids:
    """Return those of some people who may see a remark."""
    people = session.scalars(sa.select(Person).where(Person.id.in_(ids)))
    return frozenset(one.id for one in who_may_see(session, comment, people.all()))


def _of_comment(comment: Comment, concern: Concern) -> Happening:
    details = {"about": comment.claim.restated, "who": comment.author.name}
    return Happening(comment.claim.public_id, concern, details)


def _signed(session: Session, event: Event, editors: Ids) -> Happening | None:
    """Return words of a sensitive claim that still wait for the second editor."""
    decision = session.scalar(
        sa.select(Decision)
        .where(Decision.public_id == event.subject_id)
        .options(joinedload(Decision.round), joinedload(Decision.claim))
    )
    if decision is None or decision.decided_by is None:
        return None
    if waiting_signature(session, decision.claim, decision.round) is not decision:
        return None
    concern = Concern(
        reviewers=_people(session, Review.round_id == decision.round_id),
        editors=editors,
        actor=event.actor_id,
    )
    details = {"about": decision.claim.restated, "who": decision.decided_by.name}
    return Happening(decision.claim.public_id, concern, details)


def _webhook_disabled(session: Session, event: Event, _editors: Ids) -> Happening | None:
    """Return an endpoint that the service disabled; of what an admin did nobody need be told."""
    if event.details.get("because") != "failing":
        return None
    details = {"host": event.details["host"]}
    return Happening(event.subject_id, Concern(admins=_admins(session)), details)


def _admins(session: Session) -> Ids:
    query = sa.select(Person.id).where(Person.role == Role.ADMIN, Person.disabled_at.is_(None))
    return frozenset(session.scalars(query))


def _change_asked(session: Session, event: Event, _editors: Ids) -> Happening | None:
    """Return a change of an account that waits for a second admin."""
    waiting = second_admin.waiting(session, now=event.at)
    asked = (event.subject_id, event.details["change"], event.details["role"])
    person = next((one.person for one in waiting
                   if (one.person.public_id, one.kind, one.role) == asked), None)  # fmt: skip
    if person is None or event.actor is None:
        return None
    concern = Concern(admins=_admins(session), actor=event.actor_id)
    return Happening(event.subject_id, concern, {"about": person.name, "who": event.actor.name})


def _of_article(session: Session, event: Event, editors: Ids) -> Happening | None:
    """Return what is late or stuck in an article, if claims of it wait still."""
    found = session.execute(
        sa.select(Article, ArticleWaiting.claims)
        .join(ArticleWaiting, ArticleWaiting.article_id == Article.id, isouter=True)
        .where(Article.public_id == event.subject_id, Article.state != "withdrawn")
    ).one_or_none()
    if found is None or (event.kind == "article.late" and not found.claims):
        return None
    article = found.Article
    details = {"about": article.title, "slug": article.slug, **event.details}
    return Happening(article.public_id, Concern(editors=editors), details)


def _message(session: Session, event: Event, _editors: Ids) -> Happening | None:
    message = session.scalar(
        sa.select(Message)
        .where(Message.public_id == event.subject_id)
        .options(joinedload(Message.sender), joinedload(Message.claim))
    )
    if message is None:
        return None
    claim = message.claim
    details = {
        "about": message.text, "who": message.sender.name, "form": "claim" if claim else "alone",
        "claim": claim.public_id if claim else "",
    }  # fmt: skip
    concern = Concern(spoken_to=frozenset({message.recipient_id}), actor=event.actor_id)
    return Happening(message.public_id, concern, details)


_READ_BY: Mapping[str, Callable[[Session, Event, Ids], Happening | None]] = MappingProxyType(
    {
        "round.decided": _closed_round,
        "round.disputed": _closed_round,
        "decision.made": _settled,
        "claim.reopen": _reopened,
        "round.wording-changed": _reworded,
        "round.merged-away": _merged_away,
        "edition.published": _published,
        "letter.sent": _letter,
        "comment.asked": _asked,
        "comment.mentioned": _said,
        "comment.answered": _said,
        "decision.signed": _signed,
        "webhook.disabled": _webhook_disabled,
        "person.change-asked": _change_asked,
        "article.late": _of_article,
        "article.stuck": _of_article,
        "message.sent": _message,
    }
)
