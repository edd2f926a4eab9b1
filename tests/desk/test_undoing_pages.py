"""The buttons that undo in triage and do again, without scripts."""

from __future__ import annotations

import re

from tests.accounts.factories import make_person
from tests.desk.triage_page import PLACE, WORDS, of, press, stored
from tests.web.client import form_token, signed_in


def turn(client, claim, do):
    """Press a button of the page that undoes, or does again, where there is one."""
    page = client.get(f"{PLACE}?claim={claim}").text
    place = re.search(rf'value="{do}" id="{do}" formaction="([^"]+)"', page)[1]
    return client.post(place, data={"csrf_token": form_token(page), "do": do, "claim": claim})


def test_what_was_done_is_undone_and_done_again_by_buttons(app, editor, article_with):
    (claim,) = article_with((WORDS, "proposed", 0.9))
    press(editor, claim, "dismiss", dismissal="opinion", restated="Other words.")

    assert "Undo: dismissed" in editor.get(PLACE).text
    assert turn(editor, claim, "undo").status_code == 303
    assert of(app, claim, "state", "restated") == ("proposed", WORDS + ".")
    assert turn(editor, claim, "redo").status_code == 303
    assert of(app, claim, "state", "restated") == ("dismissed", "Other words.")


def test_undoing_what_another_editor_changed_since_is_refused_in_words(app, editor, article_with):
    (claim,) = article_with((WORDS, "proposed", 0.9))
    press(editor, claim, "save", restated="Mine.")
    page = editor.get(PLACE).text
    place = re.search(r'id="undo" formaction="([^"]+)"', page)[1]
    with stored(app) as session:
        make_person(session, "editor", email="other@factcheck.example")
    other = signed_in(app, "other@factcheck.example")
    press(other, claim, "save", restated="Theirs.")
    data = {"csrf_token": form_token(page), "do": "undo"}

    answer = editor.post(place, data=data)
    assert (answer.status_code, "was changed since" in answer.text) == (409, True)
    assert of(app, claim, "restated") == ("Theirs.",)
    assert 'id="undo" disabled' in editor.get(PLACE).text
    theirs = {"csrf_token": form_token(other.get(PLACE).text), "do": "undo"}
    assert other.post(place, data=theirs).status_code == 404
