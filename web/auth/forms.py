"""Forms to sign in."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, Length, Regexp

from web.auth.passwords import LONGEST, SHORTEST
from web.forms import Form, needed, sentence

ACCOUNT_NAME = r"^[a-z][a-z0-9._@-]{1,63}$"
_NEEDED = needed()


class SignInForm(Form):
    """Name and password."""

    account = StringField(sentence("Identifiant", "Account name"), [_NEEDED, Length(max=64)])
    password = PasswordField(sentence("Mot de passe", "Password"), [_NEEDED, Length(max=LONGEST)])


class SeatForm(Form):
    """A seat code."""

    code = StringField(sentence("Code de place", "Seat code"), [_NEEDED, Length(max=32)])


class NewPasswordForm(Form):
    """A password, twice."""

    password = PasswordField(
        sentence("Nouveau mot de passe", "New password"),
        [
            _NEEDED,
            Length(SHORTEST, LONGEST, sentence(f"{SHORTEST} caractères au moins.", f"At least {SHORTEST} characters.")),
        ],
    )
    again = PasswordField(
        sentence("Le même, encore une fois", "The same again"),
        [EqualTo("password", sentence("Les deux ne sont pas les mêmes.", "The two are not the same."))],
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password instead of the old one."""

    old = PasswordField(sentence("Mot de passe actuel", "Present password"), [_NEEDED, Length(max=LONGEST)])


class FirstAccountForm(NewPasswordForm):
    """The first account, which may do everything."""

    account = StringField(
        sentence("Identifiant", "Account name"),
        [
            _NEEDED,
            Regexp(
                ACCOUNT_NAME,
                message=sentence(
                    "2 à 64 caractères : minuscules sans accent, chiffres, point, tiret, @ ; une lettre d'abord.",
                    "2 to 64 characters: lower-case letters, digits, dot, hyphen, @; a letter first.",
                ),
            ),
        ],
    )
    name = StringField(sentence("Nom affiché", "Name shown"), [_NEEDED, Length(max=80)])
