"""Forms about accounts."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import Length, Regexp

from labs.text import Text
from orchestrator.store.accounts import ROLES, Account, Role, SessionRole
from web.admin.staff import Staff
from web.auth.forms import ACCOUNT_NAME
from web.forms import Checkboxes, Form, needed, sentence

ROLE_WORDS: dict[Role, Text] = {
    "administrator": Text("administrateur : comptes, hyperviseurs, santé", "administrator: accounts, hosts, health"),
    "supervisor": Text("surveillant : crée et surveille des sessions", "supervisor: makes and watches sessions"),
    "jury": Text("jury : lit les preuves et note", "jury: reads the evidence and marks"),
    "trainer": Text("formateur : écrit et essaie des sujets", "trainer: writes and tries labs"),
}


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


class StaffForm(Form):
    """To whom a session is entrusted."""

    supervisor = Checkboxes(sentence("Surveillants", "Supervisors"))
    jury = Checkboxes(sentence("Jury", "Jury"))

    def offer(self, accounts: list[Account], session: Staff) -> None:
        """The accounts that hold each role, and those to whom it is entrusted already, whatever they hold now."""
        fields: dict[SessionRole, Checkboxes] = {"supervisor": self.supervisor, "jury": self.jury}
        for role, field in fields.items():
            held = session.entrusted[role]
            field.choices = [
                SelectChoice(one.id, one.name)
                for one in accounts
                if (role in one.roles and one.disabled_at is None) or one.id in held
            ]
            if not self.is_submitted():
                field.data = list(held)
