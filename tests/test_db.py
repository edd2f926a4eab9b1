"""Writers take turns, in order, and nobody waits for themselves."""

from __future__ import annotations

import threading

import pytest

from factcheck.db import Turns


def test_the_turn_goes_to_who_waits_longest():
    turns, order = Turns(), []
    waiting = []

    def take(number: int) -> None:
        with turns.taken():
            order.append(number)

    with turns.taken():
        for number in range(5):
            thread = threading.Thread(target=take, args=(number,))
            thread.start()
            while len(turns._waiting) <= number:
                pass
            waiting.append(thread)
    for thread in waiting:
        thread.join()

    assert order == [0, 1, 2, 3, 4]


def test_a_thread_that_writes_already_is_told_so_instead_of_waiting_for_ever():
    turns = Turns()
    with turns.taken(), pytest.raises(RuntimeError, match="already"), turns.taken():
        pass

    with turns.taken():
        pass
