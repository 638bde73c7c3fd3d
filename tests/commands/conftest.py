"""The demo's report, made as the scenario tests make it."""

from tests.scenario.conftest import report, scanned

__all__ = ["report", "scanned"]
