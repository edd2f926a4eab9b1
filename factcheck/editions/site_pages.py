"""What the site says of itself until an admin writes it: about, method, contact."""

from __future__ import annotations

from factcheck.editions.language import gettext as _

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
}
