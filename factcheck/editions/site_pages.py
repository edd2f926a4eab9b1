"""What the site says of itself until an admin writes it, and what an editor is warned of before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factcheck import languages
from factcheck.editions.language import gettext as _

NEEDED = ("method", "contact")  # without these in one's own words, publishing warns
DEFAULTS: dict[str, tuple[str, str]] = {  # slug: title, Markdown
    "about": (
        _("About"),
        _(
            """This site takes what somebody wrote, splits it into the claims it makes, and
has people check them one by one. It says what was found where the words stand, and leaves the
words alone.

Nobody pays for a verdict. Reviewers are volunteers; they do not see each other's answers before
they have given their own, they never review what they proposed or have a part in, and an editor
who was not among them writes what readers are told."""
        ),
    ),
    "method": (
        _("How we check"),
        _(
            """1. **Find the claims.** The text is cut into statements. Opinions, predictions and
   questions are put aside, with the reason.
2. **Review.** Each claim goes to people who work by themselves. They look for sources, quote
   them, and choose a rating by the definitions below.
3. **Decide.** Reviews agree when enough of them lie in one group of the scale. Where they do
   not, an editor settles it and says why, or leaves it open and shows every side.
4. **Publish.** An edition is for ever. A correction is a new edition that says what changed;
   every edition's digest stands in a public log, so that nobody can change one in silence.

A verdict judges what could be known when the claim was made. What came out later stands
beside it."""
        ),
    ),
    "funding": (
        _("Who pays for this"),
        _(
            """Who runs this site has not yet written here what it costs and who pays for it.
Until that is said, ask by the way named under [Contact](/contact/) before you rely on it.

Whoever pays has no seat in a review: each is given before its author sees another one, and an
editor who reviewed a claim does not decide it."""
        ),
    ),
    "corrections-policy": (
        _("How we correct"),
        _(
            """- **What counts.** When a verdict or our words about a claim change, that is a
  correction, however small, and it is said.
- **How it is shown.** A correction is a new edition. It says above the text what was said before,
  what is said now and why, and stands among the [corrections](/corrections/) and in the feed. The
  edition before stays at its own address.
- **What is no correction.** What came out after the claim was made stands beside the verdict under
  *Since then*. A copy of a source that was made later changes nothing that we said.
- **What is taken back.** An edition that must not stand is withdrawn: its words go, and its address
  says when and why. Its digest stays in the public log.
- **How to ask for one.** On the claim's own page, follow *Dispute this verdict*."""
        ),
    ),
    "contact": (
        _("Contact"),
        _(
            """Do you think that a verdict is wrong? Open the claim's own page and follow *Dispute
this verdict*: say what you know that we did not find, and give a source if you have one. To have
something checked, [ask for a check](/request). An editor reads and answers both.

Where we were wrong we publish a correction, on the article and among the
[corrections](/corrections/)."""
        ),
    ),
    "complaints": (
        _("Complaints"),
        _(
            """1. **Of a verdict:** follow *Dispute this verdict* on the claim's own page. You get
   an address at which the answer will stand; only you know it. If the answer changes anything, it
   is published as a correction.
2. **Of your own words:** if you made a claim that was checked, say so in the same form. What you
   reply can be shown on the claim's page, under your name.
3. **Of anything else,** or if an answer does not satisfy you: write to the people named under
   [Contact](/contact/)."""
        ),
    ),
}


def defaults() -> dict[str, tuple[str, str]]:
    """Return what ships, as (title, Markdown) by slug, in the language the site is made in."""
    return {slug: (_(title), _(markdown)) for slug, (title, markdown) in DEFAULTS.items()}


def unwritten(written: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return which of the pages that readers need are empty, or nobody here has written yet.

    `written`: the pages that an admin saved, as (title, Markdown) by slug.
    """
    missing = []
    for slug in NEEDED:
        _title, markdown = written.get(slug, ("", ""))
        shipped = (_bare(text) for text in _in_each_language(DEFAULTS[slug][1]))
        if not markdown.strip() or _bare(markdown) in shipped:
            missing.append(slug)
    return missing


def _in_each_language(message: str) -> Iterator[str]:
    for key in languages.known():
        yield languages.language(key).catalogue.gettext(message)


def _bare(markdown: str) -> list[str]:
    return markdown.split()
