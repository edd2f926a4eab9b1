"""Claims: listing, proposing, editing, cutting, merging, and earlier checks like one."""

from __future__ import annotations

from typing import Any

import msgspec
from flask_babel import gettext as _
from msgspec import UNSET
from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, READS, REVIEWS, Answer, Asked, call
from factcheck.api.cursors import PageQuery, key_of, page
from factcheck.api.problems import unprocessable
from factcheck.api.queries import all_shown, claims_after, place_of, shown
from factcheck.api.resources.articles import given_changes
from factcheck.api.shapes.claims import (
    Accepted,
    Accepting,
    ClaimEdit,
    ClaimPage,
    ClaimShown,
    ClaimsQuery,
    ClaimsShown,
    Confirmation,
    Elsewhere,
    MatchPage,
    MatchShown,
    Merge,
    NewClaim,
    Split,
    verdict_shown,
)
from factcheck.api.versions import require_current
from factcheck.articles.models import Article
from factcheck.articles.queries import article as article_of
from factcheck.claims import actions, queries
from factcheck.claims.actions.edits import WORDING
from factcheck.claims.models import Claim
from factcheck.claims.rules import State, WrongState
from factcheck.decisions import cutting
from factcheck.decisions.queries import CheckElsewhere, EarlierCheck, earlier_checks
from factcheck.desk import lists
from factcheck.desk.finding import asked_for, find
from factcheck.desk.triage.page import by_score
from factcheck.desk.triage.steps import Did, keeping
from factcheck.reviews.actions import mark_wording_changed
from factcheck.reviews.rounds import check_policy_is_free

_TRIAGE_FIELDS = ("state", "dismissal", "same_as")


@call("GET", "/articles/{id}/claims", READS, query=PageQuery, answer=ClaimPage)
def list_claims(session: Session, asked: Asked[PageQuery]) -> ClaimPage:
    """List an article's claims in text order; those whose words are gone come last."""
    article = article_of(session, asked.id)
    after = key_of(asked.given.cursor, int, int, str)
    found = claims_after(session, article, after, limit=asked.given.limit + 1)
    items, following = page(found, asked.given.limit, place_of)
    return ClaimPage(all_shown(session, items), following)


@call("GET", "/claims", OVERSEES, query=ClaimsQuery, answer=ClaimPage)
def list_all_claims(session: Session, asked: Asked[ClaimsQuery]) -> ClaimPage:
    """List claims of one state, narrowed by any filters together, as the lists of the desk are.

    `next` belongs to the same filters and order. Where several filters are met by few claims, a
    page may hold less than `limit`, or nothing, and still have a `next`: it looked through 2,000.
    """
    given = msgspec.structs.asdict(asked.given)
    place, limit = given.pop("cursor"), given.pop("limit")
    wanted = asked_for(session, given, now=asked.now)
    found = find(session, wanted, after=lists.place_in(place, wanted), limit=limit)
    following = lists.cursor_of(found.following, wanted) if found.following else None
    return ClaimPage(all_shown(session, found.claims), following)


@call("POST", "/articles/{id}/claims", REVIEWS, body=NewClaim, answer=ClaimShown, status=201)
def propose(session: Session, asked: Asked[NewClaim]) -> Answer:
    """Propose a claim over words of the current text; white space at its edges is left out."""
    given, article = asked.given, article_of(session, asked.id)
    who: dict[str, Any] = {"actor": asked.person, "now": asked.now}
    with keeping(session, article, [], Did.PROPOSED, **who) as made:
        claim = actions.propose_claim(
            session,
            article,
            given.start,
            given.end,
            restated=None if given.restated is UNSET else given.restated,
            claimant=None if given.claimant is UNSET else given.claimant,
            **who,
        )
        made.by_hand(claim)
    location = {"Location": f"/api/v1/claims/{claim.public_id}"}
    return Answer(shown(session, claim), headers=location)


@call("POST", "/articles/{id}/accept", EDITS, body=Accepting, answer=Accepted)
def accept(session: Session, asked: Asked[Accepting]) -> Accepted:
    """Accept proposed claims of an article: those named, the best so many, or from a score on.

    By score, those are left out whose words are gone. A claim that somebody accepted or dismissed
    meanwhile is passed over. `POST /batches` does the same with a preview and undo.
    """
    article = article_of(session, asked.id)
    chosen = _chosen(session, article, asked.given)
    who: dict[str, Any] = {"actor": asked.person, "now": asked.now}
    with keeping(session, article, chosen, Did.ACCEPTED_ALL, **who):
        accepted = actions.accept_claims(session, chosen, **who)
    return Accepted([one.public_id for one in sorted(accepted, key=place_of)])


