"""The exam in words: durations, states, and one sentence for each event, for people who were not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from labs.text import Text
from labs.variant import in_words
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import Backing


def duration(seconds: float) -> Text:
    """Seconds as people say them: ``0,3 s``, ``45 s``, ``3 min``, ``3 h 05 min 10 s``."""
    if 0 < seconds < 10 and seconds != int(seconds):
        tenths = f"{seconds:.1f} s"
        return Text(tenths.replace(".", ","), tenths)
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [f"{hours} h"] if hours else []
    if minutes:
        parts.append(f"{minutes:02d} min" if hours else f"{minutes} min")
    if rest or not parts:
        parts.append(f"{rest:02d} s" if parts else f"{rest} s")
    said = " ".join(parts)
    return Text(said, said)


def extra_time(percent: object) -> Text:
    """Extra time as people say it: ``un tiers``, ``20 %``. percent: as a candidate's clock has it."""
    if percent == "tiers":
        return Text("un tiers", "a third")
    shown = f"{Decimal(str(percent)).normalize():f}"
    return Text(f"{shown.replace('.', ',')} %", f"{shown} %")


def session_word(state: str) -> Text:
    """A session's state in a word."""
    return _SESSIONS[state]


def candidate_word(state: str) -> Text:
    """A candidate's state in a word."""
    return _CANDIDATES[state]


def sentence(kind: str, data: Mapping[str, Any]) -> Text:
    """What an entry of the journal says. ``data``: the event's own fields, as stored. An unknown kind is named."""
    known = _SENTENCES.get(kind)
    return Text(kind, kind) if known is None else known(data)


def _clock_time(value: Any) -> str:
    return f"{datetime.fromisoformat(str(value)).astimezone():%H:%M:%S}"


def _whole(data: Mapping[str, Any]) -> tuple[str, str]:
    machine = data.get("machine")
    return (f"machine {machine}", f"machine {machine}") if machine else ("poste entier", "whole bench")


def _target(data: Mapping[str, Any]) -> tuple[str, str]:
    to = str(data["to"])
    return ("à son départ", "to its start") if to == "start" else (f"au point {to}", f"to point {to}")


def _error(data: Mapping[str, Any]) -> Text:
    error = data.get("error") or {}
    return Text(str(error.get("fr", "")), str(error.get("en", "")))


def _enrolled(data: Mapping[str, Any]) -> Text:
    extra = data.get("extra_percent")
    seat = f" (place {data['seat']})" if data.get("seat") else ""
    en_seat = seat.replace("place", "seat")
    if extra is None or (extra != "tiers" and Decimal(str(extra)) == 0):
        return Text(f"inscrit{seat}", f"enrolled{en_seat}")
    more = extra_time(extra)
    return Text(f"inscrit{seat}, temps majoré : {more.fr}", f"enrolled{en_seat}, extra time: {more.en}")


def _moved(data: Mapping[str, Any]) -> Text:
    where = ", ".join(f"{name} {data[key]}" for key, name in (("seat", "place"), ("host", "hôte")) if data.get(key))
    there = ", ".join(f"{name} {data[key]}" for key, name in (("seat", "seat"), ("host", "host")) if data.get(key))
    lost = data.get("host_lost")
    fr_lost, en_lost = (", l'ancien étant perdu", ", the former being lost") if lost else ("", "")
    return Text(f"déplacé : {where}{fr_lost}", f"moved: {there}{en_lost}")


def _paused(data: Mapping[str, Any]) -> Text:
    room = data["hold"] == "room"
    also = Text("", "") if data["was_running"] else Text(" (l'horloge était déjà arrêtée)", " (clock stopped already)")
    who = Text("pause de la salle", "room paused") if room else Text("pause du candidat", "candidate paused")
    return Text(who.fr + also.fr, who.en + also.en)


def _resumed(data: Mapping[str, Any]) -> Text:
    room = data["hold"] == "room"
    who = Text("reprise de la salle", "room resumed") if room else Text("reprise du candidat", "candidate resumed")
    if data["runs_again"]:
        return who
    return Text(who.fr + ", une autre pause dure encore", who.en + ", another pause still lasts")


def _extended(data: Mapping[str, Any]) -> Text:
    for_ = duration(data["seconds"])
    if data["origin"] == "granted":
        return Text(f"temps accordé : {for_.fr}", f"time granted: {for_.en}")
    if data["origin"] == "bench-moved":
        return Text(f"temps rendu pour le déplacement : {for_.fr}", f"time given back for the move: {for_.en}")
    return Text(f"temps rendu pour la panne : {for_.fr}", f"time given back for the fault: {for_.en}")


