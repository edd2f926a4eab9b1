"""The life of a claim as a table, and the reasons for dismissing one. Pure.

The table is the truth; `docs/architecture.md` draws it, `claims/actions.py` reads it.
"""

from __future__ import annotations

from enum import StrEnum

from factcheck.failures import Conflict


class State(StrEnum):
    """Where a claim stands. *Accepted* covers the whole of an open round."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECIDED = "decided"
    READY = "ready"
    DISPUTED = "disputed"
    DISMISSED = "dismissed"


class Verb(StrEnum):
    """What moves a claim from one state to another."""

    ACCEPT = "accept"
    DISMISS = "dismiss"
    TAKE_BACK = "take-back"  # of a dismissal
    AGREE = "agree"  # the reviews of a round agree
    DISAGREE = "disagree"  # the last seat is filled and they do not
    APPROVE = "approve"  # an editor writes what readers are told
    ADJUDICATE = "adjudicate"  # an editor settles a dispute, with reasons
    REOPEN = "reopen"  # a new round


TRANSITIONS: dict[tuple[State, Verb], State] = {
    (State.PROPOSED, Verb.ACCEPT): State.ACCEPTED,
    (State.PROPOSED, Verb.DISMISS): State.DISMISSED,
    (State.DISMISSED, Verb.TAKE_BACK): State.PROPOSED,
    (State.DISMISSED, Verb.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Verb.DISMISS): State.DISMISSED,
    (State.ACCEPTED, Verb.AGREE): State.DECIDED,
    (State.ACCEPTED, Verb.DISAGREE): State.DISPUTED,
    (State.DECIDED, Verb.APPROVE): State.READY,
    (State.DECIDED, Verb.REOPEN): State.ACCEPTED,
    (State.DECIDED, Verb.DISMISS): State.DISMISSED,
    (State.DISPUTED, Verb.ADJUDICATE): State.READY,
    (State.DISPUTED, Verb.REOPEN): State.ACCEPTED,
    (State.DISPUTED, Verb.DISMISS): State.DISMISSED,
    (State.READY, Verb.APPROVE): State.READY,  # a later decision supersedes
    (State.READY, Verb.REOPEN): State.ACCEPTED,
}


class WrongState(Conflict):
    """The claim is not in a state in which that can be done."""


def next_state(state: State, verb: Verb) -> State:
    """Return the state that `verb` leads to from `state`; raise WrongState if it leads nowhere."""
    try:
        return TRANSITIONS[state, verb]
    except KeyError:
        raise WrongState(f"A claim that is {state} cannot be moved by “{verb}”.") from None


class Dismissal(StrEnum):
    """Why a claim is not checked."""

    OPINION = "opinion"
    PREDICTION = "prediction"
    QUESTION = "question"
    TOO_VAGUE = "too-vague"
    NOT_WORTH_CHECKING = "not-worth-checking"
    NOT_A_STATEMENT = "not-a-statement"
    SAME_AS = "same-as"
    OUT_OF_SCOPE = "out-of-scope"
    WOULD_HARM = "would-harm"


PRIORITIES = (0, 1, 2, 3)  # low, normal, high, urgent
NORMAL_PRIORITY = 1
