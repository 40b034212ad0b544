"""Entries of the audit log, and what an examination looks at, as people read them."""

from __future__ import annotations

from labs.text import Text

AUDIT_WORDS = {
    "login": Text("connexion", "signed in"),
    "locked": Text("compte bloqué : mots de passe faux", "account locked: wrong passwords"),
    "password-changed": Text("mot de passe changé", "password changed"),
    "first-account": Text("premier compte créé", "first account made"),
    "account-made": Text("compte créé", "account made"),
    "roles-changed": Text("rôles changés", "roles changed"),
    "password-given": Text("nouveau mot de passe donné", "new password given"),
    "account-disabled": Text("compte fermé", "account disabled"),
    "account-enabled": Text("compte rouvert", "account enabled"),
    "account-bound": Text("compte lié à la connexion du centre", "account bound to the centre's sign-in"),
    "seat-freed": Text("place libérée", "seat freed"),
    "seat-code-renewed": Text("autre code de place", "another seat code"),
    "candidate-exported": Text("données d'un candidat exportées", "a candidate's data exported"),
    "dossier-taken": Text("dossier scellé téléchargé", "sealed dossier downloaded"),
    "results-exported": Text("résultats d'une session exportés", "a session's results exported"),
    "lab-brought": Text("sujet ajouté", "lab brought"),
    "seal-key-renewed": Text("clé de scellement remplacée", "sealing key replaced"),
    "lab-approved": Text("sujet approuvé", "lab approved"),
    "lab-deleted": Text("sujet supprimé", "lab deleted"),
    "entrusted": Text("session confiée", "session entrusted"),
    "examined": Text("hôte examiné", "host examined"),
}

FINDING_WORDS = {
    "root": Text("droits", "rights"),
    "tun": Text("tunnels (tun)", "tunnels (tun)"),
    "witness": Text("témoin réseau", "network witness"),
    "disk": Text("disque", "disk"),
    "memory": Text("mémoire", "memory"),
    "accelerator": Text("accélérateur", "accelerator"),
}
"""Programs, images and hosts have their own names."""
