"""Every label of the reports, in both languages. Templates ask for them by name: ``{{ w.total }}``."""

from __future__ import annotations

import re

from labs.text import Language, Text

LABELS: dict[str, Text] = {
    # Page
    "report": Text("Rapport de preuves", "Evidence report"),
    "results": Text("Résultats de la session", "Session results"),
    "skip": Text("Aller directement aux résultats", "Skip to the results"),
    "contents": Text("Sommaire", "Contents"),
    "page": Text("page", "page"),
    "back": Text("Tous les candidats de la session", "All the candidates of the session"),
    "simulated": Text("Simulation", "Simulated"),
    "simulated_tag": Text("simulé", "simulated"),
    "simulated_banner": Text(
        "Simulation : aucune machine réelle n'a été observée. Ce document ne prouve rien et ne peut pas "
        "servir à un jury.",
        "Simulation: no real machine was observed. This document proves nothing and is of no use to a jury.",
    ),
    # Header
    "candidate": Text("Candidat", "Candidate"),
    "candidate_number": Text("Candidat n° {number}", "Candidate no. {number}"),
    "session": Text("Session", "Session"),
    "lab": Text("Sujet", "Lab"),
    "version": Text("version {version}", "version {version}"),
    "certification": Text("Certification", "Certification"),
    "bench": Text("Poste", "Bench"),
    "variants": Text("Variantes de ce candidat", "This candidate's variants"),
    "observed_at": Text("Observé le", "Observed on"),
    "judged_at": Text("Jugé le", "Judged on"),
    "made_at": Text("Établi le", "Made on"),
    "points": Text("Points", "Points"),
    "out_of": Text("sur {maximum} points", "out of {maximum} points"),
    "settled": Text("Tous les contrôles ont pu être observés.", "Every check could be observed."),
    "unsettled": Text(
        "{open} en suspens : de {low} à {high} points selon la décision du jury.",
        "{open} left open: from {low} to {high} points, as the jury decides.",
    ),
    "points_one": Text("{n} point", "{n} point"),
    "points_many": Text("{n} points", "{n} points"),
    # Verdicts
    "PASS": Text("Conforme", "As expected"),
    "FAIL": Text("Non conforme", "Not as expected"),
    "INCONCLUSIVE": Text("Non observé", "Not observed"),
    "partial": Text("points partiels", "partial points"),
    "to_decide": Text("à décider", "to decide"),
    # Bars
    "bar": Text(
        "{points} points acquis, {open} à décider, {lost} non acquis, sur {maximum}",
        "{points} points earned, {open} to decide, {lost} not earned, out of {maximum}",
    ),
    "legend_earned": Text("acquis", "earned"),
    "legend_open": Text("à décider par le jury", "for the jury to decide"),
    "legend_lost": Text("non acquis", "not earned"),
    # Sections
    "guide": Text("Comment lire ce rapport", "How to read this report"),
    "jury": Text("À examiner par le jury", "For the jury to examine"),
    "summary": Text("Synthèse", "Summary"),
    "details": Text("Résultats détaillés", "Results in detail"),
    "annex": Text("Annexe : d'où viennent ces résultats", "Annex: where these results come from"),
    "remarks": Text("Remarques et décision du jury", "Remarks and decision of the jury"),
    # To examine
    "jury_none": Text(
        "Rien ici : tous les contrôles ont pu être observés, chaque point est acquis ou non acquis.",
        "Nothing here: every check could be observed, each point is earned or not earned.",
    ),
    "jury_intro": Text(
        "Ces contrôles n'ont pas pu être observés. Ce n'est pas une faute du candidat. Regardez le poste ou interrogez "
        "le candidat, puis décidez des points.",
        "These checks could not be observed. That is no fault of the candidate's. Look at the bench or ask the "
        "candidate, then decide the points.",
    ),
    "check": Text("Contrôle", "Check"),
    "checks": Text("Contrôles", "Checks"),
    "why_unseen": Text("Pourquoi il n'a pas été observé", "Why it was not observed"),
    "at_stake": Text("En jeu", "At stake"),
    "decision": Text("Décision du jury", "Decision of the jury"),
    # Summary
    "by_competency": Text("Par compétence", "By competency"),
    "by_task": Text("Par tâche", "By task"),
    "by_candidate": Text("Candidats", "Candidates"),
    "competency": Text("Compétence", "Competency"),
    "block": Text("Bloc", "Block"),
    "task": Text("Tâche", "Task"),
    "total": Text("Total", "Total"),
    "share": Text("Part acquise", "Share earned"),
    # Details
    "filter": Text("Afficher", "Show"),
    "all": Text("Tous", "All"),
    "evidence": Text("Preuves", "Evidence"),
    "no_evidence": Text("Aucune preuve n'a été recueillie.", "No evidence was collected."),
    "missing_fact": Text("Preuve absente de l'observation : {key}", "Evidence missing from the observation: {key}"),
    "witness": Text("témoin", "witness"),
    "seen": Text("vu", "seen"),
    "unseen": Text("non vu", "not seen"),
    "where": Text("Où", "Where"),
    "channel": Text("Par quel canal", "Through which channel"),
    "when": Text("Quand", "When"),
    "question": Text("Question", "Question"),
    "command": Text("Commande", "Command"),
    "exit_code": Text("Code de sortie", "Exit code"),
    "no_exit_code": Text("aucun (commande interrompue)", "none (command interrupted)"),
    "took": Text("Durée", "Duration"),
    "value": Text("Ce que l'on y a lu", "What was read in it"),
    "value_item": Text("Élément", "Item"),
    "value_value": Text("Valeur", "Value"),
    "value_cut": Text(
        "Valeur longue : seules les {rows} premières lignes sont montrées. Le reste est dans report.json.",
        "Long value: only the first {rows} rows are shown. The rest is in report.json.",
    ),
    "stdout": Text("Sortie brute", "Raw output"),
    "stderr": Text("Sortie d'erreur", "Error output"),
    "empty": Text("(sortie vide)", "(empty output)"),
    "not_run": Text("La commande n'a pas été exécutée.", "The command was not run."),
    "left_out": Text(
        "{count} caractères ne sont pas montrés ici ; le texte entier est dans observation.json",
        "{count} characters are not shown here; the whole text is in observation.json",
    ),
    "truncated": Text(
        "La sortie dépassait la longueur permise : elle a été coupée lors du relevé.",
        "The output was longer than allowed: it was cut when it was taken.",
    ),
    "again": Text("Demandé de nouveau", "Asked again"),
    "again_times": Text("{times} fois, la dernière à {until}", "{times} times, the last one at {until}"),
    "again_looks": Text("Réponses suivantes, quand elles ont changé", "Later answers, where they changed"),
    "timed_out": Text("La commande a dépassé son temps limite.", "The command ran past its time limit."),
    "not_utf8": Text(
        "La sortie n'était pas un texte UTF-8 correct : les octets illisibles sont remplacés par « \ufffd ».",
        "The output was not proper UTF-8 text: unreadable bytes are replaced by “\ufffd”.",
    ),
    # Annex
    "times": Text("Déroulement", "Course of events"),
    "event": Text("Événement", "Event"),
    "observation_began": Text("début de l'observation du poste", "observation of the bench began"),
    "observation_ended": Text("fin de l'observation du poste", "observation of the bench ended"),
    "judged": Text("verdicts rendus", "verdicts made"),
    "notes": Text("Mise à disposition du poste", "How the bench was made"),
    "no_notes": Text("Rien à signaler.", "Nothing to report."),
    "software": Text("Versions des logiciels", "Software versions"),
    "software_name": Text("Logiciel", "Software"),
    "software_version": Text("Version", "Version"),
    "hashes": Text("Empreintes (SHA-256)", "Hashes (SHA-256)"),
    "hash_observation": Text("Observation (observation.json)", "Observation (observation.json)"),
    "hash_lab": Text("Sujet qui a servi à juger", "Lab that the verdicts were made with"),
    "hash_lab_observed": Text("Sujet qui a servi à l'épreuve", "Lab that the bench was made from"),
    "hash_differs": Text(
        "Attention : le sujet a changé entre l'épreuve et le jugement. Les verdicts sont ceux du sujet modifié.",
        "Mind: the lab has changed between the exam and the judgement. The verdicts are those of the changed lab.",
    ),
    "verify": Text("Vérifier et rejuger", "Verify and judge again"),
    "verify_hash": Text(
        "L'empreinte de l'observation se vérifie sans ce logiciel, dans le dossier du candidat :",
        "The hash of the observation can be verified without this software, in the candidate's folder:",
    ),
    "verify_judge": Text(
        "Les verdicts se recalculent depuis l'observation, sans aucune machine :",
        "The verdicts can be computed again from the observation, without any machine:",
    ),
    "other_facts": Text("Autres faits relevés", "Other facts taken"),
    "other_facts_intro": Text(
        "Relevés pendant la même observation ; aucun contrôle ne les cite directement.",
        "Taken during the same observation; no check cites them directly.",
    ),
    # Jury
    "remarks_field": Text("Remarques", "Remarks"),
    "final_points": Text("Points retenus par le jury", "Points awarded by the jury"),
    "jury_member": Text("Membre du jury (nom)", "Member of the jury (name)"),
    "date_signature": Text("Date et signature", "Date and signature"),
    # Index
    "number": Text("N°", "No."),
    "open_report": Text("Rapport", "Report"),
    "index_intro": Text(
        "Un rapport par candidat, avec ses preuves. Les nombres de cette page en sont le résumé.",
        "One report per candidate, with its evidence. The numbers on this page sum them up.",
    ),
    "files": Text("Autres formes de ces résultats", "These results in other forms"),
    "file_csv": Text("tableau pour un tableur", "table for a spreadsheet"),
    "file_json": Text("données complètes, pour un logiciel", "complete data, for software"),
    "file_junit": Text("résultats de tests, pour un outil d'intégration continue", "test results, for CI tools"),
    "zone": Text("Heures données pour le fuseau {zone}.", "Times are given for the time zone {zone}."),
}

_BEFORE = re.compile(r" (?=[:;?!»])")


class Words:
    """The labels in one language, as attributes; ``w("page")`` or ``w("version", version=…)`` to fill one in."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __getattr__(self, name: str) -> str:
        if name.startswith("_") or name not in LABELS:
            raise AttributeError(name)
        return unbreakable(LABELS[name].in_(self._language), self._language)

    def __call__(self, label: str, /, **values: object) -> str:
        """A label with values in it."""
        return str(getattr(self, label)).format(**values)


def unbreakable(text: str, language: Language) -> str:
    """French typography: no line break before a tall punctuation mark nor inside guillemets."""
    return _BEFORE.sub("\xa0", text).replace("« ", "«\xa0") if language == "fr" else text
