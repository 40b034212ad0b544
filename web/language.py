"""The language of a request: what was chosen, else what the browser prefers, else French."""

from __future__ import annotations

from typing import cast

from flask import Flask, request, session

from labs.text import Language, speak

LANGUAGES: tuple[Language, ...] = ("fr", "en")


def use_language(app: Flask) -> None:
    """Speak the language of each request; the process's own again afterwards."""

    @app.before_request
    def _begin() -> None:
        chosen = session.get("language") or request.accept_languages.best_match(LANGUAGES, default="fr")
        speak(cast(Language, chosen) if chosen in LANGUAGES else "fr")

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        speak(None)
