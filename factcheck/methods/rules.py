"""What a scale and a policy are, and how reviews are decided under them. Pure.

Ratings lie in *groups* of their scale; reviews agree when enough of them lie in one group. The
outcome depends on the multiset of ratings alone, never on their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from factcheck.failures import Invalid

LONGEST_NAME = 60  # code points, of a policy
LONGEST_DESCRIPTION = 500
LEAST_SEATS, MOST_SEATS, MOST_STEPS, MOST_SOURCES = 2, 15, 3, 10
EXIT = "exit"  # the group that is no verdict: it goes back to the editor


@dataclass(frozen=True, slots=True)
class Rating:
    """One value of a scale, with all that pages need to show it without colour."""

    key: str
    label: str
    group: str
    short: str  # ten words or so, for the row
    definition: str
    shape: str  # the icon: id of a symbol in the sprite
    line: str  # the line under a claim, as CSS
    colour: tuple[str, str]  # on light and on dark paper
    value: int | None  # ClaimReview's ratingValue, for ratings in order only
    sources_needed: int

    @property
    def is_verdict(self) -> bool:
        """Whether it judges the claim, so that there is a ClaimReview of it."""
        return self.group not in {EXIT, DISAGREE.group}


DISAGREE = Rating(
    "disagree", "Reviewers disagree", "disagree",
    "Left open, with what each of them found.",
    "The people who reviewed it did not agree. We do not choose between them, and show what each"
    " of them found.",
    "v-disagree", "double 2px", ("#000000", "#c4ae8e"), None, 1,
)  # fmt: skip
"""How a dispute that is left open is shown. No scale has it, and no reviewer can give it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A published rating scale. Claims are pinned to the version they were reviewed under."""

    key: str
    version: int
    name: str
    ratings: tuple[Rating, ...]

    def rating(self, key: str) -> Rating:
        """Return the rating with that key; raise KeyError if the scale has none."""
        for rating in self.ratings:
            if rating.key == key:
                return rating
        raise KeyError(key)

    def finding(self, key: str) -> Rating:
        """Return what readers are told by that key: a rating, or that reviewers disagree."""
        return DISAGREE if key == DISAGREE.key else self.rating(key)


@dataclass(frozen=True, slots=True)
class Policy:
    """How many seats a round opens, how many must agree, and what follows if they do not.

    `by_lot`: only who is drawn reviews, and each step is a fresh panel, judged by itself.
    `least_sources` holds for ratings that need any; `archived_only`: each has a copy.
    """

    key: str
    name: str
    description: str
    seats: int
    agree: int
    next: Policy | None = None
    by_lot: bool = False
    least_sources: int = 1
    archived_only: bool = False

    def sources_needed(self, rating: Rating) -> int:
        """How many sources a rating needs under this policy; a scale can ask for more."""
        needed = rating.sources_needed
        return max(needed, self.least_sources) if needed else 0

    @property
    def most_seats(self) -> int:
        """The number of seats if every step is taken."""
        if self.next is None:
            return self.seats
        return self.next.most_seats + (self.seats if self.by_lot else 0)

    def step(self, number: int) -> Policy:
        """Return the policy from that step on, 1 being the first; raise LookupError past the last.

        Under `by_lot`, the ratings of a panel are decided under its step.
        """
        if number == 1:
            return self
        if self.next is None:
            raise LookupError(number)
        return self.next.step(number - 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A policy as an editor asks for it; `steps` are (seats, agree), seats from the first on."""

    name: str
    description: str
    steps: tuple[tuple[int, int], ...]
    least_sources: int = 1
    archived_only: bool = False


def checked_policy(wanted: Wanted) -> Wanted:
    """Return a wish without needless white space; raise Invalid for what cannot be a policy.

    Each step asks for a majority, so that a tie never decides, and for no more further votes than
    it adds seats, so that a further agreeing review never undoes agreement.
    """
    name, description = (" ".join(one.split()) for one in (wanted.name, wanted.description))
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid("name", "Give a name of 1 to %(longest)s characters.", longest=LONGEST_NAME)
    if not 1 <= len(description) <= LONGEST_DESCRIPTION or not description.isprintable():
        raise Invalid(
            "description", "Say in 1 to %(longest)s characters how it decides: readers are told.",
            longest=LONGEST_DESCRIPTION,
        )  # fmt: skip
    if not 0 <= wanted.least_sources <= MOST_SOURCES:
        raise Invalid("least_sources", "Ask for 0 to %(most)s sources.", most=MOST_SOURCES)
    if not 1 <= len(wanted.steps) <= MOST_STEPS:
        raise Invalid("steps", "Give 1 to %(most)s steps.", most=MOST_STEPS)
    for place, step in enumerate(wanted.steps):
        _check_step(step, wanted.steps[place - 1] if place else None)
    return replace(wanted, name=name, description=description)


def _check_step(step: tuple[int, int], before: tuple[int, int] | None) -> None:
    seats, agree = step
    least = before[0] + 1 if before else LEAST_SEATS
    if not least <= seats <= MOST_SEATS:
        raise Invalid(
            "steps", "A step takes %(least)s to %(most)s seats: at least two, and more than the"
            " one before.", least=least, most=MOST_SEATS,
        )  # fmt: skip
    if not seats < 2 * agree <= 2 * seats:
        raise Invalid("steps", "More than half of %(seats)s have to agree.", seats=seats)
    if before and agree - before[1] > seats - before[0]:
        raise Invalid(
            "steps", "With %(seats)s seats, at most %(most)s can have to agree: else a review that"
            " agrees could undo what was agreed.", seats=seats, most=before[1] + seats - before[0],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Open:
    """The round goes on; it has this many seats now."""

    seats: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """The reviews agree on a group of the scale.

    `rating` is the majority's, or None when an editor must pick one of `options` (the ratings given
    in the group, in scale order).
    """

    group: str
    rating: str | None
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disputed:
    """Every seat is filled and no group has enough of them."""


Outcome = Open | Agreed | Disputed


def decide(ratings: Sequence[str], policy: Policy, scale: Scale) -> Outcome:
    """Return what the submitted `ratings` (keys, in any order) come to under `policy`.

    A step of the policy is judged when all of its seats are filled; until then the round is open.
    With more reviews than a step has seats, it is agreed only if it was whichever of them came
    first: so a panel that failed is not made to agree by a few of the next one's seats.
    """
    if len(ratings) < policy.seats:
        return Open(policy.seats)
    if policy.next and len(ratings) >= policy.next.seats:
        return decide(ratings, policy.next, scale)
    groups = Counter(scale.rating(key).group for key in ratings)
    group, votes = groups.most_common(1)[0]
    if votes - (len(ratings) - policy.seats) >= policy.agree:
        return _agreed(group, ratings, scale)
    return Open(policy.next.seats) if policy.next else Disputed()


def _agreed(group: str, ratings: Sequence[str], scale: Scale) -> Agreed:
    given = Counter(key for key in ratings if scale.rating(key).group == group)
    most = max(given.values())
    leaders = [key for key, votes in given.items() if votes == most]
    options = tuple(rating.key for rating in scale.ratings if rating.key in given)
    return Agreed(group, leaders[0] if len(leaders) == 1 else None, options)
