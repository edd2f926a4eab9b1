"""The admin's page for how the public site looks: its name, its logo, its colours and type.

Colours and type are tried out first: the preview is a reader's page with the style sheet that
would be published, made from what its address says, and it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from flask_wtf.file import FileField
from wtforms import BooleanField, ColorField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from factcheck.config import Settings
from factcheck.db import current_session
from factcheck.editions import choosing, publishing, queries
from factcheck.editions.look import (
    AROUND,
    LONGEST_NAME,
    READING,
    Look,
    Theme,
    shipped_theme,
    style_sheet,
    theme_problems,
)
from factcheck.editions.site import site_of
from factcheck.failures import Invalid
from factcheck.methods import queries as methods
from factcheck.methods.rules import DISAGREE
from factcheck.web.access import Caller, access
from factcheck.web.forms import language_choices, show_failure

bp = Blueprint("look", __name__)
KINDS_OF_TYPE = {
    "charter": _("Charter, as it ships"),
    "old-style": _("Old style: Iowan, Palatino"),
    "georgia": _("Georgia"),
    "sans": _("Without serifs"),
    "system": _("The reader’s own system, as it ships"),
    "humanist": _("Humanist: Seravek, Gill, Ubuntu"),
    "grotesque": _("Grotesque: Helvetica, Arial"),
}


def _choices(keys: Iterable[str]) -> list[SelectChoice]:
    return [SelectChoice(key, KINDS_OF_TYPE[key]) for key in keys]


class NameForm(FlaskForm):  # type: ignore[misc]
    """What the site is called."""

    name = StringField(_("Name"), render_kw={"maxlength": LONGEST_NAME, "required": True})


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """The language that the site is made in."""

    language = SelectField(_("Language"), choices=language_choices)


class LogoForm(FlaskForm):  # type: ignore[misc]
    """A logo to be uploaded."""

    file = FileField(_("Image"), render_kw={"accept": "image/png,image/webp"})
    has_name = BooleanField(_("The name is drawn in it: show the logo alone"))


class ThemeForm(FlaskForm):  # type: ignore[misc]
    """Colours by day and by night, and two kinds of type."""

    light_paper = ColorField(_("Paper"))
    light_ink = ColorField(_("Ink"))
    light_accent = ColorField(_("Accent"))
    dark_paper = ColorField(_("Paper"))
    dark_ink = ColorField(_("Ink"))
    dark_accent = ColorField(_("Accent"))
    reading = SelectField(_("Articles and headlines"), choices=_choices(READING))
    around = SelectField(_("Everything around them"), choices=_choices(AROUND))

    @property
    def theme(self) -> Theme:
        """The theme as it was typed, checked by nothing yet."""
        colours = {key: str(self[key].data or "").lower() for key in shipped_theme().colours}
        return Theme(colours, str(self.reading.data), str(self.around.data))


@bp.get("/admin/look")
@access(Caller.ADMIN)
def show() -> ResponseReturnValue:
    """Show how the site looks and what can be chosen; an address may bring colours along."""
    return _page()


@bp.post("/admin/look/name")
@access(Caller.ADMIN)
def name() -> ResponseReturnValue:
    """Give the site a name; its pages are made again by a job."""
    form = NameForm()
    try:
        _write(partial(choosing.set_name, name=form.name.data or ""))
    except Invalid as failure:
        show_failure(form, failure)
        return _page(name_form=form), 422
    return redirect(url_for("look.show", done="name"))


@bp.post("/admin/look/language")
@access(Caller.ADMIN)
def language() -> ResponseReturnValue:
    """Have the site made in another language, by a job."""
    form = LanguageForm()
    try:
        _write(partial(choosing.set_language, key=form.language.data or ""))
    except Invalid as failure:
        show_failure(form, failure)
        return _page(language_form=form), 422
    return redirect(url_for("look.show", done="language"))


@bp.post("/admin/look/logo")
@access(Caller.ADMIN)
def logo() -> ResponseReturnValue:
    """Take an uploaded logo, or the one there is away."""
    form = LogoForm()
    try:
        if "away" in request.form:
            _write(partial(choosing.set_logo, logo=None))
        else:
            data = form.file.data.read() if form.file.data else b""
            chosen = choosing.logo_from(data, has_name=bool(form.has_name.data))
            _write(partial(choosing.set_logo, logo=chosen))
    except Invalid as failure:
        show_failure(form, failure)
        return _page(logo_form=form), 422
    return redirect(url_for("look.show", done="logo"))


@bp.post("/admin/look/theme")
@access(Caller.ADMIN)
def theme() -> ResponseReturnValue:
    """Show the colours and type that were typed, take them, or go back to those that ship."""
    if "back" in request.form:
        _write(partial(choosing.set_theme, theme=None))
        return redirect(url_for("look.show", done="theme"))
    form = ThemeForm()
    problems = list(problems_of(form.theme))
    for problem in problems:
        show_failure(form, problem)
    if problems:
        return _page(theme_form=form), 422
    if "preview" in request.form:
        return redirect(url_for("look.preview", **_flat(form.theme)))
    _write(partial(choosing.set_theme, theme=form.theme))
    return redirect(url_for("look.show", done="theme"))


@bp.get("/admin/look/preview")
@access(Caller.ADMIN)
def preview() -> ResponseReturnValue:
    """Show a page as readers would get it with the colours and type of the address."""
    site, chosen = site_of(current_session(), _settings()), _flat(_asked())
    style = url_for("look.preview_style", **chosen)
    page = replace(site, assets=site.assets | {"theme.css": style}).page(
        "look_preview.html", here="/", rating_scale=methods.scales()[0], disagree=DISAGREE,
        chosen=chosen, csrf_token=generate_csrf(), change=url_for("look.show", **chosen),
        take=url_for("look.theme"),
    )  # fmt: skip
    return Response(page, content_type="text/html; charset=utf-8")


@bp.get("/admin/look/preview.css")
@access(Caller.ADMIN)
def preview_style() -> ResponseReturnValue:
    """Send the style sheet that the colours and type of the address would be published as."""
    published = queries.look(current_session())
    sheet = style_sheet(Look(published.name, _asked(), published.logo))
    return Response(sheet, content_type="text/css; charset=utf-8")


def _asked() -> Theme:
    """Return the theme that the address gives, or the published one where it gives none to use."""
    form = ThemeForm(request.args, meta={"csrf": False})
    if request.args and not any(theme_problems(form.theme, {})):
        return form.theme
    return queries.look(current_session()).theme or shipped_theme()


def _flat(theme: Theme) -> dict[str, Any]:
    return {**theme.colours, "reading": theme.reading, "around": theme.around}


def problems_of(theme: Theme) -> Iterator[Invalid]:
    """Yield what keeps a theme from being used with the verdicts that there are."""
    ratings = [rating for scale in methods.scales() for rating in scale.ratings]
    return theme_problems(theme, {rating.label: rating.colour for rating in [*ratings, DISAGREE]})


def _settings() -> Settings:
    settings: Settings = current_app.extensions["factcheck"]
    return settings


def _write(verb: Any) -> None:
    publishing.write_look(
        lambda session, actor, now: verb(session, actor=actor, now=now),
        actor_id=current_user.id, settings=_settings(),
    )  # fmt: skip


def _page(
    name_form: NameForm | None = None, logo_form: LogoForm | None = None,
    theme_form: ThemeForm | None = None, language_form: LanguageForm | None = None,
) -> str:  # fmt: skip
    look = queries.look(current_session())
    return render_template(
        "desk/look.html", look=look, done=request.args.get("done"),
        name_form=name_form or NameForm(formdata=None, name=look.name),
        language_form=language_form or LanguageForm(formdata=None, language=look.language),
        logo_form=logo_form or LogoForm(formdata=None),
        theme_form=theme_form or ThemeForm(formdata=None, data=_flat(_asked())),
    )  # fmt: skip
