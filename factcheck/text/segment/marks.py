"""The characters that stand around words."""

from typing import Final

STOPS: Final = ".!?…‼⁇⁈⁉"
WIDE_STOPS: Final = "。！？｡।॥؟۔।"
CLOSERS: Final = "\"'”’»)]}*_"
OPENERS: Final = "\"'“‘«([{<*_-–—•·„‚"
BULLETS: Final = "-*•·–—>#+=|/\\"
PUNCTUATION: Final = f"{STOPS}{WIDE_STOPS}{CLOSERS}“‘«([{{<>,;:-–—~=+#|/\\&•·‣⁃^`´„‚‛‹›@$%"
