"""What everything read from a lab's file is made of: the strict model, identifiers, one use of a check."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""An identifier: lower-case letters, digits and hyphens, at most 40, starting with a letter."""

CompetencyId = Annotated[str, StringConstraints(pattern=r"^BC[0-9]{2}\.C[0-9]{1,2}$")]
"""A competency of a referential, for example ``BC03.C1``: block 3, competency 1.

The number is the certification's own where it has one, else its place in the block."""

CriterionId = Annotated[str, StringConstraints(pattern=r"^BC[0-9]{2}\.C[0-9]{1,2}\.K[0-9]{1,2}$")]
"""A criterion of a competency, for example ``BC03.C1.K2``: numbered in the order of the text."""


class Strict(BaseModel):
    """Base of everything read from a lab file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckUse(Strict):
    """One use of a check: ``check`` names its class in the catalog, ``with`` holds its parameters."""

    id: Slug
    title: str
    check: str
    params: dict[str, Any] = Field(default_factory=dict, alias="with")