def _bell(data: Mapping[str, Any]) -> Text:
    due, late = _clock_time(data["due_at"]), duration(data["late_s"])
    return Text(
        f"fin de l'épreuve : échéance {due}, machines arrêtées {late.fr} après",
        f"end of the exam: due at {due}, machines stopped {late.en} after",
    )


def _frozen(data: Mapping[str, Any]) -> Text:
    digest = data.get("observation")
    if not digest:
        return Text("travail figé sans observation", "work frozen without an observation")
    return Text(f"travail figé et observé ({str(digest)[:12]})", f"work frozen and observed ({str(digest)[:12]})")


def _restored(data: Mapping[str, Any]) -> Text:
    point, lost = data.get("checkpoint"), duration(data["lost_s"])
    since = _clock_time(data["missing_since"])
    fr_from, en_from = (f"du point {point}", f"from point {point}") if point else ("de son départ", "from its start")
    return Text(
        f"panne depuis {since}, poste repris {fr_from}, travail perdu : {lost.fr}",
        f"fault since {since}, bench restored {en_from}, work lost: {lost.en}",
    )


def _reset_asked(data: Mapping[str, Any]) -> Text:
    (fr, en), (fr_to, en_to) = _whole(data), _target(data)
    number = data["number"]
    return Text(f"réinitialisation {number} demandée : {fr}, {fr_to}", f"reset {number} asked for: {en}, {en_to}")


def _checkpoint(data: Mapping[str, Any]) -> Text:
    stood = duration(data["stopped_s"])
    name = str(data["checkpoint"])
    what = Text(f"point de reprise {name} pris", f"checkpoint {name} taken")
    if name.startswith("a"):  # what a reset throws away
        what = Text(f"ce qui est remplacé est gardé : point {name}", f"what is replaced is kept: point {name}")
    return Text(f"{what.fr}, machines arrêtées {stood.fr}", f"{what.en}, machines stopped for {stood.en}")


def _session_sealed(data: Mapping[str, Any]) -> Text:
    names = ", ".join(data.get("undecided", ()))
    if not names:
        return Text("session scellée", "session sealed")
    return Text(f"session scellée sans décision signée pour {names}", f"session sealed, no signed decision for {names}")


def _judged(data: Mapping[str, Any]) -> Text:
    points, most = (f"{data[name]:g}" for name in ("points", "max_points"))
    number, hash_ = data["number"], str(data["lab_hash"])[:12]
    return Text(
        f"jugement {number} : {points} points sur {most} (sujet {hash_})".replace(".", ","),
        f"judgement {number}: {points} points out of {most} (lab {hash_})",
    )


def _phase_ended(data: Mapping[str, Any]) -> Text:
    lasted, allotted = duration(data["lasted_s"]), duration(data["allotted_s"])
    return Text(
        f"fin de la phase « {data['title']} » : {lasted.fr} pour {allotted.fr} prévues",
        f"end of phase “{data['title']}”: {lasted.en}, planned {allotted.en}",
    )


_BOOKS = {
    "tickets": Text("tickets", "tickets"),
    "marks": Text("évaluation", "marking"),
    "incidents": Text("incidents", "incidents"),
}
RECORDED: dict[str, Text] = {
    "incidents/injected": Text("relevés de l'injection", "what was seen of the injection"),
    "incidents/failed": Text("relevés de la tentative", "what was seen of the attempt"),
    "incidents/verified": Text("relevé de la vérification", "what the verification saw"),
    "marks/mark": Text("évaluation par un membre du jury", "mark by a juror"),
    "marks/note": Text("note prise par un membre du jury", "note of a juror"),
    "marks/handed-in": Text("grille remise", "grid handed in"),
    "marks/juror-missing": Text("délibération sans seconde grille", "deliberation without a second grid"),
    "marks/common-mark": Text("évaluation commune d'une compétence", "common mark of a competency"),
    "marks/decision": Text("décision du jury", "decision of the jury"),
    "marks/signed": Text("décision signée", "decision signed"),
}
"""What the entries of the books are called, by ``book/what``."""


def _recorded(data: Mapping[str, Any]) -> Text:
    book, what = _BOOKS[data["book"]], str(data["what"])
    said = RECORDED.get(f"{data['book']}/{what}", Text(what, what))
    hash_ = str(data["digest"])[:12]
    return Text(
        f"{book.fr}, entrée {data['number']} : {said.fr} (empreinte {hash_})",
        f"{book.en}, entry {data['number']}: {said.en} (hash {hash_})",
    )


