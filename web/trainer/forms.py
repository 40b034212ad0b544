"""What trainers fill in."""

from __future__ import annotations

from wtforms import FileField, SelectField

from web.forms import Form, sentence


class UploadForm(Form):
    """A lab as an archive."""

    archive = FileField(sentence("Archive du sujet", "Archive of the lab"))


class ResetForm(Form):
    """What goes back to its start: a machine, or everything."""

    machine = SelectField(sentence("Machine", "Machine"))

    def offer(self, machines: tuple[str, ...]) -> ResetForm:
        """Let one of these be chosen, or all."""
        everything = ("", sentence("tout le poste", "the whole bench"))
        self.machine.choices = [everything, *((name, name) for name in machines)]
        return self
