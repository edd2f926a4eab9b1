"""Addresses of articles that were taken in before there was one form, in that form.

A look-up is made for one form and asks for the articles that have it; one whose row had another
spelling was missing from the list of a page that was checked twice.
"""

import sqlalchemy as sa
from alembic import op

from factcheck.fetch import FetchRefused, canonical_address

revision = "0042_canonical_addresses"
down_revision = "0041_messages"
branch_labels = None
depends_on = None

_ADDRESSES = sa.table(
    "article_addresses",
    sa.column("id", sa.Integer), sa.column("article_id", sa.Integer), sa.column("url", sa.String),
)  # fmt: skip


def upgrade() -> None:
    """Write each address in its one form, once an article."""
    found = op.get_bind().execute(sa.select(_ADDRESSES).order_by(_ADDRESSES.c.id)).all()
    taken = {(row.article_id, row.url) for row in found}
    for row in found:
        one_form = _one_form(row.url)
        if one_form == row.url:
            continue
        here = _ADDRESSES.c.id == row.id
        if (row.article_id, one_form) in taken:
            op.execute(_ADDRESSES.delete().where(here))
        else:
            op.execute(_ADDRESSES.update().where(here).values(url=one_form))
            taken.add((row.article_id, one_form))


def downgrade() -> None:
    """Leave them: the form was one of those that were written before, too."""


def _one_form(url: str) -> str:
    try:
        return canonical_address(url)
    except FetchRefused:  # looked up by nobody, and no harm
        return url
