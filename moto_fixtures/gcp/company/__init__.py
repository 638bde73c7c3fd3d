"""Fernhollow Outfitters, a retailer that does not exist: its Google Cloud organisation, in the local Google Cloud.

Three projects under two folders, sound functions, and at least one function for each defect the checks look for.
What some functions refer to was never made; those are the dangling references.
"""

from datetime import datetime
from pathlib import Path

from moto_fixtures.gcp.company import (
    doors,
    events,
    exemplary,
    grounds,
    neglect,
    people,
    places,
    powers,
    shop,
    variables,
    wallet,
    watch,
)
from moto_fixtures.gcp.company.blueprint import Blueprint
from moto_fixtures.gcp.company.builder import build
from moto_fixtures.gcp.company.workbench import Workbench
from moto_fixtures.gcp.functions import GEN1, GEN2
from moto_fixtures.gcp.server import Server

EXPECTED = Path(__file__).with_name("expected.json")
_PREPARATIONS = (
    grounds.keys,
    grounds.networks,
    grounds.repositories,
    grounds.source_buckets,
    grounds.event_sources,
    grounds.secrets,
    grounds.channels,
    people.organisation,
    people.agents,
    people.shop,
    people.data,
    people.legacy,
    powers.accounts,
    watch.shop,
    watch.data,
    watch.legacy,
    watch.front_ends,
    places.containers,
)
_CHAPTERS = (shop, exemplary, doors, powers, variables, events, neglect, wallet, places)


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
