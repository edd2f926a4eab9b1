"""Kinds of field that several bodies share, with their bounds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Offset = Annotated[
    int, msgspec.Meta(ge=0, le=2**31 - 1, description="code points from the start of the text")
]
Span = tuple[Offset, Offset]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
DraftVersion = Annotated[
    int, msgspec.Meta(ge=0, le=2**31 - 1, description="of one's draft; 0 where there is none yet")
]
Priority = Annotated[int, msgspec.Meta(ge=0, le=3, description="0 low, 1 normal, 2 high, 3 urgent")]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Line = Annotated[str, msgspec.Meta(max_length=2_000)]
Url = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Note = Annotated[str, msgspec.Meta(max_length=5_000)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]
Published = Annotated[
    str, msgspec.Meta(max_length=10, description="a day, month or year: 2007-05-03, 2007-05, 2007")
]
Day = Annotated[str, msgspec.Meta(max_length=10, description="2026-11-29, or nothing for none")]
Stance = Literal["supports", "refutes", "context"]
State = Literal["proposed", "accepted", "decided", "ready", "disputed", "dismissed"]
Listed = Literal[
    "proposed", "accepted", "decided", "ready", "disputed", "dismissed", "published"
]  # fmt: skip
ArticleState = Literal["triage", "review", "published", "withdrawn"]
Display = Literal["full", "excerpts", "claims"]
Ground = Literal["own", "licence", "permission", "unstated"]
Anchor = Literal["unchanged", "moved", "changed", "gone"]
DismissalReason = Literal[
    "opinion", "prediction", "question", "too-vague", "not-worth-checking", "not-a-statement",
    "same-as", "out-of-scope", "would-harm",
]  # fmt: skip
