"""The demo's report, made as the scenario tests make it."""

from tests.scenario.conftest import demo, report, scanned

__all__ = ["demo", "report", "scanned"]
