"""Other programs that split text into sentences, to be measured beside ours where they are here.

None of them is needed for anything else, so none is imported before it is asked for.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

Spans = list[tuple[int, int]]
Splitter = Callable[[str], Spans]
_MODEL: Final = "en_core_web_sm"  # of spaCy; a package of it may carry more in its name


def peers(folder: Path | None) -> Iterator[tuple[str, Splitter | None]]:
    """Yield the name of each peer and how it splits a text, None where it is not installed.

    `folder` is an environment that holds some of them, if they are not in our own.
    """
    for found in folder.glob("lib/python*/site-packages") if folder else ():
        sys.path.append(str(found))
    for name, make in _PEERS:
        try:
            yield name, make()
        except (ImportError, OSError):
            yield name, None


def placed(text: str, sentences: Iterable[str]) -> Spans:
    """Return where the sentences stand in the text, white space at their ends left out.

    One that a peer changed, so that it stands nowhere, is skipped.
    """
    spans: Spans = []
    since = 0
    for sentence in sentences:
        words = sentence.strip()
        start = text.find(words, since) if words else -1
        if start >= 0:
            since = start + len(words)
            spans.append((start, since))
    return spans


def _pysbd() -> Splitter:
    segmenter = import_module("pysbd").Segmenter(language="en", clean=False)
    return lambda text: placed(text, segmenter.segment(text))


def _sentencex() -> Splitter:
    split = import_module("sentencex").segment
    return lambda text: placed(text, split("en", text))


def _nupunkt() -> Splitter:
    split = import_module("nupunkt").sent_tokenize
    return lambda text: placed(text, split(text))


def _blingfire() -> Splitter:
    split = import_module("blingfire").text_to_sentences_and_offsets
    return lambda text: placed(text, (text[start:end] for start, end in split(text)[1]))


def _spacy() -> Splitter:
    spacy = import_module("spacy")
    model = next((n for n in spacy.util.get_installed_models() if n.startswith(_MODEL)), _MODEL)
    parser = spacy.load(model, exclude=["ner", "lemmatizer"])
    return lambda text: placed(text, (sentence.text for sentence in parser(text).sents))


_PEERS: Final[tuple[tuple[str, Callable[[], Splitter]], ...]] = (
    ("pysbd", _pysbd),
    ("sentencex", _sentencex),
    ("nupunkt", _nupunkt),
    ("blingfire", _blingfire),
    ("spacy", _spacy),
)
