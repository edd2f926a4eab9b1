"""What the mails to followers say. All of it stands in editions that were published."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from factcheck.config import Settings
from factcheck.editions.models import Edition
from factcheck.editions.search import entry_of_article_id
from factcheck.editions.shown import ShownEdition
from factcheck.editions.site import as_published
from factcheck.notices.follower_links import Link, link
from factcheck.notices.following import CONFIRM_WITHIN, address_of
from factcheck.notices.models import Follower

Letter = dict[str, Any]
_LONGEST_TITLE = 120  # code points of a subject


def question(follower: Follower, title: str, settings: Settings) -> Letter:
    """Return the letter that asks whether they want to follow the article of that title, or all."""
    wanted = _("be mailed when a verdict in “%(title)s” is corrected", title=title)
    if not title:
        wanted = _("be mailed whenever a verdict of this site is corrected")
    parts = [
        _("Somebody, you we hope, asked at %(site)s to %(wanted)s.",
          site=settings.public_url, wanted=wanted),
        _("If you want that, open this address and press the button:"),
        link(settings, Link.CONFIRM, follower.public_id),
        _("If not, do nothing: no further mail comes, and this address is deleted after "
          "%(days)s days.", days=CONFIRM_WITHIN.days),
    ]  # fmt: skip
    return {
        "to": address_of(follower, settings.secret_key),
        "subject": _("Do you want to follow corrections?"),
        "text": "\n\n".join(parts) + "\n",
    }


def correction(follower: Follower, edition: Edition, settings: Settings) -> Letter:
    """Return the letter that tells which verdicts an edition corrected, from which to which."""
    shown = as_published(edition).shown
    home = f"{settings.public_url}/articles/{shown.slug}/"
    changed = [change for change in shown.changes if change["kind"] == "verdict"]
    parts = [
        _("We corrected what we say in “%(title)s”, edition %(number)s.",
          title=shown.title, number=str(shown.number)),
        *(_corrected(shown, change, home) for change in changed),
    ]  # fmt: skip
    if note := shown.words(shown.record["note"]):
        parts.append(note)
    parts.append(_("The article: %(url)s", url=home))
    before = f"{home}editions/{shown.number - 1}/"
    parts.append(_("As it stood before: %(url)s", url=before))
    subject = _("Correction: %(title)s", title=_in_a_line(shown.title))
    return _letter(follower, subject, parts, settings)


def _corrected(shown: ShownEdition, change: dict[str, Any], home: str) -> str:
    claim = shown.by_id[change["claim"]]
    was, now = (shown.scale.finding(change[side]).label for side in ("from", "to"))
    moved = _("It was: %(was)s. It is now: %(now)s.", was=_(was), now=_(now))
    why = claim.reasons or claim.summary.split("\n\n")[0]
    lines = [f"“{claim.restated}”", moved, _("Why: %(why)s", why=why), f"{home}claims/{claim.id}/"]
    return "\n".join(lines)


def withdrawal(
    session: Session, follower: Follower, edition: Edition, settings: Settings
) -> Letter:
    """Return the letter that tells of a withdrawn edition, with no word of what it said."""
    slug, title = edition.article.slug, _title(session, edition)
    parts = [
        _("We withdrew edition %(number)s of “%(title)s”. What it said does not hold.",
          number=str(edition.number), title=title),
        _("Why: %(why)s", why=edition.withdrawn_because),
        f"{settings.public_url}/articles/{slug}/",
    ]  # fmt: skip
    subject = _("Withdrawn: %(title)s", title=_in_a_line(title))
    return _letter(follower, subject, parts, settings)


def claim_withdrawal(
    session: Session, follower: Follower, edition: Edition, claim: str, settings: Settings
) -> Letter:
    """Return the letter that tells that what was said of one claim was withdrawn, not what."""
    title = _title(session, edition)
    parts = [
        _("We withdrew what we said of one claim in “%(title)s”. It does not hold.", title=title),
        _("Why: %(why)s", why=edition.claims_withdrawn[claim]["because"]),
        f"{settings.public_url}/articles/{edition.article.slug}/claims/{claim}/",
    ]
    subject = _("Withdrawn: %(title)s", title=_in_a_line(title))
    return _letter(follower, subject, parts, settings)


def _title(session: Session, edition: Edition) -> str:
    """Return the title that readers know an article by, its address where nothing stands of it."""
    standing = entry_of_article_id(session, edition.article_id)
    return standing.title if standing else edition.article.slug


def _letter(follower: Follower, subject: str, parts: list[str], settings: Settings) -> Letter:
    stop = link(settings, Link.STOP, follower.public_id)
    why = _("You get this because this address follows all corrections.")
    if follower.article_id is not None:
        why = _("You get this because this address follows this article.")
    end = "\n".join([why, _("Stop these mails, and delete the address: %(url)s", url=stop)])
    return {
        "to": address_of(follower, settings.secret_key),
        "subject": subject,
        "text": "\n\n".join([*parts, f"-- \n{end}"]) + "\n",
        "headers": {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    }


def _in_a_line(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= _LONGEST_TITLE else f"{words[:_LONGEST_TITLE]}…"
