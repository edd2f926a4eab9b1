"""Which words of one revision are which words of the next, also where passages changed places.

Runs of words that occur once in each text are the sure ground: they are matched first, wherever
they stand, and grown to both sides. What lies between two neighbours is then compared word by word.
Typographic and plain quotation marks and dashes count as the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise, takewhile

from factcheck.text.pairing import best_pairs

_SINGLE = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # scripts without blanks
_TOKEN = re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+|[^\w\s]")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("–—‒―−‐‑", "-"),
    }
)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।](?:[\"'”’)\]]|\s?\[\d+\])*")
_SURE_RUNS = (8, 5)  # words in a row that, occurring once in each text, are the same
_LEFT_RUNS = (4, 3)  # the same among words that have found no counterpart yet
_LEAST_LEFT = 3  # words that such a run must have once grown
_WIDEST = 70  # words compared with each other; of longer gaps only so many at either end
_WORD_WORTH, _MARK_WORTH = 4, 2  # of a pair of words, of marks
_FARTHEST = 40  # words that a lost stretch is moved by
_PASSES = 2  # over the marks
_SHORT = 4  # words of a further sentence that a run does not reach into
_NEAR = 3  # words between two pairs that keep each other company
_APART = -1  # stands between two places of the new text in one comparison


@dataclass(slots=True)
class Tokens:
    """The words and marks of a text: where each starts and ends, and a number for what it says."""

    starts: list[int]
    ends: list[int]
    ids: list[int]


@dataclass(slots=True)
class Alignment:
    """Two texts' words and, for each word of the old one, its place in the new one or -1."""

    old: Tokens
    new: Tokens
    places: list[int]
    sources: list[int]  # the same the other way round


def align(old: str, new: str) -> Alignment:
    """Return which words of `old` are which of `new`."""
    numbers: dict[str, int] = {}
    one, other = _tokens(old, numbers), _tokens(new, numbers)
    words = {number for said, number in numbers.items() if said.isalnum() or len(said) > 1}
    ends, starts = _breaks(old, one)
    work = _Work(one.ids, other.ids, words, ends)
    for length in _SURE_RUNS:
        work.match_runs(length, least=length)
    work.fill_gaps()
    for length in _LEFT_RUNS:
        work.match_runs(length, least=_LEAST_LEFT)
    work.fill_gaps()
    work.slide(ends, starts)
    work.turn()
    work.slide(*_breaks(new, other))
    work.turn()
    for _ in range(_PASSES):  # each may free the mark that another one waits for
        work.attach_marks()
    return Alignment(one, other, work.places, work.sources)


def _tokens(text: str, numbers: dict[str, int]) -> Tokens:
    tokens = Tokens([], [], [])
    for found in _TOKEN.finditer(text.translate(_PLAIN)):
        tokens.starts.append(found.start())
        tokens.ends.append(found.end())
        tokens.ids.append(numbers.setdefault(found[0], len(numbers)))
    return tokens


def _breaks(text: str, tokens: Tokens) -> tuple[set[int], set[int]]:
    """Return which tokens end a sentence, and which are the first after a line end."""
    offsets = {found.end() for found in _SENTENCE_END.finditer(text)}
    ends = {place for place, end in enumerate(tokens.ends) if end in offsets}
    starts = {
        place
        for place, (end, start) in enumerate(zip([0, *tokens.ends], tokens.starts, strict=False))
        if "\n" in text[end:start]
    }
    return ends, starts


