"""The page on which an editor tells readers what the reviews came to, or ends a dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from factcheck import clock
from factcheck.accounts.browser_session import signed_in
from factcheck.accounts.models import Person
from factcheck.claims import queries as claims
from factcheck.claims.models import Claim
from factcheck.claims.rules import State
from factcheck.db import current_session, writing
from factcheck.decisions import actions
from factcheck.decisions.forms import TypedVerdict, prefilled, typed_verdict
from factcheck.decisions.queries import Shown, chain_of
from factcheck.decisions.rules import Told, VerdictWords, choices, draft_summary
from factcheck.decisions.views.copies import shown_copies
from factcheck.decisions.views.passage import Passage, claim_with_passage
from factcheck.failures import Conflict, Forbidden, Invalid
from factcheck.markup import rationale_html, remark_html
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE, Scale
from factcheck.reviews import queries
from factcheck.reviews.forms import Problems, SourceRow
from factcheck.reviews.models import Citation, Review
from factcheck.reviews.queries import OwnRound
from factcheck.reviews.threads import Thread, thread_of, words_for
from factcheck.web.access import Caller, access
from factcheck.web.paging import cursor, number_of
from factcheck.web.wording import worded

bp = Blueprint("deciding", __name__, url_prefix="/work/claims/<public_id>")


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows. Without `options` there is nothing to decide."""

    claim: Claim
    passage: Passage
    scale: Scale
    here: OwnRound | None
    reviews: Sequence[Review]
    citations: dict[int, list[Citation]]
    thread: Thread
    chain: Sequence[Shown]
    options: tuple[str, ...]
    has_reviewed: bool

    @property
    def is_dispute(self) -> bool:
        """Whether the reviews did not agree, so that reasons are needed and notes are opened."""
        return self.here is not None and self.here.round.outcome == "disputed"

    @property
    def may_leave_open(self) -> bool:
        """Whether an editor may tell readers that reviewers disagree."""
        return DISAGREE.key in self.options

    @property
    def counted(self) -> list[Review]:
        """The reviews that count."""
        return [one for one in self.reviews if one.state == "submitted"]

    @property
    def waiting(self) -> Shown | None:
        """What one editor signed and another has to, if anything."""
        if self.chain and not self.chain[-1].decision.in_force:
            return self.chain[-1]
        return None


def _page_of(session: Session, public_id: str, me: Person) -> Page:
    claim, passage = claim_with_passage(session, public_id)
    rounds = queries.own_rounds(session, claim, me)
    closed = [one for one in rounds if one.round.closed_at is not None and not one.round.is_gold]
    here = closed[-1] if closed else None
    is_open = claim.state in {State.DECIDED, State.DISPUTED, State.READY}
    scale = methods.scale(here.round.scale_key) if here else claims.scale_of(claim)
    every = queries.reviews_of(session, claim, me) if here else []
    reviews = [one for one in every if here and one.round_id == here.round.id
               and one.state != "draft"]  # fmt: skip
    chain = chain_of(session, claim) if here else []
    own = here.review if here else None
    return Page(
        claim, passage, scale, here, _disagreement_first(reviews, scale),
        queries.citations_by_review(session, [one.id for one in reviews]),
        thread_of(session, claim, me, rounds, before=number_of(request.args.get("talk"))), chain,
        _options(here, chain, scale) if here and is_open else (),
        own is not None and own.state != "draft",
    )  # fmt: skip


def _options(here: OwnRound, chain: Sequence[Shown], scale: Scale) -> tuple[str, ...]:
    for shown in chain:
        decision = shown.decision
        if decision.kind == "agreement" and decision.round_id == here.round.id:
            return choices(decision.options, scale)
    return choices(None, scale)


def _disagreement_first(reviews: Sequence[Review], scale: Scale) -> list[Review]:
    """Return reviews with those of the rarest group first; late ones last."""
    groups = [scale.rating(str(one.rating)).group for one in reviews]
    counted = [group for one, group in zip(reviews, groups, strict=True) if one.state != "late"]
    paired = sorted(
        zip(reviews, groups, strict=True),
        key=lambda pair: (pair[0].state == "late", counted.count(pair[1]), pair[0].id),
    )
    return [one for one, _ in paired]


