"""Forms about accounts."""

from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from labs.text import Text
from orchestrator.store.accounts import ROLES, Role
from web.auth.forms import ACCOUNT_NAME
from web.forms import Form, needed, sentence

ROLE_WORDS: dict[Role, Text] = {
    "administrator": Text("administrateur : comptes, hyperviseurs, santé", "administrator: accounts, hosts, health"),
    "supervisor": Text("surveillant : crée et surveille des sessions", "supervisor: makes and watches sessions"),
    "jury": Text("jury : lit les preuves et note", "jury: reads the evidence and marks"),
    "trainer": Text("formateur : écrit et essaie des sujets", "trainer: writes and tries labs"),
}


class Checkboxes(SelectMultipleField):
    """Several of a few, one box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AccountForm(Form):
    """What an account is called and may do."""

    name = StringField(sentence("Nom affiché", "Name shown"), [needed(), Length(max=80)])
    roles = Checkboxes(sentence("Rôles", "Roles"), choices=[SelectChoice(role) for role in ROLES])


class NewAccountForm(AccountForm):
    """A new account. central: it is opened by the centre's own sign-in only, and has no password."""

    account = StringField(
        sentence("Identifiant", "Account name"),
        [
            needed(),
            Regexp(
                ACCOUNT_NAME,
                message=sentence(
                    "2 à 64 caractères : minuscules sans accent, chiffres, point, tiret, @ ; une lettre d'abord.",
                    "2 to 64 characters: lower-case letters, digits, dot, hyphen, @; a letter first.",
                ),
            ),
        ],
    )
    central = BooleanField(sentence("Connexion du centre, sans mot de passe", "The centre's sign-in, no password"))