def _chosen(session: Session, article: Article, given: Accepting) -> list[Claim]:
    ways = [name for name, one in msgspec.structs.asdict(given).items() if one is not UNSET]
    if len(ways) != 1:
        sentence = _("Give exactly one of claims, best and least.")
        raise unprocessable(ways[1] if ways else "claims", sentence)
    if given.claims is not UNSET:
        return queries.claims_in(session, article, given.claims)
    proposed = [
        one for one in by_score(queries.claims_of(session, article))
        if one.state == State.PROPOSED and one.start is not None
    ]  # fmt: skip
    if given.best is not UNSET:
        return proposed[: given.best]
    least = 0.0 if given.least is UNSET else given.least
    return [one for one in proposed if one.score >= least]


@call("GET", "/claims/{id}", READS, answer=ClaimShown)
def read_claim(session: Session, asked: Asked[Any]) -> ClaimShown:
    """Read a claim; the address of one that was merged leads to the one that stays."""
    return shown(session, queries.standing(queries.claim(session, asked.id)))


@call("PATCH", "/claims/{id}", EDITS, body=ClaimEdit, answer=ClaimShown, versioned=True)
def edit_claim(session: Session, asked: Asked[ClaimEdit]) -> ClaimShown:
    """Change a claim: its edges, its words, how it is handled, or its state.

    `state` accepts a claim, dismisses it with a `dismissal`, or takes a dismissal back
    (`proposed`). Edited while its round is open, reviews in hand are marked, and their authors
    asked to confirm. The policy can be set until a round opens.
    """
    claim = queries.claim(session, asked.id)
    changes = given_changes(asked.given)
    moves = {name: changes.pop(name) for name in _TRIAGE_FIELDS if name in changes}
    with keeping(session, claim.article, [claim], _did(changes, moves),
                 actor=asked.person, now=asked.now):  # fmt: skip
        require_current(asked, shown(session, claim))
        _edit(session, claim, changes, moves, asked)
    return shown(session, claim)


def _did(changes: dict[str, Any], moves: dict[str, Any]) -> Did:
    """Return which step of triage an edit is."""
    if moves:
        steps = {State.ACCEPTED: Did.ACCEPTED, State.PROPOSED: Did.TAKEN_BACK}
        return steps.get(moves.get("state", State.DISMISSED), Did.DISMISSED)
    return Did.MOVED if {*changes} and {*changes} <= {"start", "end"} else Did.EDITED


def _edit(
    session: Session, claim: Claim, changes: dict[str, Any], moves: dict[str, Any],
    asked: Asked[ClaimEdit],
) -> None:  # fmt: skip
    tags = changes.pop("tags", None)
    if changes.get("policy", claim.policy_key) != claim.policy_key:
        check_policy_is_free(session, claim)
    different = actions.edit_claim(
        session, claim, changes, version=None, actor=asked.person, now=asked.now
    )
    if different & WORDING:
        mark_wording_changed(session, claim, asked.now)
    if tags is not None:
        actions.tag_claim(session, claim, tags, actor=asked.person, now=asked.now)
    if moves:
        _move(session, claim, moves, asked)


@call(
    "POST",
    "/claims/{id}/confirm-words",
    EDITS,
    body=Confirmation,
    answer=ClaimShown,
    versioned=True,
)
def confirm_claim(session: Session, asked: Asked[Confirmation]) -> ClaimShown:
    """Say that a claim whose `anchor` is *changed* claims the same in its new words.

    One that claims something else is edited instead; one that is *gone* is put where it stands by
    an edit of `start` and `end`.
    """
    claim = queries.claim(session, asked.id)
    who: dict[str, Any] = {"actor": asked.person, "now": asked.now}
    with keeping(session, claim.article, [claim], Did.EDITED, **who):
        require_current(asked, shown(session, claim))
        actions.confirm_words(session, claim, version=None, **who)
    return shown(session, claim)


