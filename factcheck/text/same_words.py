"""Words that say the same in claims: bent forms that no ending gives away, and short forms.

Each line is one word for a search. What merely goes together ("doctor" and "hospital") is not
here: a search that takes one for the other finds checks of something else.
"""

from __future__ import annotations

from factcheck.text.words import stem

_LINES = """
pay paid|give gave given|take took taken|buy bought purchase|sell sold|lose lost loss|win won
rise rose risen|fall fell fallen|grow grew grown growth|speak spoke spoken|spend spent|build built
make made|tell told|know knew known|find found|hold held|keep kept|leave left|meet met
bring brought|teach taught|catch caught|think thought|break broke broken|choose chose chosen
write wrote written|drive drove driven|eat ate eaten|die died dead death|go went gone|come came
see saw seen|show shown|steal stole stolen|run ran|begin began begun start|send sent
swim swam swum|strike struck stricken|bear born birth|freeze froze frozen|hide hid hidden
throw threw thrown|draw drew drawn|fly flew flown|flight|forget forgot forgotten|fight fought
shoot shot|sit sat|stand stood|feel felt|feed fed|lead led|lend lent|hear heard|sing sang sung
forbid forbade forbidden ban banned prohibit|swear swore sworn|tear tore torn|wear wore worn
woman women|man men|child children kid kiddo|person people ppl|foot feet|tooth teeth|mouse mice
life lives|wife wives|half halve|knife knives|crisis crises|medium media
government govt|year yr yrs|president pres potus|senator sen|governor gov|congressman congresswoman
doctor dr doc physician|police cop policeman policemen|job work worker employ employment
car auto automobile vehicle|photo photograph picture pic image|video film clip footage
percent pct percentage|immigrant migrant immigration migration|illegal unlawful|kill murder slay
vaccine vaccination vaccinate vax vaxx jab|coronavirus covid corona|america american usa us
britain british uk|send mail|health healthcare|school|cut reduce reduction slash decrease
increase raise hike|jobless unemployed unemployment|gun firearm|law legislation|bill act
student pupil|teacher|soldier troop|veteran vet|company firm corporation business|big large huge
country nation|city town|home house|million mio|abortion abort|mother mom mum|father dad
elect election|arrest detain|ill sick|drug medicine medication|hospital clinic|phone telephone
TV television|fire burn burnt|cost price expense|poor poverty|rich wealthy wealth|debt owe
trash rubbish garbage waste|ocean sea|fake hoax false|real genuine|dollar buck|baby babies infant
"""
_FIRST = {
    stem(word.lower()): stem(line.split()[0].lower())
    for line in _LINES.replace("\n", "|").split("|")
    for word in line.split()
}


def one_word(stemmed: str) -> str:
    """Return the stem that stands for every word that says the same; most stand for themselves."""
    return _FIRST.get(stemmed, stemmed)
