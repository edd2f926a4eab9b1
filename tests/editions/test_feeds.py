"""The two feeds: what an edition corrected, and tombstones of what was withdrawn."""

from __future__ import annotations

import html
import json

from lxml import etree

from factcheck.claims.queries import claim as claim_of
from factcheck.db import writing
from factcheck.decisions.actions import reopen_claim
from factcheck.editions import publishing, withdrawing
from tests.accounts.factories import make_person
from tests.conftest import NOW
from tests.editions.test_withdrawing import do, published, the_edition
from tests.reviews.factories import make_ready

__all__ = ["published"]


def test_both_feeds_tell_of_corrections_and_keep_a_tombstone(published, settings):
    slug, ids = published
    with writing() as session:
        claim = claim_of(session, ids[0])
        reopen_claim(session, claim, "New minutes.", actor=make_person(session, "editor"), now=NOW)
        make_ready(session, claim, "misleading")
    publishing.publish(slug, note="The minutes came out.", actor_id=None, settings=settings)
    atom = (settings.site / "feed.atom").read_text()
    (newest, _) = json.loads((settings.site / "feed.json").read_text())["items"]
    for text in (html.unescape(atom), newest["content_text"]):
        assert "was rated True; it is now Misleading. The minutes came out." in text
    assert newest["tags"] == ["correction"]

    do(settings, withdrawing.withdraw_edition, the_edition(slug, 2))
    feed = etree.parse(settings.site / "feed.atom")
    spaces = {"at": "http://purl.org/atompub/tombstones/1.0", "a": "http://www.w3.org/2005/Atom"}
    (tomb,) = feed.iterfind("at:deleted-entry", spaces)
    assert tomb.get("ref").endswith(f"/articles/{slug}/editions/2/")
    assert tomb.findtext("at:comment", "", spaces) == "A court said so."
    assert feed.findtext("a:updated", "", spaces) == tomb.get("when")
    item = json.loads((settings.site / "feed.json").read_text())["items"][0]
    assert (item["title"], item["content_text"]) == ("Withdrawn", "A court said so.")