class _Work:
    """The matching under construction."""

    def __init__(
        self, old: Sequence[int], new: Sequence[int], words: Set[int], ends: Set[int]
    ) -> None:
        self.old = old
        self.new = new
        self.words = words  # the numbers of those tokens that are no punctuation
        self.ends = ends  # the places in the old text where a sentence ends
        self.places = [-1] * len(old)
        self.sources = [-1] * len(new)

    def turn(self) -> None:
        """Let the old and the new text change roles."""
        self.old, self.new = self.new, self.old
        self.places, self.sources = self.sources, self.places

    def match_runs(self, length: int, *, least: int) -> None:
        """Match runs of `length` free words that occur once in each text, grown to `least`."""
        new_runs = _single_runs(self.new, self.sources, length)
        for run, start in _single_runs(self.old, self.places, length).items():
            other = new_runs.get(run, -1)
            if start >= 0 and other >= 0 and self.places[start] < 0 and self.sources[other] < 0:
                self._grow(start, other, least)

    def fill_gaps(self) -> None:
        """Match the free words between matched ones with what stands at the same place."""
        stretches = sorted(_free_stretches(self.places), key=lambda ends: ends[1] - ends[0])
        for start, end in stretches:
            targets = self._targets(start, end)
            if targets:
                self._match_stretch(range(start, end), targets)

    def _grow(self, start: int, other: int, least: int) -> None:
        """Match the longest run of equal free words around a pair.

        Marks at its start and the first words of a further sentence at its end are left to the
        gaps around it: they may belong to a sentence that stayed while this one moved.
        """
        before = 0
        while self._free(start - before - 1, other - before - 1):
            before += 1
        after = 0
        while self._free(start + after, other + after):
            after += 1
        while before + after > 0 and self.old[start - before] not in self.words:
            before -= 1
        for tail in range(1, min(_SHORT, before + after)):
            place = start + after - tail
            if place - 1 in self.ends and self.old[place] in self.words:
                after -= tail
                break
        if before + after >= least:
            for step in range(-before, after):
                self._match(start + step, other + step)

    def _free(self, place: int, other: int) -> bool:
        """Tell whether two places exist, are both free, and say the same."""
        return (
            0 <= place < len(self.old)
            and 0 <= other < len(self.new)
            and self.places[place] < 0
            and self.sources[other] < 0
            and self.old[place] == self.new[other]
        )

    def _match(self, place: int, other: int) -> None:
        self.places[place] = other
        self.sources[other] = place

    def slide(self, ends: Set[int], starts: Set[int]) -> None:
        """Move lost stretches to where whole sentences are lost.

        "A. He [left. He] ate" and "A. [He left.] He ate" lose the same words; only the second
        is what a writer does. `ends` holds the places that end a sentence, `starts` those that
        begin a paragraph.
        """
        for start, end in list(_free_stretches(self.places)):
            if (
                not start
                or end >= len(self.old)
                or min(self.places[start - 1], self.places[end]) < 0
            ):
                continue
            chosen = max(
                self._slides(start, end),
                key=lambda by: (
                    (start + by - 1 in ends or start + by in starts)
                    + (end + by - 1 in ends or end + by in starts),
                    -abs(by),
                ),
            )
            self._slide(start, end, chosen)

    def attach_marks(self) -> None:
        """Match each mark that follows a matched word with the equal one that follows it now."""
        for place, word in enumerate(self.old[1:], 1):
            before, now = self.places[place - 1], self.places[place]
            if word in self.words or before < 0 or now == before + 1:
                continue
            if self._free_at(before + 1) and self.new[before + 1] == word:
                if now >= 0:
                    self._unmatch(place)
                self._match(place, before + 1)

    def _free_at(self, other: int) -> bool:
        return other < len(self.new) and self.sources[other] < 0

    def _slides(self, start: int, end: int) -> list[int]:
        """Return by how many words a lost stretch can move: to the left negative, and 0."""
        left, right = self.places[start - 1], self.places[end]
        moves = [0]
        for step in range(1, _FARTHEST):
            place, other = start - step, left - step + 1
            if not self._slides_left(place, end - step, other, right - step):
                break
            moves.append(-step)
        for step in range(1, _FARTHEST):
            place, other = end + step - 1, right + step - 1
            if not self._slides_right(start + step - 1, place, left + step, other):
                break
            moves.append(step)
        return moves

    def _slides_left(self, place: int, target: int, other: int, spot: int) -> bool:
        """Tell whether the pair (place, other) can become (target, spot)."""
        return (
            place > 0
            and target > place
            and self.places[place] == other
            and self.old[place] == self.old[target]
            and spot >= other
            and self.new[spot] == self.old[target]
            and (spot == other or self.sources[spot] < 0)
        )

    def _slides_right(self, target: int, place: int, spot: int, other: int) -> bool:
        """Tell whether the pair (place, other) can become (target, spot)."""
        return (
            place < len(self.old) - 1
            and target < place
            and self.places[place] == other
            and self.old[place] == self.old[target]
            and spot <= other
            and self.new[spot] == self.old[target]
            and (spot == other or self.sources[spot] < 0)
        )

    def _slide(self, start: int, end: int, by: int) -> None:
        left, right = self.places[start - 1], self.places[end]
        for step in range(1, -by + 1):
            self._unmatch(start - step)
            self._match(end - step, right - step)
        for step in range(1, by + 1):
            self._unmatch(end + step - 1)
            self._match(start + step - 1, left + step)

    def _unmatch(self, place: int) -> None:
        self.sources[self.places[place]] = -1
        self.places[place] = -1

    def _targets(self, start: int, end: int) -> list[int]:
        """Return the free places of the new text that a stretch of the old one may match.

        They follow on what stands before it or precede what stands after it, with `_APART`
        between the two where they differ.
        """
        left = self.places[start - 1] if start else -1
        right = self.places[end] if end < len(self.old) else len(self.new)
        reach = 2 * (end - start) + 20
        following = self._free_run(range(left + 1, min(len(self.new), left + 1 + reach)))
        if left + 1 + len(following) == right:
            return following
        lowest = max(0, right - reach, left + 1 + len(following) if left < right else 0)
        preceding = self._free_run(range(right - 1, lowest - 1, -1))
        taken = set(following)
        preceding = [place for place in reversed(preceding) if place not in taken]
        return [*following, _APART, *preceding] if preceding else following

    def _free_run(self, places: range) -> list[int]:
        """Return the first of these places of the new text, up to one that is matched."""
        return list(takewhile(lambda place: self.sources[place] < 0, places))

    def _match_stretch(self, stretch: Sequence[int], targets: Sequence[int]) -> None:
        """Match a stretch with places in order, so that as much as possible is the same."""
        pairs = self._common(_both_ends(stretch), _both_ends(targets))
        for place, other in _without_strays(pairs, stretch, targets):
            self._match(place, other)

    def _common(self, stretch: Sequence[int], targets: Sequence[int]) -> list[tuple[int, int]]:
        """Return the pairs, in order on both sides, that are worth most together."""
        words = [self.old[place] if place != _APART else -2 for place in stretch]
        others = [self.new[place] if place != _APART else -1 for place in targets]
        if set(words).isdisjoint(others):
            return []
        worths = [_WORD_WORTH if word in self.words else _MARK_WORTH for word in words]
        return [
            (stretch[row], targets[column]) for row, column in best_pairs(words, others, worths)
        ]


