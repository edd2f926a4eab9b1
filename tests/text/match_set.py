"""A set of our own to measure matching with: `match_labels.jsonl`, 400 labelled pairs.

Each line is one check with its title; a noisy post and a spoken sentence (with the one before it)
that make the same claim; and a near miss, a check that shares most words and says something else.
So each line is two pairs that match and two that do not. All of it is invented.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean

from factcheck.text.match import Check

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "match_labels.jsonl").read_text("utf-8").splitlines()
]
_PARTS = """
The mayor of Aldern|Senator Ruiz|A study from Pell|The ministry of health|Our neighbours|A video
Governor Stroud|The railway|Every second farmer|The bank of Orrin|Young drivers|The unions|Dentists
Parents in Hale|The army|The largest dairy|Old houses|The new party
/ has raised|wants to end|shows|pays for|never asked for|is planning|lost|cut|has doubled|measured
voted against|published|hid|will open|banned|blames|gave away|moved
/ the rents of flats|nine kinds of apples|a tunnel under the harbour|the price of milk|taxes on fuel
help for refugees|4,000 jobs|lessons in music|the water of the lake|a third of its trains|its debt
the votes from abroad|12 percent of the budget|medicine for children|a law on guns|solar power
the oldest church|insurance for nurses
/ in Norland|since 2015|before the election|on the coast|in every school|last winter|in 1987
for women over sixty|without a permit|in the capital|because of the storm|within two years
near the border|at night|according to a leaked letter|for the first time
"""


def distractors(number: int) -> list[Check]:
    """Return invented checks of something else, the same ones each time."""
    dice = random.Random(7)
    parts = [part.strip().replace("\n", "|").split("|") for part in _PARTS.split("/ ")]
    said = set()
    while len(said) < number:
        words = (dice.choice(part) for part in parts)
        said.add(f"{' '.join(words)}, {dice.randint(2, 99)} people say.")
    return [Check(f"other-{place}", text) for place, text in enumerate(sorted(said))]


def checks() -> list[Check]:
    """Return the checks of the set and its near misses."""
    found = []
    for place, row in enumerate(ROWS):
        found += [Check(f"check-{place}", row["check"], row["title"])]
        found += [Check(f"near-{place}", row["near"])]
    return found


def figures(
    like: Callable[[str, str], Iterable[str]], rows: range = range(len(ROWS))
) -> tuple[float, float, float]:
    """Return MAP@5, the share of near misses that rank below their check, and ms of a query."""
    worths, told, spent = [], [], 0.0
    for place in rows:
        row = ROWS[place]
        for text, before in ((row["post"], ""), (row["spoken"], row["before"])):
            since = time.process_time()
            found = [*like(text, before)][:5]
            spent += time.process_time() - since
            right, near = f"check-{place}", f"near-{place}"
            worths.append(1 / (found.index(right) + 1) if right in found else 0.0)
            told.append(right in found and near not in found[: found.index(right)])
    return mean(worths), mean(told), 1000 * spent / (2 * len(rows))
