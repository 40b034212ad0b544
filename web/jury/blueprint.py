"""The blueprint that the modules of this part put their views on."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from web.jury.words import use_jury_words

routes = Blueprint("jury", __name__)


@routes.record_once
def _words(state: BlueprintSetupState) -> None:
    use_jury_words(state.app)
