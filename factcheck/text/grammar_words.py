"""English words whose classes are known beforehand, for learning the classes of the others.

The letters of the classes are explained in `word_classes.py`. A word may stand under several;
which it is in a place is then learned.
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
IRREGULAR: Final = {
    "v": (
        "became began blew broke chose came drew drank drove ate fell flew forgot got gave went "
        "grew hid knew rode rang rose ran saw shook showed sang sank spoke stole swam took threw "
        "wore wrote bore froze forbade sprang swore tore woke bit shrank withdrew underwent "
        "overcame arose mistook outgrew foresaw"
    ),
    "fe": ("become come"),
    "e": (
        "begun blown broken chosen done drawn drunk driven eaten fallen flown forgotten gotten "
        "given gone grown hidden known lain ridden rung risen seen shaken shown sung sunk spoken "
        "stolen swum taken thrown worn written born frozen forbidden sprung sworn torn woken "
        "bitten shrunk withdrawn undergone overcome arisen mistaken outgrown foreseen"
    ),
    "ve": (
        "brought built bought caught dealt felt fought hung heard held kept led lent lost made "
        "meant met paid said sought sold sent sat slept spent stood struck taught told understood "
        "won bound fled stuck laid learnt shone lit fed bred bled slid spun swept wept crept "
        "burnt dug upheld rebuilt"
    ),
    "vef": ("found"),
    "vej": ("left"),
    "vf": ("lay"),
    "fen": ("run"),
    "ven": ("shot thought"),
    "nj": ("light"),
    "vefn": (
        "put set cut hit let hurt cost spread shut read quit split cast broadcast beat bet burst"
    ),
}
"""Forms of irregular verbs, by all the classes that each can be."""
