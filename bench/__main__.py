"""`make bench`: takes every figure whose data and rivals are here; prints and keeps the table."""

from __future__ import annotations

from bench import accuracy, embedding, peers, publishing, scale, serving, splitting, submitting
from bench.figures import keep, table


def main() -> None:
    """Take the figures, print them, and write them into the results folder."""
    figures = [
        figure
        for module in (
            accuracy,
            splitting,
            serving,
            peers,
            publishing,
            embedding,
            submitting,
            scale,
        )
        for figure in module.figures()
    ]
    print(table(figures))
    print(f"written to {keep(figures)}")


if __name__ == "__main__":
    main()