_COPY_CLOSED = {
    "asked": Text("", ""),
    "idle": Text(" : personne ne s'en servait plus", ": nobody used it any more"),
    "lost": Text(" : ses machines ont disparu", ": its machines are lost"),
    "session-closed": Text(" : la session est close", ": the session is closed"),
}


def _copy_closed(data: Mapping[str, Any]) -> Text:
    cause = _COPY_CLOSED[data["cause"]]
    return Text(f"copie {data['number']} du poste figé fermée{cause.fr}", f"copy {data['number']} closed{cause.en}")


def _incident(data: Mapping[str, Any]) -> tuple[str, str]:
    """``incident 2 (full-disk)``."""
    fr, en = ("demande", "request") if data["request"] else ("incident", "incident")
    return f"{fr} {data['number']} ({data['incident']})", f"{en} {data['number']} ({data['incident']})"


def _incident_asked(data: Mapping[str, Any]) -> Text:
    (fr, en), copy = _incident(data), data["copy_number"]
    return Text(f"{fr} : à préparer dans la copie {copy}", f"{en}: to be brought into copy {copy}")


def _incident_injected(data: Mapping[str, Any]) -> Text:
    (fr, en), took, seen = _incident(data), duration(data["breaking_s"]), duration(data["seeing_s"])
    if data["request"]:
        return Text(f"{fr} : posée, pas encore satisfaite (vu en {seen.fr})", f"{en}: open (seen in {seen.en})")
    return Text(
        f"{fr} : injecté en {took.fr}, constaté {seen.fr} après", f"{en}: injected in {took.en}, seen {seen.en} after"
    )


def _incident_failed(data: Mapping[str, Any]) -> Text:
    (fr, en), error = _incident(data), _error(data)
    touched = Text("abandon, la copie peut avoir changé", "given up, the copy may have been changed")
    untouched = Text("abandon sans rien modifier", "given up, nothing was changed")
    then = touched if data["touched"] else untouched
    return Text(f"{fr}, {then.fr} : {error.fr}", f"{en}, {then.en}: {error.en}")


_OUTCOMES = {
    "solved": Text("résolu", "solved"),
    "unsolved": Text("non résolu", "not solved"),
    "unclear": Text("impossible à dire", "cannot be said"),
}


_INCIDENTS = {
    "asked": Text("en préparation", "being prepared"),
    "injected": Text("en place", "in place"),
    "failed": Text("abandon", "given up"),
    "ended": Text("terminé avec sa copie", "over with its copy"),
}


def incident_word(state: str) -> Text:
    """The state of an incident in a word."""
    return _INCIDENTS[state]


def outcome_word(outcome: str) -> Text:
    """What a verification found, in a word."""
    return _OUTCOMES[outcome]


def _verified(data: Mapping[str, Any]) -> Text:
    (fr, en), found, harm = _incident(data), outcome_word(data["outcome"]), data["harm"]
    number = data["verification"]
    said = Text(f"{fr}, vérification {number} : {found.fr}", f"{en}, verification {number}: {found.en}")
    if data.get("error"):
        return Text(f"{said.fr}. {_error(data).fr}", f"{said.en}. {_error(data).en}")
    if harm is None:
        return said
    if harm:
        return Text(f"{said.fr}, dégâts : {', '.join(harm)}", f"{said.en}, harm: {', '.join(harm)}")
    return Text(f"{said.fr}, sans dégât ailleurs", f"{said.en}, no harm elsewhere")


def _host_was_down(data: Mapping[str, Any]) -> Text:
    since, down = _clock_time(data["since"]), duration(data["down_s"])
    return Text(f"hôte à l'arrêt depuis {since}, {down.fr}", f"host down since {since}, {down.en}")


def _jumped(data: Mapping[str, Any]) -> Text:
    by = f"{data['by_s']:+.1f} s"
    return Text(
        f"l'horloge de l'hôte a sauté de {by} ; le temps d'épreuve, non".replace(".", ","),
        f"the host's clock jumped by {by}; exam time did not",
    )


