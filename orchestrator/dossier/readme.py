"""What whoever opens a dossier reads first: what each file is, and how to verify without Épreuve."""

from __future__ import annotations

from orchestrator.dossier.source import Person, Source
from orchestrator.sealed.keys import PublicKey

_TEXT = """\
DOSSIER D'EXAMEN SCELLÉ
=======================

Session {session}, candidat {candidate}{name}.
Scellé par la clé publique (Ed25519) :

  {key}

Ce dossier est destiné au jury et à l'archive. Il contient le sujet avec ses contrôles et
leurs points : ne le remettez pas à un futur candidat du même sujet.

Ce que contient ce dossier
--------------------------
report.pdf            le dossier à lire et à imprimer (PDF/A-3, données jointes)
dossier.json          les mêmes données, pour les programmes
subject.html          le sujet tel que le candidat l'a passé
observation.json      ce qui a été relevé sur les machines, figées à la fin
judgements/N.json     le N-ième jugement de ce relevé, avec chaque verdict et sa raison
judgements/N.html     le même avec ses preuves, à lire dans un navigateur
books/tickets.json    les tickets : ce que le candidat et le jury y ont écrit, dans l'ordre
books/marks.json      grilles des jurés, évaluations communes, décisions, signatures, notes
books/incidents.json  les incidents du jury et ce qui a été constaté
incidents/*.json      les relevés faits autour de ces incidents
page.json             les notes du candidat pour le jury
screens/*.png         les écrans des machines à la fin
journal.jsonl         le journal : les entrées de ce candidat et de la session ; de celles
                      des autres, l'empreinte seule, pour que la chaîne se vérifie
labs/EMPREINTE.tar    le sujet complet qui a servi à juger
public-key.pem        la clé publique (à comparer à celle du centre, voir plus bas)
SHA256SUMS            l'empreinte SHA-256 de chaque fichier ci-dessus
manifest.json         la liste scellée : chaque fichier, sa taille, ses empreintes
seal.json, seal.sig   le sceau, qui nomme le manifeste, et sa signature
manifest.tsr          l'horodatage (RFC 3161), s'il y en a un

Certains fichiers manquent quand il n'y a rien à y mettre (un candidat absent n'a pas de relevé).

Vérifier avec Épreuve
---------------------
  epreuve dossier verify {session}-{candidate}.zip --key CLÉ-DU-CENTRE.pem

Vérifier sans Épreuve
---------------------
Il faut la clé publique du centre, reçue par un autre chemin que ce dossier (imprimée, affichée
au centre) : public-key.pem ne prouve rien toute seule. Dans un terminal (Linux, macOS, WSL) :

  1. Extraire :
       unzip {session}-{candidate}.zip -d dossier && cd dossier

  2. Le sceau est bien signé par le centre (doit répondre « Signature Verified Successfully ») :
       openssl pkeyutl -verify -pubin -inkey CLÉ-DU-CENTRE.pem -rawin -in seal.json -sigfile seal.sig

  3. Le sceau nomme ce manifeste (doit afficher 1) :
       grep -c "\\"sha256\\":\\"$(sha256sum manifest.json | cut -c1-64)\\"" seal.json

  4. Le manifeste nomme ces empreintes (doit afficher 1) :
       grep -c "\\"sha256\\":\\"$(sha256sum SHA256SUMS | cut -c1-64)\\"" manifest.json

  5. Chaque fichier est intact (toutes les lignes doivent finir par « OK » ou « Réussi ») :
       sha256sum -c SHA256SUMS

  6. S'il y a un horodatage (CA.pem : le certificat de l'autorité) :
       openssl ts -verify -data manifest.json -in manifest.tsr -CAfile CA.pem

Le format est décrit à l'octet près dans la documentation d'Épreuve (docs/dossier.md).
"""

_SIMULATED = "SIMULATION : aucune machine réelle n'a servi, ce dossier ne prouve rien.\n\n"


def readme(source: Source, person: Person, key: PublicKey) -> str:
    """In French: for people in France who may never have heard of Épreuve."""
    name = f" ({person.name})" if person.about else ""
    simulated = _SIMULATED if source.stored.simulated else ""
    return simulated + _TEXT.format(session=source.exam.slug, candidate=person.sitting.id, name=name, key=key.spelt)
