"""The one error tree of Épreuve.

::

    EpreuveError
    ├── UsageError        (labs)          the command line was used wrongly
    ├── LabError          (labs)          a lab file is wrong: file, line, column, every fault at once
    ├── SubjectError      (labs)          a subject cannot be rendered
    ├── FormatError       (labs)          an exam's format is unknown, or cannot be what was asked of it
    ├── ImageError        (vagrant)       an image cannot be built, is missing, or does not serve any more
    ├── ChannelError      (checkers)      a machine could not be asked: never a candidate's failure
    ├── ReportError       (checkers)      a report cannot be made or written
    ├── GoldenError       (checkers)      recorded answers cannot be read, or may not be written
    ├── ObservationError  (orchestrator)  a stored observation cannot be read
    ├── RosterError       (orchestrator)  a roster is wrong: line, column, every fault at once
    ├── SessionError      (orchestrator)  a session cannot do what was asked of it
    ├── Refused           (orchestrator)  not in this state of the exam session or the candidate
    ├── HistoryError      (orchestrator)  the events of an exam session do not fit together
    ├── StoreError        (orchestrator)  the database cannot be opened, read or written
    ├── RecordError       (orchestrator)  the database holds no such thing, or holds it already
    ├── HypervisorError   (orchestrator)  libvirt or QEMU refused
    ├── TrialError        (orchestrator)  a trial cannot be begun, or is none
    ├── LibraryError      (orchestrator)  a lab of this centre cannot be stored, used or removed
    ├── PlaybookError     (orchestrator)  a playbook did not do its work
    ├── IncidentError     (orchestrator)  an incident could not be brought about or repaired
    ├── DossierError      (orchestrator)  a dossier is not what was sealed, or cannot be made
    ├── UnprovedError     (orchestrator)  an exam is to be held with a lab that is not proved
    ├── BenchError        (orchestrator)  a bench cannot do what was asked of it
    ├── GlpiError         (orchestrator)  a GLPI cannot be reached, or refuses
    ├── VagrantError      (orchestrator)  Vagrant’s machines are not there, or cannot be reached
    └── LoginError        (web)           nobody was signed in

Each error says what happened, where, and what to do next, in the user's language, with a stable code.
"""

from __future__ import annotations

from labs.text import Text


class EpreuveError(Exception):
    """An error the user can act on.

    what: one sentence, what happened. where: the file, machine or object concerned (no sentence).
    do: one sentence, what to do next.
    """

    code = "epreuve"
    exit_code = 1

    def __init__(self, what: Text, *, where: str = "", do: Text | None = None) -> None:
        super().__init__(what.en)
        self.what = what
        self.where = where
        self.do = do

    def __str__(self) -> str:
        parts = [str(self.what)]
        if self.where:
            parts.append(f"({self.where})")
        if self.do:
            parts.append(str(self.do))
        return " ".join(parts)


class UsageError(EpreuveError):
    """The command line was used wrongly."""

    code = "usage"
    exit_code = 2
