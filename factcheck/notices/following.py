"""Following corrections by mail without an account: asking to, confirming it, stopping.

Whoever types an address is told the same whatever is known of it, and each ask writes, so that its
time tells nothing either. Jobs and links name followers by public id: the address stands in its
row alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from factcheck.accounts.actions import checked_email
from factcheck.accounts.secrets import keyed_digest, sealed, unsealed
from factcheck.accounts.signing_in import network_of
from factcheck.failures import Invalid
from factcheck.notices.follower_links import BadFollowLink
from factcheck.notices.models import FollowAsk, Follower, FollowerMail
from factcheck.outbox import enqueue

QUESTION, FORGET = "follow-question", "follow-forget"  # jobs
CONFIRM_WITHIN = timedelta(days=2)  # after that an address that was not confirmed is deleted
PER_NETWORK = (5, timedelta(hours=1))
PER_ADDRESS = (3, timedelta(days=1))  # mails that ask; further ones are not sent, and not refused
MOST_UNCONFIRMED = 5_000  # in all: a flood ends here
_PURPOSE = "follower"


class TooManyAsks(Invalid):
    """The network, or all together, asked more often than mails should go."""


def ask(
    session: Session, email: str, article_id: int | None, *, caller: str, key: str, now: datetime
) -> None:
    """Ask an address by mail whether it wants to follow an article, or all with None.

    Raises Invalid for what is no address, TooManyAsks. `caller` is the network address that asks;
    `key` names and seals.
    """
    email = checked_email(email)
    network = keyed_digest(key, f"follow-from:{network_of(caller)}")
    named = keyed_digest(key, f"{_PURPOSE}:{email}")
    _one_at_a_time(session, network, named)
    _check_network(session, network, now)
    is_often = _asks(session, named, now - PER_ADDRESS[1]) >= PER_ADDRESS[0]
    session.execute(sa.delete(FollowAsk).where(FollowAsk.at < now - PER_ADDRESS[1]))
    session.add_all(FollowAsk(counted_as=name, at=now) for name in (network, named))
    follower = _follower(session, named, article_id)
    if follower is None and not is_often:
        follower = Follower(
            named=named, sealed_address=sealed(key, _PURPOSE, email), article_id=article_id
        )
        session.add(follower)
    if follower is not None and follower.confirmed_at is None and not is_often:
        follower.asked_at = now
        session.flush()
        payload = {"follower": follower.public_id}
        enqueue(session, QUESTION, payload, now=now)
        enqueue(session, FORGET, payload, now=now, due=now + CONFIRM_WITHIN)


def _one_at_a_time(session: Session, *names: str) -> None:
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        for name in sorted(names):
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(name[:15], 16))))


def _check_network(session: Session, network: str, now: datetime) -> None:
    most, window = PER_NETWORK
    if _asks(session, network, now - window) >= most:
        raise TooManyAsks("email", "You asked several times within an hour. Try again later.")
    unconfirmed = sa.select(Follower.id).where(Follower.confirmed_at.is_(None))
    if session.scalar(unconfirmed.offset(MOST_UNCONFIRMED - 1).limit(1)) is not None:
        raise TooManyAsks("email", "More people ask than we can mail now. Try again tomorrow.")


def _asks(session: Session, name: str, since: datetime) -> int:
    counted = sa.select(sa.func.count()).select_from(FollowAsk)
    return session.scalar(counted.where(FollowAsk.counted_as == name, FollowAsk.at >= since)) or 0


def _follower(session: Session, named: str, article_id: int | None) -> Follower | None:
    same = Follower.article_id.is_not_distinct_from(article_id)
    return session.scalar(sa.select(Follower).where(Follower.named == named, same))


def unconfirmed(session: Session, public_id: str, *, now: datetime) -> Follower:
    """Return who was asked and may still say yes, held until the end; raise BadFollowLink."""
    found = session.scalar(
        sa.select(Follower)
        .where(
            Follower.public_id == public_id,
            Follower.confirmed_at.is_(None),
            Follower.asked_at > now - CONFIRM_WITHIN,
        )
        .with_for_update()
    )
    if found is None:
        raise BadFollowLink("This link was used before, or is too old.")
    return found


def confirm(session: Session, public_id: str, *, now: datetime) -> Follower:
    """Take the yes of who was asked, once, and return them; raise BadFollowLink."""
    found = unconfirmed(session, public_id, now=now)
    found.confirmed_at = now
    return found


def stop(session: Session, public_id: str) -> None:
    """Delete a follower and all that is known of them; who is gone already stays gone."""
    _delete(session, Follower.public_id == public_id)


def forget(session: Session, public_id: str, *, now: datetime) -> None:
    """Delete who did not say yes in time, unless they were asked anew since."""
    _delete(
        session,
        Follower.public_id == public_id,
        Follower.confirmed_at.is_(None),
        Follower.asked_at <= now - CONFIRM_WITHIN,
    )


def _delete(session: Session, *which: sa.ColumnElement[bool]) -> None:
    ids = session.scalars(sa.select(Follower.id).where(*which).with_for_update()).all()
    session.execute(sa.delete(FollowerMail).where(FollowerMail.follower_id.in_(ids)))
    session.execute(sa.delete(Follower).where(Follower.id.in_(ids)))


def address_of(follower: Follower, key: str) -> str:
    """Return a follower's address; raise BrokenSeal where it was sealed with another key."""
    return unsealed(key, _PURPOSE, follower.sealed_address)