def _prefilled(page: Page) -> TypedVerdict:
    """Return the form as it is first shown: what stands or waits, else a draft of the reviews."""
    cited: dict[str, Any] = {}
    for review in page.counted:
        for one in page.citations[review.id]:
            cited.setdefault(one.source.url, actions.cited_as(one))
    told = [one for one in page.chain if one.decision.summary]
    if page.waiting is not None or (told and page.claim.state == State.READY):
        stands = told[-1]
        words = actions.words_of(stands.decision, stands.sources)
        return prefilled(words, tuple(cited.values()))
    agreed = next((one.decision for one in reversed(page.chain) if one.decision.in_force), None)
    rating = (agreed.rating or "") if agreed and not page.is_dispute else ""
    summary = draft_summary(
        [Told(str(one.rating), one.rationale) for one in page.counted], rating or None
    )
    published = page.claim.article.published
    return prefilled(VerdictWords(rating, summary, as_of=published), tuple(cited.values()))


def _with_asked(typed: TypedVerdict) -> TypedVerdict:
    """Return the form with the source in it that a link to the page asks for."""
    url = request.args.get("cite", "")
    if not url or any(row.url == url for row in typed.rows):
        return typed
    row = SourceRow(url=url, title=request.args.get("title", ""), is_shown=True)
    return replace(typed, rows=(*typed.rows, row))


def page(
    public_id: str, typed: TypedVerdict | None = None, status: int = 200, **given: Any
) -> ResponseReturnValue:
    """Return the page, with what was typed in its form; without, with what there is to tell."""
    shown = _page_of(current_session(), public_id, signed_in())
    given["copies"] = shown_copies(
        shown.citations, {signed_in().id, *(one.person_id for one in shown.reviews)}
    )
    typed = _with_asked(_prefilled(shown)) if typed is None else typed
    given.setdefault("problems", Problems())
    html = render_template(
        "decisions/decide.html", page=shown, typed=typed,
        rows=(*typed.rows, SourceRow(is_shown=True)), rationale_html=rationale_html, worded=worded,
        remark_html=remark_html, words_for=words_for, cursor=cursor,
        is_done=request.args.get("done") == "1", **given,
    )  # fmt: skip
    return html, status


@bp.route("/decide")
@access(Caller.EDITOR)
def show(public_id: str) -> ResponseReturnValue:
    """Show the reviews side by side, and the form with what readers will be told."""
    return page(public_id)


@bp.route("/decide", methods=["POST"])
@access(Caller.EDITOR)
def decide(public_id: str) -> ResponseReturnValue:
    """Make the claim ready with what was typed, or change the form where a button says so."""
    typed = typed_verdict(request.form)
    do = request.form.get("do", "")
    if do.startswith("remove-"):
        kept = tuple(row for place, row in enumerate(typed.rows, 1) if do != f"remove-{place}")
        return page(public_id, replace(typed, rows=kept))
    if do == "add":
        return page(public_id, typed)
    try:
        with writing() as session:
            claim = claims.claim(session, public_id)
            actions.decide_claim(session, claim, typed.words(), actor=signed_in(), now=clock.now())
    except Invalid:
        return page(public_id, typed, 422, problems=_problems(public_id, typed))
    except (Conflict, Forbidden) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 403
        return page(public_id, typed, status, failure=worded(refusal))
    return redirect(url_for("deciding.show", public_id=public_id, done=1))


def _problems(public_id: str, typed: TypedVerdict) -> Problems:
    session = current_session()
    basis = actions.basis_of(session, claims.claim(session, public_id))
    scale = methods.scale(basis.round.scale_key)
    return Problems.of(actions.problems_of(session, typed.words(), basis, scale))


@bp.route("/reopen", methods=["POST"])
@access(Caller.EDITOR)
def reopen(public_id: str) -> ResponseReturnValue:
    """Open the claim for a new round."""
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            claim = claims.claim(session, public_id)
            actions.reopen_claim(session, claim, reason, actor=signed_in(), now=clock.now())
    except Invalid as invalid:
        return page(public_id, None, 422, problems=Problems.of([invalid]))
    except Conflict as conflict:
        return page(public_id, None, 409, failure=worded(conflict))
    return redirect(url_for("deciding.show", public_id=public_id))
