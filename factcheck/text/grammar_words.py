"""English words whose classes are known beforehand: those of closed lists.

The letters of the classes are explained in `word_classes.py`. A word may stand under several;
which it is in a place is learned.
"""

from typing import Final

CLOSED: Final = {
    "p": (  # subjects
        "i he she we they you it who there this that these those one everyone everybody someone "
        "somebody nobody anyone nothing something everything what all some many most others each "
        "both none"
    ),
    "P": (  # a subject with its verb
        "i'm it's he's she's that's there's they're we're you're i've we've they've you've i'll "
        "we'll they'll he'll she'll it'll you'll i'd he'd she'd we'd they'd you'd what's who's "
        "let's here's"
    ),
    "o": (  # objects
        "you it this that these those one someone anyone nothing something everything what all "
        "some many most others each both none him her them me us himself herself itself "
        "themselves myself ourselves yourself whom anything"
    ),
    "d": (  # determiners
        "this that these those what all some many most each both her the a an his its their our "
        "my your no every several few another such any other which whose more half enough"
    ),
    "i": (  # prepositions
        "of in on at to for with by from into about over under between through during against "
        "among without within across behind beyond near since after before until as like than "
        "around along above below toward towards upon onto despite per via except including "
        "following outside inside off out up down throughout amid unlike besides alongside "
        "because"
    ),
    "s": (  # subordinating words
        "who that what whom which whose since after before until as than because when where while "
        "if although though unless whether how why once whereas whenever wherever whoever "
        "whatever so"
    ),
    "c": (  # conjunctions
        "so and but or nor yet & plus"
    ),
    "a": (  # auxiliaries that bend
        "is are was were am has had have do does did isn't aren't wasn't weren't hasn't haven't "
        "hadn't don't doesn't didn't ain't 's 're 've 'm"
    ),
    "m": (  # auxiliaries that do not
        "will would can could may might must shall should won't wouldn't can't couldn't cannot "
        "shouldn't mustn't needn't 'll 'd"
    ),
    "T": (  # to
        "to"
    ),
    "b": (  # to be, unbent
        "be been being having"
    ),
    "y": (  # adverbs
        "there all most both more about over around off out up down when how once so yet not also "
        "just still never then always already later even only often soon very too quite rather "
        "here now therefore thus however instead perhaps maybe almost again ever far away well "
        "back together ago else less least much ahead indeed meanwhile otherwise nevertheless "
        "moreover furthermore hence today yesterday tomorrow further sometimes n't"
    ),
    "j": (  # adjectives
        "many most several few such other more less same own first last next new old good great "
        "high long little big small large major early late young important different able local "
        "political social national public free full main possible available various former "
        "current recent certain common real due"
    ),
}
_CLASSES: Final[dict[str, str]] = {}
for _sort, _listed in CLOSED.items():
    for _word in _listed.split():
        _CLASSES[_word] = _CLASSES.get(_word, "") + _sort


def closed_classes(word: str) -> str:
    """Return the classes that a word in small letters has by itself, "" for one of no list.

    A word that ends in "'s" counts as a determiner ("Ana's"), one in "n't" as an auxiliary.
    """
    if word in _CLASSES:
        return _CLASSES[word]
    return "d" if word.endswith("'s") else "a" if word.endswith("n't") else ""
