"""The life of a claim as a table, why one is dismissed, and what its words may be. Pure.

The table is the truth; `docs/architecture.md` draws it, `claims/actions.py` reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from factcheck.articles.rules import check_characters
from factcheck.failures import Conflict, Invalid
from factcheck.methods.rules import Policy
from factcheck.text.propose import PRESELECT, cuts
from factcheck.text.words import content_words


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
    UNACCEPT = "unaccept"  # while nobody was given a seat
    AGREE = "agree"  # the reviews of a round agree
    DISAGREE = "disagree"  # the last seat is filled and they do not
    APPROVE = "approve"  # an editor writes what readers are told
    ADJUDICATE = "adjudicate"  # an editor settles a dispute or leaves it open, with reasons
    REOPEN = "reopen"  # a new round


TRANSITIONS: dict[tuple[State, Verb], State] = {
    (State.PROPOSED, Verb.ACCEPT): State.ACCEPTED,
    (State.PROPOSED, Verb.DISMISS): State.DISMISSED,
    (State.DISMISSED, Verb.TAKE_BACK): State.PROPOSED,
    (State.DISMISSED, Verb.ACCEPT): State.ACCEPTED,
    (State.ACCEPTED, Verb.DISMISS): State.DISMISSED,
    (State.ACCEPTED, Verb.UNACCEPT): State.PROPOSED,
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
        raise WrongState(
            "A claim that is %(state)s cannot be moved by “%(verb)s”.", state=state, verb=verb
        ) from None


_BETWEEN: dict[tuple[State, State], tuple[Verb, ...]] = {
    (State.PROPOSED, State.ACCEPTED): (Verb.ACCEPT,),
    (State.PROPOSED, State.DISMISSED): (Verb.DISMISS,),
    (State.ACCEPTED, State.PROPOSED): (Verb.UNACCEPT,),
    (State.ACCEPTED, State.DISMISSED): (Verb.DISMISS,),
    (State.DISMISSED, State.PROPOSED): (Verb.TAKE_BACK,),
    (State.DISMISSED, State.ACCEPTED): (Verb.ACCEPT,),
    (State.DISMISSED, State.DISMISSED): (Verb.TAKE_BACK, Verb.DISMISS),  # for another reason
}


def verbs_between(state: State, wanted: State) -> tuple[Verb, ...]:
    """Return the verbs by which triage takes a claim from one state to another.

    Raises WrongState where there are none: what reviewers decided does not come back by an undo.
    """
    if (state, wanted) in _BETWEEN:
        return _BETWEEN[state, wanted]
    if state is wanted:
        return ()
    raise WrongState(
        "A claim that is %(state)s is not made %(wanted)s by undoing.", state=state, wanted=wanted
    )


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
LONGEST_RESTATED = 2_000  # code points
LONGEST_CLAIMANT = 200
LONGEST_REPLY = 5_000
LONGEST_SPAN = 5_000  # code points of the text in one claim
PRESELECTED_FROM = PRESELECT


def preselected(score: float) -> bool:
    """Whether a proposal with that score is ticked when triage opens; a person still accepts it."""
    return score >= PRESELECTED_FROM


@dataclass(frozen=True, slots=True)
class Cost:
    """What accepting some claims asks for: `least` to `most` reviews."""

    claims: int
    least: int
    most: int


def cost_of(policies: Iterable[Policy]) -> Cost:
    """Return what claims under these policies, one each, will cost in reviews."""
    chosen = list(policies)
    return Cost(
        len(chosen), sum(one.seats for one in chosen), sum(one.most_seats for one in chosen)
    )


def trimmed_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space at its edges; raise Invalid when it cannot be a claim."""
    if not 0 <= start < end <= len(text):
        raise Invalid(
            "start", "A claim starts before it ends, inside 0 to %(length)s.", length=len(text)
        )
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start >= end:
        raise Invalid("start", "There are no words between these two places.")
    if end - start > LONGEST_SPAN:
        raise Invalid(
            "end", "A claim holds at most %(longest)s characters of the text.", longest=LONGEST_SPAN
        )
    return start, end


def restated_from(words: str) -> str:
    """Return how quoted words read by themselves: blanks made single, capital and stop set."""
    found = " ".join(cut.restated for cut in cuts(words))
    return (found or " ".join(words.split()))[:LONGEST_RESTATED]


def check_words(value: str, field: str, *, longest: int) -> str:
    """Return words that a claim can keep, blanks made single; "" where there is nothing."""
    words = " ".join(value.split())
    check_characters(words, field)
    if len(words) > longest:
        raise Invalid(
            field,
            "This is %(length)s characters long; %(longest)s is the most.",
            length=len(words),
            longest=longest,
        )
    return words


def spans_of_split(
    text: str, whole: tuple[int, int], spans: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the spans of a split, trimmed, in the order given.

    Raises Invalid unless there are two or more, all different, each inside `whole`.
    """
    parts = [trimmed_span(text, start, end) for start, end in spans]
    if len(parts) < 2:
        raise Invalid("spans", "Give two or more parts to split a claim into.")
    if len(set(parts)) < len(parts):
        raise Invalid("spans", "Two of the parts are the same words.")
    if any(start < whole[0] or end > whole[1] for start, end in parts):
        raise Invalid(
            "spans",
            "Each part lies inside the claim, %(start)s to %(end)s.",
            start=whole[0],
            end=whole[1],
        )
    return parts


def likest(words: str, others: Sequence[str], *, most: int = 20) -> list[int]:
    """Return the places of those `others` that share words with `words`, the likest first."""
    return likest_of(
        set(content_words(words)), [set(content_words(other)) for other in others], most=most
    )


def likest_of(words: Set[str], others: Sequence[Set[str]], *, most: int) -> list[int]:
    """Return as `likest` does, of passages whose words were read already."""
    shared = [
        (len(words & theirs) / len(words | theirs), place)
        for place, theirs in enumerate(others) if words & theirs
    ]  # fmt: skip
    return [place for _, place in sorted(shared, key=lambda one: (-one[0], one[1]))[:most]]


def split_places(text: str, start: int, end: int) -> list[int]:
    """Return the offsets inside a claim where another statement seems to begin."""
    return [start + cut.start for cut in cuts(text[start:end])[1:]]
