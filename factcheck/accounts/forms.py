"""Forms of signing in, one-time links, one's own account, its second factor, and inviting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from factcheck.accounts.rules import GIVEN_ROLES, Role, Scope
from factcheck.web.forms import language_choices

ROLE_LABELS = {
    Role.NEWCOMER: _("newcomer"),
    Role.REVIEWER: _("reviewer"),
    Role.EDITOR: _("editor"),
    Role.ADMIN: _("admin"),
}
SCOPE_LABELS = {
    Scope.READ: _("read"),
    Scope.REVIEW: _("read and review"),
    Scope.EDIT: _("edit, review and read"),
    Scope.ADMIN: _("everything an admin may"),
}


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = EmailField(
        _("E-mail address"), [InputRequired(_("Type your address.")), Length(max=254)]
    )
    password = PasswordField(
        _("Password"), [InputRequired(_("Type your password.")), Length(max=1000)]
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The second factor's code."""

    code = StringField(_("Code"), [InputRequired(_("Type the code.")), Length(max=100)])


class ProofForm(CodeForm):
    """What a change of the second factor asks for."""

    present = PasswordField(
        _("Present password"), [InputRequired(_("Type your present password."))]
    )


class ConfirmForm(ProofForm):
    """What switching the second factor on asks for: a code of the secret begun, sealed."""

    begun = HiddenField()


class ConfirmingForm(ProofForm):
    """What is asked of who is signed in before what a stolen session must not do.

    It is part of a form whose token was looked at already.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What WTForms asks of it."""

        csrf = False


class RegisterForm(FlaskForm):  # type: ignore[misc]
    """What somebody who registers by themselves is asked for."""

    name = StringField(_("Your name"), [InputRequired(_("Type your name.")), Length(max=200)])
    email = EmailField(
        _("E-mail address"), [InputRequired(_("Type your address.")), Length(max=254)]
    )
    password = PasswordField(_("Password"), [InputRequired(_("Choose a password."))])


class ConfirmAddressForm(FlaskForm):  # type: ignore[misc]
    """The password that was chosen, so that who gets the mail of another cannot let them in."""

    password = PasswordField(
        _("The password that you chose"), [InputRequired(_("Type your password."))]
    )


class SetPasswordForm(FlaskForm):  # type: ignore[misc]
    """What an invitation or a reset link asks for."""

    name = StringField(_("Your name"), [Length(max=200)])
    password = PasswordField(_("New password"), [InputRequired(_("Choose a password."))])


class SetUpForm(SetPasswordForm):
    """What the first set-up asks for: the admin's own account."""

    email = EmailField(_("E-mail address"), [InputRequired(_("Type your address."))])


def _languages() -> list[SelectChoice]:
    return [SelectChoice("", _("as the browser asks")), *language_choices()]


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """What people say of themselves."""

    name = StringField(_("Name"), [InputRequired(_("Type your name.")), Length(max=200)])
    language = SelectField(_("Language of pages and mails"), default="", choices=_languages)
    languages = StringField(_("Languages you review in"), [Length(max=200)], default="")
    fields = StringField(_("Fields you know"), [Length(max=500)], default="")
    interests = StringField(_("Articles you have an interest in"), [Length(max=2000)], default="")
    single_keys = BooleanField(_("Single keys act on work pages"))
    shows_name = BooleanField(_("Readers may see my name beside what I found"))


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, with the present one."""

    present = PasswordField(
        _("Present password"), [InputRequired(_("Type your present password."))]
    )
    password = PasswordField(_("New password"), [InputRequired(_("Choose a password."))])


class TokenForm(FlaskForm):  # type: ignore[misc]
    """A new API token."""

    token_name = StringField(
        _("What it is for"), [InputRequired(_("Say what it is for.")), Length(max=100)]
    )
    scope = SelectField(
        _("May"), choices=[SelectChoice(key.value, label) for key, label in SCOPE_LABELS.items()]
    )
    expires = IntegerField(
        _("Days it lasts"), [Optional(), NumberRange(1, 3650, _("1 to 3650 days."))]
    )


class InviteForm(FlaskForm):  # type: ignore[misc]
    """Somebody new, by address and role."""

    email = EmailField(_("E-mail address"), [InputRequired(_("Type their address."))])
    name = StringField(_("Name"), [Length(max=200)])
    role = SelectField(
        _("Role"), choices=[SelectChoice(key.value, ROLE_LABELS[key]) for key in GIVEN_ROLES]
    )
