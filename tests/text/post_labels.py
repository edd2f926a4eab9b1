"""The labels of the short posts, a letter a unit: strong, weak, no (`docs/claim-guidelines.md`).

No post is trained on, so all of them are held out.
"""

POST_LABELS = {
    "press release": "nnnssnnn",
    "forum post": "wwsn",
    "newsletter": "nnnssnwwn",
    "liveblog": "nnsnsw",
    "transcript": "nnnnssnnnn",
    "listicle": "nsssw",
    "wiki paste": "nssns",
    "mail thread": "nnswnnnnn",
    "all caps": "ssn",
    "no capitals": "ssw",
    "glued captions": "nnwsnsn",
    "caption in a sentence": "wnnw",
    "news story": "nnnswsnsnn",
    "wrapped lines": "sss",
    "updates": "nss",
    "blog with site header": "nnnsssnn",
    "abbreviations": "ssn",
    "unbalanced quotation": "sss",
    "chinese": "ss",
    "russian": "ss",
}
