"""Checks about backups: whether one can be restored is found out by restoring it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from checkers.check import Check, View
from checkers.parsers.clean import clip, listed
from checkers.probe import Question
from checkers.probes.restore import Folder, Name, Restore, RestoreValue
from checkers.verdict import Finding, Tally, failed, passed
from labs.text import Text, tr

Look = Literal["content", "rights", "left-out", "number"]


class BackupRestores(Check):
    """The newest backup is really restored, and what comes out is compared with the data as they are now.

    look: at the content (every file is there, bit for bit), at the rights (owners, modes, access lists), at what was to
    be left out, or at the number of backups kept. leave_out: folders of the source that the backup must not hold.
    files: how many the source holds at least, so that empty data prove nothing. count: how many backups there must be.

    The backup is a tar archive, a plain copy (rsync, cp), or a restic or borg repository whose password stands in
    key_file. What is recognised as none of these is inconclusive.
    """

    kind: ClassVar[str] = "backup-restores"
    about: ClassVar[Text] = Text(
        "la dernière sauvegarde se restaure vraiment", "the newest backup can really be restored"
    )

    on: str
    source: Folder
    place: Folder
    look: Look = "content"
    leave_out: tuple[Name, ...] = ()
    key_file: Folder = "/root/mot-de-passe-sauvegarde"
    files: Annotated[int, Field(ge=1, le=100_000)] = 1
    count: Annotated[int, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _a_number_is_given(self) -> Self:
        if (self.look == "number") != (self.count is not None):
            raise ValueError(
                tr("« look: number » et « count » vont ensemble", "“look: number” and “count” go together")
            )
        return self

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, self._trial())]

    def _trial(self) -> Restore:
        return Restore(source=self.source, place=self.place, leave_out=self.leave_out, key_file=self.key_file)

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, self._trial())
        if found.none:
            return failed(Text(f"aucune sauvegarde dans {self.place}", f"no backup in {self.place}"))
        if self.look == "number":
            return self._number(found)
        if self.look == "content":
            return self._content(found)
        if len(found.missing) >= found.files or not found.files:
            return failed(_nothing(found))
        return self._rights(found) if self.look == "rights" else self._left_out(found)

    def _content(self, found: RestoreValue) -> Finding:
        tally = Tally()
        tally.expect(
            found.files >= self.files,
            Text(f"{found.files} fichiers comparés", f"{found.files} files compared"),
            Text(
                f"{self.source} ne contient que {found.files} fichiers, attendu {self.files} ou plus",
                f"{self.source} holds only {found.files} files, expected {self.files} or more",
            ),
            required=True,
        )
        tally.expect(
            not found.missing and not found.different and not found.broken,
            Text(f"{clip(found.latest, 120)} restaure tout", f"{clip(found.latest, 120)} restores everything"),
            _fault(found),
            required=True,
        )
        return tally.finding()

    def _rights(self, found: RestoreValue) -> Finding:
        if not found.rights:
            return passed(Text("propriétaires et droits reviennent", "owners and rights come back"))
        paths = listed(list(found.rights), 6)
        return failed(
            Text(f"propriétaires ou droits perdus à la restauration : {paths}", f"owners or rights lost: {paths}")
        )

    def _left_out(self, found: RestoreValue) -> Finding:
        if not found.left_in:
            return passed(Text("ce qui était à exclure n'y est pas", "what was to be left out is not in it"))
        paths = listed(list(found.left_in), 6)
        return failed(
            Text(
                f"la sauvegarde contient ce qui était à exclure : {paths}", f"it holds what was to be left out: {paths}"
            )
        )

    def _number(self, found: RestoreValue) -> Finding:
        if found.points == self.count:
            return passed(Text(f"{found.points} sauvegardes sont gardées", f"{found.points} backups are kept"))
        return failed(
            Text(
                f"{found.points} sauvegardes dans {self.place}, attendu {self.count}",
                f"{found.points} backups in {self.place}, expected {self.count}",
            )
        )


def _nothing(found: RestoreValue) -> Text:
    return Text(
        f"la restauration de {clip(found.latest, 120)} ne rend aucun des fichiers",
        f"restoring {clip(found.latest, 120)} gives none of the files back",
    )


def _fault(found: RestoreValue) -> Text:
    """What is wrong with the newest backup, in a sentence."""
    if found.files and len(found.missing) >= found.files:
        return _nothing(found)
    french, english = [], []
    if found.missing:
        french.append(f"absents : {listed(list(found.missing), 5)}")
        english.append(f"missing: {listed(list(found.missing), 5)}")
    if found.different:
        french.append(f"différents : {listed(list(found.different), 5)}")
        english.append(f"different: {listed(list(found.different), 5)}")
    if found.broken:
        french.append("archive abîmée")
        english.append("damaged archive")
    name = clip(found.latest, 120)
    return Text(
        f"{name} ne restaure pas tout ({' ; '.join(french)})", f"{name} does not restore all ({'; '.join(english)})"
    )
