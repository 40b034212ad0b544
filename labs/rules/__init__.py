"""The rules of ``lab lint``: what a lab must be beyond the shape of ``lab.yml``.

A rule reads a ``Draft`` (the file as nodes, whatever is wrong with it) and yields problems. It says nothing about
values whose shape is wrong: the model has said so already. So all rules always run, and every fault is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from labs.problems import Problem
from labs.rules import (
    channels,
    checks,
    collisions,
    criteria,
    devices,
    files,
    incidents,
    mutants,
    networks,
    points,
    solution,
    steps,
    subject,
    variants,
)
from labs.rules.draft import Draft

Rule = Callable[[Draft], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    networks.networks_and_addresses,
    networks.known_images,
    devices.devices_fit,
    channels.channels_fit,
    points.unique_ids,
    points.points_add_up,
    points.known_competencies,
    criteria.criteria_fit,
    checks.checks_fit,
    files.files_exist,
    subject.subject_renders,
    subject.secrets_are_declared,
    subject.secrets_are_used,
    solution.solution_covers_the_tasks,
    steps.steps_do_something,
    incidents.incidents_fit,
    incidents.tickets_keep_the_cause,
    incidents.changes_are_sound,
    mutants.mutants_fit,
    variants.values_fit,
    variants.placeholders_fit,
    variants.variants_are_checked,
    collisions.values_differ,
    collisions.values_are_free,
)
"""What a lab that is used must obey, in the order in which they are run (problems are sorted by place afterwards)."""

RULES_OF_PROOF: tuple[Rule, ...] = (mutants.mutants_are_enough,)
"""What a lab with mutants must obey besides, to be proved: one that is being written can be tried meanwhile."""

VARYING: tuple[Rule, ...] = (checks.checks_fit, incidents.tickets_keep_the_cause)
"""The rules that look at what may differ from candidate to candidate: run with other values, too."""
