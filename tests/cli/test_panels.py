"""Checking a draw from the command line."""

import json

import sqlalchemy as sa

from factcheck.app import create_app
from factcheck.cli.installation import settings
from factcheck.db import db, writing
from factcheck.reviews.models import Panel
from tests.claims.factories import make_article, make_claim
from tests.reviews.panels import make_crowd_claim


def inside(work):
    with create_app(settings()).app_context():
        with writing() as session:
            found = work(session)
        db.session.remove()
        db.engine.dispose()
    return found


def test_a_draw_that_holds_and_one_that_was_changed(run):
    claim = inside(lambda session: make_crowd_claim(session).public_id)
    good = run("panel", "verify", claim)
    assert (good.exit_code, good.stdout) == (0, "Round 1, draw 1: it holds.\n")
    inside(lambda session: session.execute(sa.update(Panel).values(seed="00" * 32)))
    bad = run("panel", "verify", claim)

    assert bad.exit_code == 1
    assert "the seed is not the one that was committed to" in bad.stdout
    told = json.loads(run("panel", "verify", claim, "--json").stdout)
    assert told["holds"] is False
    assert len(told["draws"][0]["order"]) == 20


def test_a_claim_without_a_panel_and_one_that_is_not_there(run):
    claim = inside(
        lambda session: make_claim(session, make_article(session), state="accepted").public_id
    )

    assert run("panel", "verify", claim).stdout == "No panel was drawn for this claim.\n"
    assert run("panel", "verify", "nothing").exit_code == 2
