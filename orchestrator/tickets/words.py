"""The service desk's own words, in French as French desks say them."""

from __future__ import annotations

from labs.text import Text
from orchestrator.tickets.documents import Audience, Category, Channel, Kind
from orchestrator.tickets.documents import What as WhatRecorded

KINDS: dict[Kind, Text] = {
    "incident": Text("Incident", "Incident"),
    "request": Text("Demande d'assistance", "Service request"),
}
CHANNELS: dict[Channel, Text] = {
    "phone": Text("téléphone", "telephone"),
    "mail": Text("courriel", "e-mail"),
    "desk": Text("au guichet", "at the desk"),
    "portal": Text("portail", "portal"),
}
STATUSES: dict[str, Text] = {
    "new": Text("Nouveau", "New"),
    "progress": Text("En cours", "In progress"),
    "pending": Text("En attente de l'utilisateur", "Waiting for the user"),
    "escalated": Text("Escaladé", "Escalated"),
    "solved": Text("Résolu", "Solved"),
    "closed": Text("Clos", "Closed"),
}
IMPACTS: dict[int, Text] = {
    1: Text("Élevé : tout un service ou toute l'entreprise", "High: a whole department, or everybody"),
    2: Text("Moyen : plusieurs personnes", "Medium: several people"),
    3: Text("Faible : une personne", "Low: one person"),
}
URGENCIES: dict[int, Text] = {
    1: Text("Élevée : le travail est arrêté", "High: work has stopped"),
    2: Text(
        "Moyenne : le travail est gêné, un contournement existe", "Medium: work is hampered, there is a workaround"
    ),
    3: Text("Faible : cela peut attendre", "Low: it can wait"),
}
PRIORITIES: dict[int, Text] = {
    1: Text("P1 – critique", "P1 – critical"),
    2: Text("P2 – haute", "P2 – high"),
    3: Text("P3 – moyenne", "P3 – medium"),
    4: Text("P4 – basse", "P4 – low"),
    5: Text("P5 – planifiée", "P5 – planned"),
}
CATEGORIES: dict[Category, Text] = {
    "hardware": Text("Matériel", "Hardware"),
    "network": Text("Réseau", "Network"),
    "wireless": Text("Wi-Fi", "Wi-Fi"),
    "accounts": Text("Comptes et droits d'accès", "Accounts and access rights"),
    "files": Text("Fichiers et partages", "Files and shares"),
    "printing": Text("Impression", "Printing"),
    "software": Text("Logiciels et bureautique", "Software and office"),
    "server": Text("Serveurs et services", "Servers and services"),
    "security": Text("Sécurité", "Security"),
    "other": Text("Autre", "Other"),
}
AUDIENCES: dict[Audience, Text] = {
    "users": Text("Utilisateurs", "Users"),
    "technicians": Text("Techniciens", "Technicians"),
}
WHATS: dict[WhatRecorded, Text] = {
    "opened": Text("Ticket ouvert", "Ticket opened"),
    "answered": Text("Réponse de l'utilisateur", "The user's answer"),
    "reopened": Text("Ticket rouvert par l'utilisateur", "Ticket reopened by the user"),
    "taken": Text("Prise en charge", "Taken charge of"),
    "qualified": Text("Qualification", "Qualification"),
    "step": Text("Étape", "Step"),
    "asked": Text("Question à l'utilisateur", "Question to the user"),
    "escalated": Text("Escalade", "Escalation"),
    "solved": Text("Résolution", "Solution"),
    "knowledge": Text("Fiche de la base de connaissances", "Knowledge-base entry"),
    "closed": Text("Clôture avec l'accord de l'utilisateur", "Closed with the user's agreement"),
    "corrected": Text("Correction", "Correction"),
}


def level(names: dict[int, Text], number: int) -> Text:
    """The name of a level without its explanation: ``Élevé``."""
    return Text(names[number].fr.split(" : ")[0], names[number].en.split(": ")[0])
