"""The readable signs of a sentence: a number, a name, a hedge, an office.

They are what the ranker weighs beside the words, and what it gives as its reasons.
"""

import re
from typing import Final

_MONTHS: Final = (
    "january|february|march|april|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_SIGNS: Final = {  # sought in the sentence in small letters
    "number": re.compile(
        r"\d|%|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|"
        r"thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|"
        r"billions?|trillions?|dozens?|half|per ?cent|percentage|twice|double[ds]?|tripled?|"
        r"(?:one|two|three)[- ](?:thirds?|quarters?|fifths?|tenths?))\b"
    ),
    "date": re.compile(
        rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{_MONTHS})\b\.?\s\d|\bmay \d|\b(?:on|since|last|next|this)\s"
        r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|year|decade|"
        r"century|january|february|march|april|may|june|july|august|september|october|november|"
        r"december)\b|\b(?:yesterday|today)\b|\b(?:days?|weeks?|months?|years?|decades?) ago\b|"
        r"\b\d+ (?:days?|weeks?|months?|years?)\b|\b\d0s\b"
    ),
    "report": re.compile(
        r"\b(?:said|says|announced|announces|noted|stated|states|reported|reports|claimed|claims|"
        r"according to|told|wrote|writes|confirmed|denied|alleged|alleges|accused|testified|"
        r"informed|warned|insisted|estimates?|estimated|concluded|promised|admitted)\b"
    ),
    "comparison": re.compile(
        r"\b(?:than|highest|lowest|largest|biggest|smallest|fewest|greatest|worst|best|most|least|"
        r"first|only|surpass\w*|exceed\w*|outnumber\w*|increas\w+|decreas\w+|declin\w+|rose|risen|"
        r"rising|fell|fallen|grew|grown|dropped|gained|lost|doubled|tripled|record)\b"
    ),
    "quantity": re.compile(
        r"\b(?:all|every|none|never|always|nobody|majority|minority|average|rate|share|total|"
        r"number of|amount of|many|few|several|more|less|fewer)\b"
    ),
    "event": re.compile(
        r"\b(?:signed|ratified|passed|voted|cut|raised|spent|paid|killed|arrested|elected|founded|"
        r"built|bought|sold|won|opened|closed|launched|created|invested|imposed|banned|approved|"
        r"rejected|died|born|injured|convicted|sentenced|appointed|resigned|helped|mobilized|"
        r"became|proposed|agreed|met|visited|left|joined|caused|produced|supported|opposed)\b"
    ),
    "self": re.compile(r"\b(?:i|my|me|mine|myself)\b|\bi['’]"),
    "us": re.compile(r"\b(?:we|our|us|ours|let['’]?s)\b"),
    "you": re.compile(r"\b(?:you|your|yours)\b"),
    "opinion": re.compile(
        r"\b(?:should|must|ought|think|believe|feel|hope|wish|guess|suppose|opinion|important|"
        r"wonderful|terrible|great|excellent|proud|sad|glad|beautiful|amazing|awful|nice|love|"
        r"hate|good|bad|right|wrong|better|small wonder|of course|unfortunately|need)\b"
    ),
    "hedge": re.compile(
        r"\b(?:may|might|could|perhaps|maybe|probably|possibly|likely|seems?|appears?|if|"
        r"supposedly|often|usually|sometimes|generally|tend)\b"
    ),
    "future": re.compile(r"\b(?:will|would|shall|going to|gonna|won['’]t|tomorrow)\b|['’]ll\b"),
    "question": re.compile(r"\?[\"'”’)\]]*\s*$"),
    "courtesy": re.compile(
        r"\b(?:thank|thanks|sorry|hello|welcome|please|good evening|congratulations)\b"
    ),
    "quote": re.compile(r"[\"“”]"),
    "money": re.compile(r"[$€£]|\b(?:dollars?|euros?|usd|eur|gbp|pounds)\b"),
    "command": re.compile(
        r"(?:go|get|take|make|let|look|see|try|use|call|check|click|read|remember|imagine|think|"
        r"don['’]t|do not|come|give|keep|ask|tell|stop|consider|note|just)\b"
    ),
    "deictic": re.compile(
        r"(?:(?:this|that|it|these|those|he|she|they|there|here|and|but|so|yet|well)\b)"
    ),
    "big number": re.compile(
        r"\d{2,3},\d{3}|\b\d{3,}\b|\b(?:hundred|thousand|million|billion)s?\b"
    ),
    "ratio": re.compile(
        r"%|per ?cent\b|percentage|\bdegrees?\b|\bratio\b|\b(?:thirds?|quarters?)\b"
    ),
    "year": re.compile(r"\b(?:1[0-9]|20)\d\d\b"),
    "passive": re.compile(
        r"\b(?:was|were|been|is|are|be|being) (?:\w+ly )?\w+(?:ed|en|wn|ld|de|ut|nt)\b"
    ),
    "cause": re.compile(
        r"\b(?:because|due to|caused?|causes|led to|leads? to|results? (?:of|in|from)|resulted|"
        r"as a result|after|prompted|affects?|reduces?|increases?)\b"
    ),
    "office": re.compile(
        r"\b(?:government|minister|ministry|president|police|army|military|court|parliament|"
        r"election|elected|law|mayor|council|party|state|university|professor|study|report|"
        r"researchers?|scientists?|officials?|authorities|church|school|company|bank|agency|"
        r"votes?|tax|taxes|visa)\b"
    ),
    "rank": re.compile(
        r"\b(?:first|second|third|\d+(?:st|nd|rd|th)|only|largest|highest|youngest|oldest|"
        r"smallest|top|capital|founded|established|award|awarded|prize|nominat\w+)\b"
    ),
    "said": re.compile(r"\b(?:said|says|according|told|stated|reported|wrote|announced)\b"),
    "opening quote": re.compile(r"[\"“‘'`]"),
    "closing quote": re.compile(r"[\"”’]\s*$"),
    "short form": re.compile(r"\b\w+['’](?:s|re|ve|ll|d|m|t)\b"),
    "praise": re.compile(
        r"\b(?:can|you'll|visit|try|worth|enjoy|make sure|best|beautiful|charming|stunning|great|"
        r"excellent)\b"
    ),
    "plan": re.compile(
        r"\b(?:will|plans?|planned|scheduled|is to|are to|intends?|expected|would)\b"
    ),
    "harm": re.compile(
        r"\b(?:died|death|deaths?|killed|dead|wounded|injured|born|sunk|attack\w*|arrested|war|"
        r"disease|deficiency|damage)\b"
    ),
    "kin": re.compile(
        r"\b(?:mother|father|daughter|son|wife|brother|sister|friend|family|dog|girlfriend|"
        r"boyfriend|children)\b"
    ),
}
_INSTITUTION: Final = re.compile(
    r"\b[A-Z]{2,6}\b|\b(?:Ministry|Department|University|Bank|Congress|Senate|House|Court|"
    r"Union|Government|Party|Committee|Agency|Commission|Council|Parliament|Institute|"
    r"Organi[sz]ation|Association|Corporation|Company|Police|Army|Administration|Office|"
    r"President|Minister|Prime|Secretary|Governor|Mayor|Senator)\b"
)
_AT_START: Final = frozenset({"command", "deictic", "opening quote"})
_NAME: Final = re.compile(r"(?<=[^.!?:\"“‘(\s]\s)[A-Z][a-z]+|^[A-Z][a-z]+\s[A-Z][a-z]+")


def signs_of(text: str) -> frozenset[str]:
    """Return the readable signs that `text` shows."""
    small = text.lower()
    shown = {
        sign
        for sign, pattern in _SIGNS.items()
        if (pattern.match(small) if sign in _AT_START else pattern.search(small))
    }
    if _INSTITUTION.search(text):
        shown.add("institution")
    if _NAME.search(text):
        shown.add("name")
    return frozenset(shown)
