#!/bin/sh
# Les données à reprendre : deux sauvegardes de l'ancien poste, et les dossiers confidentiels reçus en clair.
set -eu
umask 022
travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT

# documents SEMAINE : les documents de l'utilisatrice, tels qu'ils étaient cette semaine-là
documents() {
    rm -rf "$travail/Documents"
    install -d "$travail/Documents/Courriers" "$travail/Documents/Factures"
    printf 'Planning du cabinet, semaine %s\n' "$1" > "$travail/Documents/planning.txt"
    printf 'Annuaire des confrères\nDr Kerlan 02 98 00 00 01\nDr Morvan 02 98 00 00 02\n' > "$travail/Documents/annuaire.txt"
    for n in 1 2 3; do
        printf 'Courrier numéro %s\n' $n > "$travail/Documents/Courriers/courrier-$n.txt"
    done
    if [ "$1" = 8 ]; then
        printf 'Facture 2026-017\n' > "$travail/Documents/Factures/facture-2026-017.txt"
    fi
    printf 'Facture 2026-016\n' > "$travail/Documents/Factures/facture-2026-016.txt"
    chmod -R go-rwx "$travail/Documents"
    # Le numéro que l'utilisatrice avait sur l'ancien poste : ici, ce n'est celui de personne.
    tar -C "$travail" --owner=katell:1105 --group=katell:1105 -czf "/srv/sauvegardes/ancien-poste/documents-semaine-$1.tar.gz" Documents
}

install -d -m 0700 /srv/sauvegardes /srv/sauvegardes/ancien-poste
documents 7
documents 8

confidentiel=/home/technicien/a-proteger
install -d -o technicien -g technicien "$confidentiel" "$confidentiel/comptes-rendus"
printf 'numero;nom;prenom\n001;Le Bras;Yvonne\n002;Quéré;Alan\n003;Kervran;Soizic\n' > "$confidentiel/patients.csv"
for n in 001 002 003; do
    printf 'Compte rendu de la patiente ou du patient %s\n' $n > "$confidentiel/comptes-rendus/$n.txt"
done
chown -R technicien:technicien "$confidentiel"
