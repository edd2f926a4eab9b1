"""Tables of rounds, reviews, sources and talk."""

from factcheck.reviews.models.gold import GoldAnswer, GoldRate
from factcheck.reviews.models.rounds import Lot, Panel, PracticeDone, Review, Round, Seat, Skip
from factcheck.reviews.models.sources import (
    Citation,
    GivenCopy,
    PooledSource,
    Snapshot,
    Source,
    SourceNote,
)
from factcheck.reviews.models.talk import Comment, EarlierText, PastHiding

__all__ = [
    "Citation",
    "Comment",
    "EarlierText",
    "GivenCopy",
    "GoldAnswer",
    "GoldRate",
    "Lot",
    "Panel",
    "PastHiding",
    "PooledSource",
    "PracticeDone",
    "Review",
    "Round",
    "Seat",
    "Skip",
    "Snapshot",
    "Source",
    "SourceNote",
]
