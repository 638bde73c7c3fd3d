"""Fernhollow Outfitters, a retailer that does not exist: its Google Cloud organisation, in the local Google Cloud.

Three projects under two folders, sound functions, and at least one function for each defect the checks look for.
What some functions refer to was never made; those are the dangling references.
"""

from datetime import datetime
from pathlib import Path

from moto_fixtures.gcp.company import (
    compliant,
    cost,
    events,
    exemplary,
    exposure,
    iam_bindings,
    identities,
    infrastructure,
    monitoring,
    outdated,
    regions,
    variables,
)
from moto_fixtures.gcp.company.blueprint import Blueprint
from moto_fixtures.gcp.company.builder import build
from moto_fixtures.gcp.company.deploy_context import Workbench
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.server import Server

EXPECTED = Path(__file__).with_name("expected.json")
_PREPARATIONS = (
    infrastructure.keys,
    infrastructure.networks,
    infrastructure.repositories,
    infrastructure.source_buckets,
    infrastructure.event_sources,
    infrastructure.secrets,
    infrastructure.channels,
    iam_bindings.organisation,
    iam_bindings.agents,
    iam_bindings.shop,
    iam_bindings.data,
    iam_bindings.legacy,
    identities.accounts,
    monitoring.shop,
    monitoring.data,
    monitoring.legacy,
    monitoring.front_ends,
    regions.containers,
)
_CHAPTERS = (compliant, exemplary, exposure, identities, variables, events, outdated, cost, regions)


def blueprints(bench: Workbench) -> list[Blueprint]:
    """Every function of the company; needs the prepared workbench, for they refer to what stands there."""
    return [plan for chapter in _CHAPTERS for plan in chapter.functions(bench)]


def deploy(now: datetime | None = None) -> Workbench:
    """Builds the whole organisation; all its times are told from ``now``."""
    bench = Workbench(now)
    for prepare in _PREPARATIONS:
        prepare(bench)
    for plan in blueprints(bench):
        build(bench, plan)
    for project in bench.projects.values():
        for each in (*project.of(GEN1), *project.of(GEN2)):
            bench.made[f"uri:{each.short}"] = each.body["serviceConfig"].get("uri", each.body["url"])
    events.callers(bench)
    return bench


def start() -> Server:
    """Starts the local Google Cloud with the company in it."""
    return Server(deploy().estate).start()