def _both_ends(places: Sequence[int]) -> list[int]:
    """Return places, of many only the first and the last, with `_APART` between."""
    if len(places) <= 2 * _WIDEST:
        return list(places)
    return [*places[:_WIDEST], _APART, *places[-_WIDEST:]]


def _without_strays(
    pairs: Sequence[tuple[int, int]], stretch: Sequence[int], targets: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the pairs that stand near another one or near an edge, on both sides.

    In a long stretch small words find equals by chance; those stand alone.
    """
    edges = [(stretch[0] - 1, targets[0] - 1), (stretch[-1] + 1, targets[-1] + 1)]
    known = sorted([*pairs, *edges])
    near = [
        abs(one[0] - other[0]) <= _NEAR and abs(one[1] - other[1]) <= _NEAR
        for one, other in pairwise(known)
    ]
    company = {
        pair
        for pair, before, after in zip(known, [False, *near], [*near, False], strict=True)
        if before or after
    }
    return [pair for pair in pairs if pair in company]


def _single_runs(
    ids: Sequence[int], taken: Sequence[int], length: int
) -> dict[tuple[int, ...], int]:
    """Return where each run of free words starts, -1 for one that occurs more than once."""
    runs: dict[tuple[int, ...], int] = {}
    free_in_row = 0
    for end, place in enumerate(taken, 1):
        free_in_row = free_in_row + 1 if place < 0 else 0
        if free_in_row >= length:
            run = tuple(ids[end - length : end])
            runs[run] = -1 if run in runs else end - length
    return runs


def _free_stretches(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where free words start and end."""
    start = -1
    for place, other in enumerate((*places, 0)):
        if other < 0 and start < 0:
            start = place
        elif other >= 0 and start >= 0:
            yield start, place
            start = -1
