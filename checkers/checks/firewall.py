"""The check of a machine's default firewall policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from checkers.check import Check, Unseen, View
from checkers.checks._silence import awake, need_awake
from checkers.checks._words import clause, listing
from checkers.probe import Question
from checkers.probes.firewall import Firewall, FirewallValue, Trial
from checkers.verdict import Finding, Tally
from labs.text import Text


class FirewallPolicy(Check):
    """What no rule allows is refused (or, with ``policy: accept``, let through), whatever the tool and the way.

    A ``drop`` policy counts like a last rule that drops or rejects; a rule that lets everything in makes either
    useless. interface: only for what arrives there; else for every Ethernet card. at_boot: also after a restart.
    """

    kind: ClassVar[str] = "firewall-policy"
    about: ClassVar[Text] = Text("politique par défaut du pare-feu", "default policy of the firewall")

    on: str
    chain: Literal["input", "forward"] = "input"
    policy: Literal["drop", "accept"] = "drop"
    interface: str | None = None
    at_boot: bool = True

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Firewall()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Firewall())
        if found.trials is None:
            raise Unseen(
                clause(
                    "les règles en place n'ont pas pu être observées (au démarrage : {enabled})",
                    "the rules in place could not be observed (at boot: {enabled})",
                    enabled=listing(found.enabled),
                )
            )
        trials = self._mine(found.trials)
        if not trials:
            raise Unseen(
                clause(
                    "aucune interface réseau à examiner ({wanted})",
                    "no network interface to look at ({wanted})",
                    wanted=self.interface or "Ethernet",
                )
            )
        wrong = [trial for trial in trials if trial.outcome not in (self.policy, "unknown")]
        unknown = [trial for trial in trials if trial.outcome == "unknown"]
        if unknown and not wrong:
            raise Unseen(
                Text(
                    "les règles du pare-feu dépendent de conditions que ce contrôle ne sait pas évaluer",
                    "the firewall rules depend on conditions that this check cannot evaluate",
                )
            )
        if wrong:
            need_awake(view, self.on)
        tally = Tally()
        tally.expect(not wrong, self._good(found), self._bad(found, wrong), required=True)
        if self.at_boot and self.policy == "drop" and not wrong:
            self._keeps(tally, found)
        return tally.finding()

    def _mine(self, trials: Sequence[Trial]) -> list[Trial]:
        return [t for t in trials if t.hook == self.chain and self.interface in (None, t.interface)]

    def _policies(self, found: FirewallValue) -> Text:
        return listing(
            f"{c.family} {c.table} {c.name} : {c.policy}" for c in found.chains or () if c.hook == self.chain
        )

    def _good(self, found: FirewallValue) -> Text:
        what = {
            "drop": Text("ce qui n'est pas autorisé est refusé", "what is not allowed is refused"),
            "accept": Text("ce qui n'est pas interdit est accepté", "what is not forbidden is accepted"),
        }[self.policy]
        return clause(
            "{what} (chaînes {chain} — {found})", "{what} (chains {chain} — {found})",
            what=what, chain=self.chain, found=self._policies(found),
        )  # fmt: skip

    def _bad(self, found: FirewallValue, wrong: list[Trial]) -> Text:
        if not any(c.hook == self.chain for c in found.chains or ()) and self.policy == "drop":
            return clause(
                "aucun filtrage en place (aucune chaîne {chain})", "no filtering (no {chain} chain)", chain=self.chain
            )
        if not wrong:
            return Text("", "")
        trial = wrong[0]
        words = {
            "proto": trial.proto.upper(), "port": trial.port, "interface": trial.interface,
            "source": trial.source, "found": self._policies(found),
        }  # fmt: skip
        if self.policy == "drop":
            return clause(
                "le refus par défaut n'est pas effectif : une connexion {proto} vers le port {port}, qu'aucune règle "
                "ne nomme, venant de {source} par {interface} est acceptée (chaînes : {found})",
                "the default refusal is not effective: a {proto} connection to port {port}, named by no rule, from "
                "{source} through {interface} is accepted (chains: {found})",
                **words,
            )
        return clause(
            "une connexion {proto} vers le port {port} venant de {source} par {interface} est refusée",
            "a {proto} connection to port {port} from {source} through {interface} is refused",
            **words,
        )

    def _keeps(self, tally: Tally, found: FirewallValue) -> None:
        """Count whether the rules come back at boot, as far as it can be told."""
        saved = self._mine(found.saved or ())
        opened = [trial for trial in saved if trial.outcome == "accept"]
        others = [unit for unit in found.enabled if unit != "nftables"]
        good = clause("rechargé au démarrage ({by})", "loaded again at boot ({by})", by=listing(found.enabled))
        if others or ("nftables" in found.enabled and not opened):
            tally.expect(True, good, good)
        elif "nftables" in found.enabled:
            tally.expect(
                False,
                good,
                Text(
                    "les règles en place ne sont pas dans /etc/nftables.conf : elles seraient perdues au redémarrage",
                    "the rules in place are not in /etc/nftables.conf: they would be lost at a restart",
                ),
            )
        elif not found.others:
            tally.expect(
                False,
                good,
                Text(
                    "aucun service ne recharge les règles au démarrage (nftables.service n'est pas activé)",
                    "no service loads the rules at boot (nftables.service is not enabled)",
                ),
            )
