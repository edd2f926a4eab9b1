"""What there is of the sources that a page shows: our copies, and the quoted words in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from flask import current_app

from factcheck.config import Settings
from factcheck.reviews import snapshots
from factcheck.reviews.models import Citation


def shown_copies(
    citations: Mapping[int, Sequence[Citation]], givers: Collection[int]
) -> dict[tuple[str, str], snapshots.Copy]:
    """Return what there is of cited sources, by their address and the words quoted.

    `givers` are the people whose own copies may be shown: oneself, and who reviewed in rounds that
    are closed.
    """
    settings: Settings = current_app.extensions["factcheck"]
    cited = [(one.source, one.quote) for every in citations.values() for one in every]
    return snapshots.copies(settings.archive, cited, givers)
