"""Failures say what happened in English by themselves, and in the reader's language at a door."""

from __future__ import annotations

import io

import flask_babel
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import Translations
from flask import Flask

from factcheck.failures import Conflict, Failure, Invalid
from factcheck.web.wording import worded


class SeatTaken(Conflict):
    """A kind of failure, for its name."""


def test_the_key_of_a_failure_is_its_name():
    assert SeatTaken("Every seat is taken.").code == "seat_taken"


def test_a_sentence_is_filled_in_with_numbers_grouped_and_texts_as_they_are():
    failure = Failure("At most %(most)s of “%(what)s”.", most=12_000, what="100% 8080")

    assert str(failure) == "At most 12,000 of “100% 8080”."


def test_a_sentence_without_values_may_hold_a_percent_sign():
    assert str(Failure("At most 5 %.")) == "At most 5 %."


def test_a_failure_can_be_said_of_another_field():
    failure = Invalid("url", "There is no site “%(host)s”.", host="example.org")

    moved = Invalid.of("sources[0].url", failure)

    assert (moved.field, str(moved)) == ("sources[0].url", "There is no site “example.org”.")


@pytest.fixture
def german(monkeypatch):
    """A service with a German catalogue of one sentence."""
    catalogue = Catalog(locale="de")
    catalogue.add("Give at most %(most)s names.", "Höchstens %(most)s Namen.")
    file = io.BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    translations = Translations(file)
    monkeypatch.setattr(flask_babel.Domain, "get_translations", lambda _self: translations)
    app = Flask("german")
    flask_babel.Babel(app, locale_selector=lambda: "de")
    with app.test_request_context():
        yield app


@pytest.mark.usefixtures("german")
def test_a_door_says_it_in_the_reader_s_language():
    failure = Invalid("authors", "Give at most %(most)s names.", most=12_000)

    assert worded(failure) == "Höchstens 12.000 Namen."
    assert worded(Failure("Not known in German.")) == "Not known in German."
