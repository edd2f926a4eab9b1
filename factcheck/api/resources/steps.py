"""What you did in triage: listing it, undoing it, doing it again."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from factcheck.api.calls import EDITS, OVERSEES, Asked, call
from factcheck.api.queries import all_shown
from factcheck.api.shapes.steps import StepPage, StepTurned, step_shown, steps_shown
from factcheck.articles.queries import article as article_of
from factcheck.desk.triage.steps import steps_of
from factcheck.desk.triage.undoing import Turned, redo, undo


@call("GET", "/articles/{id}/steps", OVERSEES, answer=StepPage)
def list_steps(session: Session, asked: Asked[Any]) -> StepPage:
    """List what you did with the article's claims, the newest first: up to a hundred steps.

    Each edit, acceptance, dismissal, split and merge is one, made through the page or through here.
    """
    return steps_shown(steps_of(session, article_of(session, asked.id), asked.person))


@call("POST", "/steps/{id}/undo", EDITS, answer=StepTurned)
def undo_step(session: Session, asked: Asked[Any]) -> StepTurned:
    """Put the claims of one of your steps back as they stood before it.

    409 where somebody changed since what the step had changed, where a claim that was accepted has
    a reviewer, or reviewers decided; nothing is undone then. What a split made leads to its first
    part afterwards.
    """
    return _shown(session, undo(session, asked.id, actor=asked.person, now=asked.now))


@call("POST", "/steps/{id}/redo", EDITS, answer=StepTurned)
def redo_step(session: Session, asked: Asked[Any]) -> StepTurned:
    """Do a step that you undid once more, until you do something else in its article."""
    return _shown(session, redo(session, asked.id, actor=asked.person, now=asked.now))


def _shown(session: Session, turned: Turned) -> StepTurned:
    left = [claim.public_id for claim in turned.left]
    return StepTurned(step_shown(turned.step), all_shown(session, turned.claims), left)