_SESSIONS: dict[str, Text] = {
    "draft": Text("en projet", "draft"),
    "prepared": Text("prête", "prepared"),
    "running": Text("en cours", "running"),
    "frozen": Text("figée", "frozen"),
    "jury": Text("jury", "jury"),
    "closed": Text("close", "closed"),
    "sealed": Text("scellée", "sealed"),
    "purged": Text("purgée", "purged"),
}
_CANDIDATES: dict[str, Text] = {
    "enrolled": Text("inscrit", "enrolled"),
    "preparing": Text("préparation", "preparing"),
    "ready": Text("prêt", "ready"),
    "running": Text("en épreuve", "running"),
    "paused": Text("en pause", "paused"),
    "ended": Text("terminé", "ended"),
    "frozen": Text("figé", "frozen"),
    "absent": Text("absent", "absent"),
    "withdrawn": Text("désinscrit", "withdrawn"),
}


def _session_created(data: Mapping[str, Any]) -> Text:
    lab, seed = f"{data['lab']} {data['lab_version']}", data.get("variants_seed")
    why = (data.get("backing") or {}).get("why")
    return Text(
        f"session créée : sujet {lab}{f' non prouvé ({why})' if why else ''}, format {data['format']}"
        + (f", variantes tirées de {seed}" if seed else ""),
        f"session created: lab {lab}{f' not proved ({why})' if why else ''}, format {data['format']}"
        + (f", variants drawn from {seed}" if seed else ""),
    )


def _bench_ready(data: Mapping[str, Any]) -> Text:
    said = f" ({in_words(data['variants'])})" if data.get("variants") else ""
    return Text(f"poste prêt, machines suspendues{said}", f"bench ready, machines suspended{said}")