@call("POST", "/claims/{id}/split", EDITS, body=Split, answer=ClaimsShown)
def split(session: Session, asked: Asked[Split]) -> ClaimsShown:
    """Cut a claim into several; the first of `spans` keeps id, reviews and history.

    Authors of reviews in hand are asked to confirm them; a claim that was decided is opened for a
    new round.
    """
    claim = queries.claim(session, asked.id)
    who: dict[str, Any] = {"actor": asked.person, "now": asked.now}
    with keeping(session, claim.article, [claim], Did.SPLIT, **who) as made:
        parts = cutting.split_claim(session, claim, asked.given.spans, **who)
        made.by_split(claim, parts[1:])
    return ClaimsShown(all_shown(session, parts))


@call("POST", "/claims/merge", EDITS, body=Merge, answer=ClaimShown)
def merge(session: Session, asked: Asked[Merge]) -> ClaimShown:
    """Make one claim of several; the others' addresses lead to the one that stays.

    The one nearest to readers stays (ready, decided or disputed, accepted, proposed), of several
    the first in the text. Reviews of the others do not count for it; drafts go over to it. If its
    words change, it is as after a split.
    """
    given = asked.given
    claims = list(queries.claims_by_public_id(session, given.claims).values())
    span = None if given.span is UNSET else given.span
    who: dict[str, Any] = {"actor": asked.person, "now": asked.now}
    with keeping(session, claims[0].article, claims, Did.MERGED, **who):
        stays = cutting.merge_claims(session, claims, span=span, **who)
    return shown(session, stays)


@call("GET", "/claims/{id}/matches", READS, answer=MatchPage)
def list_matches(session: Session, asked: Asked[Any]) -> MatchPage:
    """List earlier checks like a claim, the most alike first, with what differs in words."""
    found = earlier_checks(session, queries.claim(session, asked.id))
    return MatchPage([_match(one) for one in found], None)


def _match(one: EarlierCheck | CheckElsewhere) -> MatchShown:
    differences = [str(difference) for difference in one.match.differences]
    if isinstance(one, EarlierCheck):
        return MatchShown(
            one.claim.public_id, one.claim.article.public_id, one.claim.restated,
            verdict_shown(one.claim, one.decision), one.match.similarity, differences,
        )  # fmt: skip
    check = one.check
    return MatchShown(
        check.public_id, None, check.text, None, one.match.similarity, differences,
        Elsewhere(check.url, check.title, check.publisher, check.rating, check.published,
                  check.language),
    )  # fmt: skip


def _move(session: Session, claim: Claim, moves: dict[str, Any], asked: Asked[ClaimEdit]) -> None:
    """Bring a claim to the state asked for; what it already is stays."""
    dismissal = moves.get("dismissal")
    wanted = moves.get("state", State.DISMISSED if dismissal else claim.state)
    if wanted != State.DISMISSED and (dismissal or "same_as" in moves):
        raise unprocessable(
            "dismissal", _("Only a claim that is being dismissed has a reason for it.")
        )
    if wanted == State.DISMISSED:
        _dismiss(session, claim, moves, asked)
    elif wanted == claim.state:
        return
    elif wanted == State.ACCEPTED and claim.state in {State.PROPOSED, State.DISMISSED}:
        actions.accept_claim(session, claim, actor=asked.person, now=asked.now)
    elif wanted == State.PROPOSED and claim.state == State.DISMISSED:
        actions.take_back(session, claim, actor=asked.person, now=asked.now)
    else:
        raise WrongState(
            "A claim that is %(state)s does not become %(wanted)s by an edit.",
            state=claim.state,
            wanted=wanted,
        )


def _dismiss(
    session: Session, claim: Claim, moves: dict[str, Any], asked: Asked[ClaimEdit]
) -> None:
    dismissal = moves.get("dismissal", claim.dismissal)
    same_as = None
    if "same_as" in moves:
        same_as = queries.claim(session, moves["same_as"])
    elif dismissal == claim.dismissal:
        same_as = claim.same_as
    if claim.state == State.DISMISSED:
        if (dismissal, same_as) == (claim.dismissal, claim.same_as):
            return
        actions.take_back(session, claim, actor=asked.person, now=asked.now)
    actions.dismiss_claim(
        session, claim, dismissal or "", same_as=same_as, actor=asked.person, now=asked.now
    )
