"""The stages of the lifecycle as Cabrelle speaks of them: what belongs where, and the stage of those who write in."""

from __future__ import annotations

from typing import Final

from jalon.demo.parts import Scene
from jalon.lifecycle import actions, queries
from jalon.lifecycle.actions import StageDraft

WORDS: Final = {
    "new_lead": "A laissé son adresse\u00a0: formulaire, salon, boutique.",
    "hot_lead": "A demandé un devis ou un essai\u00a0; l’équipe commerciale le suit.",
    "payment": "A dit oui\u00a0: la facture est envoyée.",
    "customer": "A payé sa première commande.",
    "cold_lead": "Ne répond plus depuis un mois.",
    "no_budget": "Trop cher pour cette année\u00a0; à reprendre avant la saison.",
    "not_interested": "L’a dit lui-même\u00a0: ne plus relancer.",
}


def fill(scene: Scene) -> None:
    """Words for the stages that the set-up has laid out."""
    actor = scene.actor("alice")
    for stage in queries.stages():
        if words := WORDS.get(stage.name):
            actions.change(stage.name, StageDraft(stage.label_en, stage.label_fr, description=words), actor=actor)
    actions.set_default("new_lead", actor=actor)
