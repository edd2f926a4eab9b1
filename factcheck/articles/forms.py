"""What is asked about an article, at its import and later.

The fields take what was typed as it is: `articles.rules` judges it, and its sentence stands beside
the field.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

from factcheck.articles.models import Article
from factcheck.db import current_session
from factcheck.failures import Invalid
from factcheck.methods.queries import DEFAULT_POLICY, known_policies, policies

DISPLAYS = [
    SelectChoice("full", _("All of it")),
    SelectChoice("excerpts", _("Excerpts around the claims")),
    SelectChoice("claims", _("The claims alone")),
]
GROUNDS = [
    SelectChoice("unstated", _("Choose one")),
    SelectChoice("own", _("It is our own")),
    SelectChoice("licence", _("A licence allows it")),
    SelectChoice("permission", _("We have permission")),
]


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """What is known about an article, and its deadline. `said by` is one name a line."""

    title = StringField(_("Title"))
    authors = TextAreaField(_("Said by, one name a line"), render_kw={"rows": 2})
    published = StringField(_("Said when"), render_kw={"placeholder": "2007-05-03"})
    published_about = BooleanField(_("About then"))
    place = StringField(_("Where"))
    language = StringField(_("Language"))
    display = SelectField(_("How much of it readers may be shown"), choices=DISPLAYS)
    ground = SelectField(_("On what ground"), choices=GROUNDS)
    policy = SelectField(_("Policy"), default=DEFAULT_POLICY)
    deadline = StringField(_("Reviewed by"), render_kw={"type": "date"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = policies(current_session())
        if self.policy.data and self.policy.data not in {one.key for one in offered}:
            offered += known_policies([self.policy.data])  # was retired, and stays where it is
        self.policy.choices = [SelectChoice(one.key, _(one.name)) for one in offered]

    @property
    def details(self) -> dict[str, Any]:
        """What was typed, as `articles.intake` and `articles.actions` take it; "" is no deadline.

        Raises Invalid where all is to be shown and no ground is given.
        """
        if self.display.data == "full" and self.ground.data == "unstated":
            raise Invalid("ground", "Say why all of it may be shown, or show excerpts of it.")
        return {
            "title": self.title.data or "",
            "authors": (self.authors.data or "").splitlines(),
            "published": self.published.data or "",
            "published_about": self.published_about.data,
            "place": self.place.data or "",
            "language": self.language.data or "",
            "display": self.display.data,
            "ground": self.ground.data,
            "policy": self.policy.data,
            "deadline": self.deadline.data or "",
        }


class SettingsForm(DetailsForm):
    """What is known about an article, and the version that it was read at."""

    version = IntegerField(widget=HiddenInput())


def settings_of(article: Article) -> SettingsForm:
    """Return the form filled with what is known now."""
    return SettingsForm(
        formdata=None,
        title=article.title,
        authors="\n".join(article.authors),
        published=article.published,
        published_about=article.published_about,
        place=article.place,
        language=article.language,
        display=article.display,
        ground=article.ground,
        policy=article.policy_key,
        deadline=article.deadline.isoformat() if article.deadline else "",
        version=article.version,
    )
