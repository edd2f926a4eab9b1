"""A messy post of our own, as people paste them: site header, glued captions, odd quotes."""

POST = (
    "Oss Valley Notes\n\n"
    "The mill: praising it, asking more\n\n"
    "Hanna BergHanna Berg, who chairs the water board, met mayor Ilse Voss on 4 May to speak of "
    "the old mill.  Mayor Voss noted that the town has spent 2.4 million crowns on the mill since "
    "2019.\u00a0 This is, of course, excellent news.\n\n"
    "The weir\n"
    "The weir was built in 1911 and is the oldest on the river.  On April 26th, the board "
    "announced that it would invest 300,000 crowns in a new fish ladder.  Nobody I know has ever "
    "seen a fish there\u2026 \u201cWe were told it would take a year,\u201d she said, \u201dit "
    "took four.\u201d\n\n"
    "Ilse VossWhat comes next\n"
    "In 2024 the mill had 41,000 visitors.  I think that it deserves more.  Will it last another "
    "hundred years?\n\n"
    "UPDATE: the mill\u2019s tea room \U0001f375 closed on 1 June.\n\n"
    "Photos: Oss Archive; J. Lind\n"
)
