"""Which language a text is in, told from its script and its commonest small words.

No model: a script that belongs to one language decides alone, and for scripts that many
languages share the small words are counted. Unsure is an answer: "und".
"""

import re
from collections import Counter
from typing import Final

UNKNOWN: Final = "und"
_READ: Final = 20_000  # code points that are looked at; more does not change the answer
_LEAST_SHARE: Final = 0.08  # of the words that must be small words of the language
_LEAST_LEAD: Final = 1.15  # times as many as the next language has
_WORD: Final = re.compile(r"""[^\s\d.,;:!?()\[\]"“”„«»।،؟]{1,20}""")

_SCRIPTS: Final = (
    ("ja", 0x3040, 0x30FF),
    ("ko", 0xAC00, 0xD7AF),
    ("ko", 0x1100, 0x11FF),
    ("zh", 0x4E00, 0x9FFF),
    ("el", 0x0370, 0x03FF),
    ("he", 0x0590, 0x05FF),
    ("th", 0x0E00, 0x0E7F),
    ("hy", 0x0530, 0x058F),
    ("ka", 0x10A0, 0x10FF),
    ("bn", 0x0980, 0x09FF),
    ("ta", 0x0B80, 0x0BFF),
    ("te", 0x0C00, 0x0C7F),
    ("deva", 0x0900, 0x097F),
    ("arab", 0x0600, 0x06FF),
    ("cyrl", 0x0400, 0x04FF),
    ("latn", 0x0041, 0x024F),
    ("latn", 0x1E00, 0x1EFF),
)

_SMALL_WORDS: Final = {
    "latn": {
        "en": "the of and to in a is that for it was on with as be by this are at from he his "
        "have has not but they you we an or which had were been their will would i",
        "de": "der die das und ist nicht ein eine zu den von mit sich auf für dem des im auch es "
        "an als wird sind werden hat oder aber wir ich sie bei nach wie einen zum zur über",
        "fr": "le la les de des et un une est que qui dans pour pas sur au aux ce cette il elle "
        "nous vous avec par plus ne se sont du en je mais ou été leur ont",
        "es": "el la los las de y que en un una es no se por con para su al lo como más pero sus "
        "le ha este del son fue o era hay muy también yo esta",
        "pt": "o a os as de e que em um uma é não se por com para seu sua ao do da dos das no na "
        "mais mas como foi são pelo pela ou muito também eu está",
        "it": "il la i gli le di e che in un una è non si per con del della dei delle al alla da "
        "più ma come sono ha nel nella anche o questo questa ho io",
        "nl": "de het een en van is dat niet in op te zijn met voor aan er door ook als maar om "
        "bij naar dit wordt hij zij ze wij ik of uit heeft werd",
        "sv": "och att det som en är på för av med den till inte har de ett om var jag men så vi "
        "från kan när han hon sig eller ska",
        "da": "og at det er en på for af med den til ikke har de et om var jeg men så vi fra kan "
        "når han hun sig eller skal blev",
        "pl": "i w na z że się nie do to jest o jak ale po co od za przez dla są był tym być może "
        "tego jego przy czy lub oraz już tylko",
        "cs": "a v na se že je s z do o to i jako ale pro po by jsem jsou byl který není při nebo "
        "už také jeho od za podle",
        "tr": "ve bir bu da de için ile olarak çok daha olan ne gibi en kadar sonra ama var değil "
        "o ki her ben sen olduğu tarafından",
        "ro": "și în de la cu pe nu o un să este care mai din a al că se pentru sunt fost au prin "
        "lui dar sau ca fi",
        "hu": "a az és hogy nem is egy van ez meg de csak ha mint volt még már el ki vagy lesz "
        "kell azt minden",
        "fi": "ja on ei se että oli en ole hän mutta ovat kun niin myös tai joka sen mitä kuin "
        "vain hänen olen tämä voi jos",
        "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga ke karena bisa ada "
        "mereka lebih oleh sudah saya kita atau",
        "vi": "và của là có trong được cho không một các những với này người đã khi để về từ theo "
        "ra cũng như đến",
    },
    "cyrl": {
        "ru": "и в не на что я с он как это по но из у за к его от же она так для мы вы они был "
        "бы все или если уже было",
        "uk": "і в не на що я з він як це по але із у за до його від вона так для ми ви вони був "
        "би та й або якщо вже було є",
        "bg": "и в не на че аз с той как това по но от за до му тя така са ще да се си или ако "
        "вече беше е",
        "sr": "и у не на да је се за са он као то али из од до га она тако су ће или ако већ био",
        "kk": "және мен бұл үшін бар да де деп бір болып ол осы туралы екен емес қазақстан жылы",
    },
    "arab": {
        "ar": "في من على أن إلى هذا التي الذي عن ما لا كان مع هذه كل بعد أو ذلك و هو هي لم قد",
        "fa": "و در به از که این را با است برای آن یک می خود تا بر هم شده بود یا ما اما",
        "ur": "کے میں کی ہے اور سے کا کو نے پر یہ ہیں کہ اس بھی نہیں تھا ایک جو وہ ہو",
    },
    "deva": {
        "hi": "के में है की और से का को ने पर यह हैं कि इस भी नहीं था एक जो वह हो",
        "mr": "आहे आणि या च्या ते हे तो ती मध्ये होते नाही असे एक व की त्या होता",
        "ne": "छ र को मा ले हो यो भने पनि गर्न एक थियो छन् का लागि",
    },
}
_COUNTED: Final = {
    script: {tag: frozenset(words.split()) for tag, words in languages.items()}
    for script, languages in _SMALL_WORDS.items()
}


def language_of(text: str) -> str:
    """Return the BCP 47 tag of the language most of `text` is in, "und" when unsure."""
    sample = text[:_READ]
    scripts = Counter(_script_of(character) for character in sample if character.isalpha())
    scripts.pop("", None)
    if not scripts:
        return UNKNOWN
    if scripts["ja"] * 10 >= scripts.total():
        return "ja"
    script, count = max(scripts.items(), key=lambda item: (item[1], item[0]))
    if count * 2 < scripts.total():
        return UNKNOWN
    return _by_small_words(sample, script) if script in _COUNTED else script


def _script_of(character: str) -> str:
    code = ord(character)
    if code < 0x0250:
        return "latn"
    return next((script for script, first, last in _SCRIPTS if first <= code <= last), "")


def _by_small_words(sample: str, script: str) -> str:
    words = Counter(_WORD.findall(sample.lower()))
    hits = {
        tag: sum(words[word] for word in small) for tag, small in sorted(_COUNTED[script].items())
    }
    (best, most), (_, second) = sorted(hits.items(), key=lambda item: (-item[1], item[0]))[:2]
    sure = most >= 2 and most >= _LEAST_SHARE * words.total() and most >= _LEAST_LEAD * second
    return best if sure else UNKNOWN
