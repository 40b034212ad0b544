"""The mutants of tai-windows, as they would show in what its machines answer and in what the witnesses see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.checkers.windows.lists import ADMINISTRATORS, EVERYBODY, FULL, MODIFY, READ, SYSTEM, allow, written
from tests.unit.tai_windows.bench import (
    APPLIED,
    BANNER,
    FOLDER,
    INVOICES,
    KEY,
    LOCAL_USERS,
    MODIFIERS,
    POLICY,
    PORT,
    RECORDS,
    SERVICE,
    TRAINEE,
    USERS,
    WindowsBench,
    descriptor,
    golden,
    invoices,
    record,
    registry_pol,
    reply,
    soa,
)

Mutation = Callable[[WindowsBench], None]
MUTATIONS: dict[str, Mutation] = {}

PRINTER, INTRANET, REVERSE = RECORDS
RESOLVED = 'wire:lan/dns-resolves {"fqdn": "intranet.kerbras.lan.", "server": "192.168.50.10", "type": "CNAME"}'
OFFER = 'wire:lan/dhcp-offer {"device": null}'
WRITER, STRANGER = (
    'wire:lan/smb-access {"password_secret": "initial", "server_address": "192.168.50.10", "share": "compta", "user": '
    f'"{user}"}}'
    for user in ("nolwenn.riou", "gwen.tanguy")
)
POSTES = "OU=Postes,OU=Kerbras"


def mutant(name: str) -> Callable[[Mutation], Mutation]:
    def known(mutation: Mutation) -> Mutation:
        MUTATIONS[name] = mutation
        return mutation

    return known


def scope(bench: WindowsBench) -> dict[str, Any]:
    found: dict[str, Any] = bench.answers["server/dhcp-config"]["scopes"][0]
    return found


def told(bench: WindowsBench, number: int, *values: str) -> None:
    """An option of the scope, in what the server is told and in what a client is offered."""
    for option in scope(bench)["options"]:
        if option["id"] == number:
            option["values"] = list(values)


@mutant("imprimante-deux-adresses")
def _(bench: WindowsBench) -> None:
    both = [(PRINTER, "A", address) for address in ("192.168.50.40", "192.168.50.41")]
    bench.answers[RECORDS[PRINTER]]["answers"][1] = reply(PRINTER, "A", *both)


@mutant("intranet-adresse")
def _(bench: WindowsBench) -> None:
    address = (INTRANET, "A", "192.168.50.10")
    bench.answers[RECORDS[INTRANET]]["answers"] = [
        soa("kerbras.lan."),
        reply(INTRANET, "CNAME"),
        reply(INTRANET, "A", address),
    ]
    bench.seen[RESOLVED]["answers"][0]["records"] = []


@mutant("ptr-sans-domaine")
def _(bench: WindowsBench) -> None:
    bench.answers[RECORDS[REVERSE]]["answers"][1] = reply(REVERSE, "PTR", (REVERSE, "PTR", "srv-kerbras."))


def reverse_zone(bench: WindowsBench) -> dict[str, Any]:
    zones = bench.answers["server/dns-zones"]["zones"]
    return next(one for one in zones if one["reverse"])  # type: ignore[no-any-return]


@mutant("zone-dans-un-fichier")
def _(bench: WindowsBench) -> None:
    reverse_zone(bench).update({"directory": False, "update": 0})


@mutant("mises-a-jour-de-tous")
def _(bench: WindowsBench) -> None:
    reverse_zone(bench)["update"] = 1


@mutant("redirecteur-faux-chiffre")
def _(bench: WindowsBench) -> None:
    bench.answers["server/dns-forwarder"]["forwarders"] = ["203.0.113.35"]


@mutant("etendue-trop-courte")
def _(bench: WindowsBench) -> None:
    scope(bench)["last"] = "192.168.50.198"


@mutant("etendue-inactive")
def _(bench: WindowsBench) -> None:
    scope(bench)["state"] = "InActive"
    nobody_offers(bench)


@mutant("dhcp-sur-internet")
def _(bench: WindowsBench) -> None:
    for card in bench.answers["server/dhcp-config"]["bindings"]:
        card["bound"] = card["address"] != "192.168.50.10"
    nobody_offers(bench)


def nobody_offers(bench: WindowsBench) -> None:
    bench.seen[OFFER].update({"offers": [], "ack": None})


def offered(bench: WindowsBench, **values: Any) -> None:
    for offer in (*bench.seen[OFFER]["offers"], bench.seen[OFFER]["ack"]):
        offer.update(values)


@mutant("exclusion-decalee")
def _(bench: WindowsBench) -> None:
    scope(bench)["exclusions"] = [{"first": "192.168.50.151", "last": "192.168.50.159"}]


@mutant("passerelle-serveur")
def _(bench: WindowsBench) -> None:
    told(bench, 3, "192.168.50.10")
    offered(bench, routers=["192.168.50.10"])


@mutant("bail-par-defaut")
def _(bench: WindowsBench) -> None:
    scope(bench)["lease_s"] = 691200
    offered(bench, lease_seconds=691200)


@mutant("reservation-autre-carte")
def _(bench: WindowsBench) -> None:
    scope(bench)["reservations"][0]["client"] = "52-54-00-07-00-77"


@mutant("unite-a-la-racine")
def _(bench: WindowsBench) -> None:
    old, new = "OU=Comptabilite,OU=Kerbras,DC=kerbras,DC=lan", "OU=Comptabilite,DC=kerbras,DC=lan"
    for one in bench.answers["server/directory"]["records"]:
        for name in ("distinguishedname", "member", "adspath"):
            if name in one:
                one[name] = [value.replace(old, new) for value in one[name]]


@mutant("prenom-et-nom-echanges")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "CN=Nolwenn Riou").update({"givenname": ["Riou"], "sn": ["Nolwenn"]})


@mutant("upn-autre-domaine")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "CN=Nolwenn Riou")["userprincipalname"] = ["nolwenn.riou@kerbras.fr"]


@mutant("groupe-domaine-local")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "CN=GG-Compta")["grouptype"] = ["-2147483644"]


@mutant("membres-directs")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "CN=DL-Compta")["member"] = record(bench.answers, "CN=Nolwenn Riou")["distinguishedname"]


@mutant("yann-expire")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "CN=Yann").update({"useraccountcontrol": ["512"], "accountexpires": ["134000000000000000"]})


@mutant("verrouillage-trente-minutes")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "DC=kerbras")["lockoutduration"] = ["-18000000000"]


@mutant("gpo-plus-haut")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "OU=Kerbras")["gplink"] = record(bench.answers, POSTES).pop("gplink")


@mutant("gpo-lien-desactive")
def _(bench: WindowsBench) -> None:
    unit = record(bench.answers, POSTES)
    unit["gplink"] = [unit["gplink"][0].replace(";0]", ";1]")]


@mutant("gpo-pour-personne")
def _(bench: WindowsBench) -> None:
    policy = record(bench.answers, f"CN={POLICY}")
    policy["ntsecuritydescriptor"] = [written(allow(USERS, READ))]


@mutant("gpo-utilisateur")
def _(bench: WindowsBench) -> None:
    _, setting = bench.answers["server/published-policies"]["files"]
    setting["path"] = "User\\Registry.pol"
    setting["content"] = registry_pol(KEY, "Bandeau", BANNER)


@mutant("bandeau-a-la-main")
def _(bench: WindowsBench) -> None:
    bench.answers[APPLIED].update({"policies": [], "settings": []})


@mutant("partage-lecture-seule")
def _(bench: WindowsBench) -> None:
    only = descriptor((READ, USERS))
    for share in (*bench.answers["server/shares"]["shares"], *bench.answers[FOLDER]["shares"]):
        if share["name"] == "Compta":
            share["rights"] = only
    bench.seen[WRITER].update({"status": "NT_STATUS_ACCESS_DENIED", "write": False, "delete": False})


@mutant("dossier-lisible-par-tous")
def _(bench: WindowsBench) -> None:
    bench.answers[FOLDER]["rights"] = descriptor(
        (FULL, SYSTEM), (FULL, ADMINISTRATORS), (MODIFY, MODIFIERS), (READ, USERS)
    )
    bench.seen[STRANGER]["read"] = True


@mutant("nom-pas-redemarre")
def _(bench: WindowsBench) -> None:
    bench.answers["client/host-name"].update({"pending": "POSTE-COMPTABIL", "host_name": "poste-comptabilite"})


@mutant("adresse-fixe")
def _(bench: WindowsBench) -> None:
    bench.answers["client/addresses"] = golden("addresses/client-static")


@mutant("ordinateur-desactive")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "CN=POSTE-COMPTA")["useraccountcontrol"] = ["4098"]


@mutant("ordinateur-dans-computers")
def _(bench: WindowsBench) -> None:
    record(bench.answers, "CN=POSTE-COMPTA")["distinguishedname"] = ["CN=POSTE-COMPTA,CN=Computers,DC=kerbras,DC=lan"]


@mutant("depannage-sans-droits")
def _(bench: WindowsBench) -> None:
    bench.answers["client/local-accounts"]["groups"][0]["members"].pop()


@mutant("service-manuel")
def _(bench: WindowsBench) -> None:
    bench.answers[SERVICE]["start"] = 2


@mutant("web-a-la-main")
def _(bench: WindowsBench) -> None:
    bench.answers[SERVICE]["status"] = 4
    bench.seen[PORT]["ports"] = {"80": "open"}


@mutant("pare-feu-domaine")
def _(bench: WindowsBench) -> None:
    bench.answers["client/firewall"]["profiles"][0]["inbound"] = 2


@mutant("imprimante-autre-adresse")
def _(bench: WindowsBench) -> None:
    printers = bench.answers["client/printers"]
    printers["ports"].append({**printers["ports"][-1], "name": "IP_192.168.50.2", "host": "192.168.50.2"})
    printers["printers"][-1]["port"] = "IP_192.168.50.2"


@mutant("imprimante-port-de-ce-nom")
def _(bench: WindowsBench) -> None:
    bench.answers["client/printers"]["printers"][-1]["port"] = "socket://192.168.50.40"


KEEPERS = ((FULL, SYSTEM), (FULL, ADMINISTRATORS))


@mutant("factures-heritees")
def _(bench: WindowsBench) -> None:
    bench.answers[INVOICES]["lists"] = invoices(*KEEPERS, (READ, LOCAL_USERS), (MODIFY, USERS))


@mutant("factures-fermees")
def _(bench: WindowsBench) -> None:
    bench.answers[INVOICES]["lists"] = invoices(*KEEPERS)


@mutant("factures-un-fichier")
def _(bench: WindowsBench) -> None:
    own = descriptor((MODIFY, TRAINEE), *KEEPERS, (READ, LOCAL_USERS), inherited=True)
    bench.answers[INVOICES]["lists"].append({"folder": False, "rights": own})


@mutant("juste-factures-par-compte")
def _(bench: WindowsBench) -> None:
    bench.answers[INVOICES]["lists"] = invoices(*KEEPERS, (READ, TRAINEE))


def cleaning(bench: WindowsBench) -> dict[str, Any]:
    found: dict[str, Any] = bench.answers["client/schedules"]["tasks"][0]
    return found


@mutant("menage-tous-les-lundis")
def _(bench: WindowsBench) -> None:
    written = cleaning(bench)["triggers"][0]
    monthly = written[written.index("<ScheduleByMonth") : written.index("</CalendarTrigger>")]
    weekly = "<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek><Monday /></DaysOfWeek></ScheduleByWeek>"
    cleaning(bench)["triggers"] = [written.replace(monthly, weekly)]


@mutant("menage-desactive")
def _(bench: WindowsBench) -> None:
    cleaning(bench)["enabled"] = False


@mutant("juste-menage-a-l-heure-du-monde")
def _(bench: WindowsBench) -> None:
    cleaning(bench)["triggers"] = [cleaning(bench)["triggers"][0].replace("06:15:00<", "06:15:00+01:00<")]


@mutant("borne-adresse-usine")
def _(bench: WindowsBench) -> None:
    for lan in ("lan", "saved_lan"):
        bench.seen["ap/access-point"][lan]["addresses"] = ["192.168.1.1/24"]


@mutant("borne-mot-de-passe-usine")
def _(bench: WindowsBench) -> None:
    factory = {"page_default": True, "page_expected": False, "console_default": True, "console_expected": False}
    bench.seen['radio:ap/ap-admin {"secret": "admin_ap"}'].update(factory)


@mutant("ssid-avec-espace")
def _(bench: WindowsBench) -> None:
    for which in ("running", "saved"):
        bench.seen["ap/access-point"][which]["ssid"] += "20"


@mutant("juste-options-du-serveur")
def _(bench: WindowsBench) -> None:
    bench.answers["server/dhcp-config"]["options"] = scope(bench)["options"]
    scope(bench)["options"] = []


@mutant("juste-zone-de-la-foret")
def _(bench: WindowsBench) -> None:
    assert reverse_zone(bench)["directory"], "wherever in the directory it is kept, the server tells it so"


@mutant("juste-plusieurs-exclusions")
def _(bench: WindowsBench) -> None:
    scope(bench)["exclusions"] = [
        {"first": "192.168.50.150", "last": "192.168.50.154"},
        {"first": "192.168.50.155", "last": "192.168.50.159"},
    ]


@mutant("juste-controle-total-au-partage")
def _(bench: WindowsBench) -> None:
    everybody = descriptor((FULL, USERS), (FULL, EVERYBODY))
    for share in (*bench.answers["server/shares"]["shares"], *bench.answers[FOLDER]["shares"]):
        if share["name"] == "Compta":
            share["rights"] = everybody


@mutant("juste-lien-force")
def _(bench: WindowsBench) -> None:
    unit = record(bench.answers, POSTES)
    unit["gplink"] = [unit["gplink"][0].replace(";0]", ";2]")]