def backing_word(backing: Backing | None) -> Text:
    """Whether the lab of a session was proved, for people; nothing where that was not kept."""
    if backing is None:
        return Text("", "")
    if backing.proved_at is not None:
        day = backing.proved_at.astimezone()
        return Text(f"sujet prouvé le {day:%d/%m/%Y}", f"lab proved on {day:%Y-%m-%d}")
    if not backing.why:
        return Text("sujet pas encore prouvé", "lab not proved yet")
    return Text(
        f"sujet non prouvé, utilisé quand même : {backing.why}", f"lab not proved, used all the same: {backing.why}"
    )


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], Text]] = {
    "session-created": _session_created,
    "session-prepared": lambda _: Text("session prête : tous les postes le sont", "session ready: all benches are"),
    "session-frozen": lambda _: Text("session figée : tout le travail l'est", "session frozen: all work is"),
    "jury-opened": lambda _: Text("passage devant le jury", "jury's part begins"),
    "session-closed": lambda _: Text("session close", "session closed"),
    "session-sealed": _session_sealed,
    "session-purged": lambda _: Text("données personnelles supprimées", "personal data removed"),
    "candidate-enrolled": _enrolled,
    "candidate-withdrawn": lambda _: Text("désinscrit", "withdrawn"),
    "candidate-absent": lambda _: Text("absent", "absent"),
    "candidate-returned": lambda _: Text("arrivé finalement", "came after all"),
    "moved": _moved,
    "device-placed": lambda data: Text(
        f"appareil « {data['machine']} » à l'adresse {data['address']}",
        f"device “{data['machine']}” at address {data['address']}",
    ),
    "device-confirmed": lambda data: Text(
        f"clé de l'appareil « {data['machine']} » confirmée : {fingerprint(data['host_key'])}",
        f"key of device “{data['machine']}” confirmed: {fingerprint(data['host_key'])}",
    ),
    "device-radios": lambda data: Text(
        f"radios de l'appareil « {data['machine']} » : {', '.join(data['radios'])}"
        + (" (lues sur lui)" if data["read"] else ""),
        f"radios of device “{data['machine']}”: {', '.join(data['radios'])}"
        + (" (read from it)" if data["read"] else ""),
    ),
    "device-refused": lambda data: Text(
        f"l'appareil « {data['machine']} » montre une autre clé : {data['fingerprint']}",
        f"device “{data['machine']}” shows another key: {data['fingerprint']}",
    ),
    "device-shown": lambda data: Text(
        f"l'appareil « {data['machine']} » répond, et montre la clé {fingerprint(data['host_key'])}",
        f"device “{data['machine']}” answers, and shows key {fingerprint(data['host_key'])}",
    ),
    "device-silent": lambda data: Text(
        f"l'appareil « {data['machine']} » ne répond pas", f"device “{data['machine']}” does not answer"
    ),
    "candidate-started": lambda _: Text("début de l'épreuve", "exam begins"),
    "candidate-paused": _paused,
    "candidate-resumed": _resumed,
    "time-extended": _extended,
    "time-taken-back": lambda data: Text(
        f"temps repris : {duration(data['seconds']).fr}", f"time taken back: {duration(data['seconds']).en}"
    ),
    "finished-early": lambda _: Text("le candidat a rendu avant la fin", "the candidate handed in early"),
    "candidate-stopped": lambda _: Text("épreuve arrêtée par un surveillant", "exam stopped by a supervisor"),
    "bell-rung": _bell,
    "prepare-asked": lambda _: Text("poste demandé", "bench asked for"),
    "bench-placed": lambda data: Text(f"poste fabriqué sur {data['host']}", f"bench made on {data['host']}"),
    "bench-moved": lambda data: Text(f"poste déplacé sur {data['host']}", f"bench moved to {data['host']}"),
    "host-cleared": lambda data: Text(
        f"l'hôte {data['host']}, donné pour perdu, est revenu ; ce qu'il avait du poste est supprimé",
        f"host {data['host']}, given up, is back; what it had of the bench is removed",
    ),
    "bench-reached": lambda _: Text("l'hôte du poste répond de nouveau", "the bench's host answers again"),
    "bench-ready": _bench_ready,
    "bench-failed": lambda data: Text(f"échec : {_error(data).fr}", f"failure: {_error(data).en}"),
    "bench-frozen": _frozen,
    "bench-restored": _restored,
    "machine-reset-asked": _reset_asked,
    "machine-powered-on": lambda data: Text(
        f"machine {data['machine']} éteinte par le candidat, rallumée",
        f"machine {data['machine']} powered off by the candidate, powered on again",
    ),
    "machine-reset-done": lambda data: Text(f"réinitialisation {data['number']} faite", f"reset {data['number']} done"),
    "machine-reset-failed": lambda data: Text(
        f"réinitialisation {data['number']} abandonnée : {_error(data).fr}",
        f"reset {data['number']} given up: {_error(data).en}",
    ),
    "checkpoint-taken": _checkpoint,
    "checkpoint-failed": lambda data: Text(
        f"point de reprise manqué : {_error(data).fr}", f"checkpoint missed: {_error(data).en}"
    ),
    "judged": _judged,
    "recorded": _recorded,
    "dossier-sealed": lambda data: Text(
        f"dossier scellé (manifeste {data['manifest'][:12]}…)", f"dossier sealed (manifest {data['manifest'][:12]}…)"
    ),
    "copy-asked": lambda data: Text(
        f"copie {data['number']} du poste figé demandée", f"copy {data['number']} of the frozen bench asked for"
    ),
    "copy-opened": lambda data: Text(
        f"copie {data['number']} du poste figé ouverte", f"copy {data['number']} of the frozen bench open"
    ),
    "copy-failed": lambda data: Text(
        f"copie {data['number']} abandonnée : {_error(data).fr}", f"copy {data['number']} given up: {_error(data).en}"
    ),
    "copy-used": lambda data: Text(
        f"console de {data['machine']} ouverte sur la copie {data['number']}",
        f"console of {data['machine']} opened on copy {data['number']}",
    ),
    "copy-closed": _copy_closed,
    "incident-asked": _incident_asked,
    "incident-injected": _incident_injected,
    "incident-failed": _incident_failed,
    "incident-ended": lambda data: Text(
        f"{_incident(data)[0]} : fin, avec la copie {data['copy_number']}",
        f"{_incident(data)[1]}: ends with copy {data['copy_number']}",
    ),
    "verification-asked": lambda data: Text(
        f"{_incident(data)[0]} : vérification {data['verification']} demandée",
        f"{_incident(data)[1]}: verification {data['verification']} asked for",
    ),
    "incident-verified": _verified,
    "bench-for-jury": lambda _: Text(
        "poste gardé tel quel pour le passage devant le jury", "bench kept as it is for the jury's part"
    ),
    "phase-begun": lambda data: Text(
        f"début de la phase « {data['title']} » ({duration(data['allotted_s']).fr} prévues)",
        f"beginning of phase “{data['title']}” (planned {duration(data['allotted_s']).en})",
    ),
    "phase-ended": _phase_ended,
    "clock-jumped": _jumped,
    "host-was-down": _host_was_down,
    "service-started": lambda _: Text("le service veille sur la session", "the service looks after the session"),
    "service-stopped": lambda _: Text(
        "le service s'arrête ; les postes continuent", "the service stops; benches go on"
    ),
}
