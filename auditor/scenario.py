"""The contract of a demo scenario: a company's account deployed into local emulators."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from auditor.model.ids import Cloud


class Deployment(Protocol):
    """A running scenario: what to put into the environment, where the expected verdicts are, how to stop it."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point the SDKs at the emulators (endpoints, made-up credentials)."""

    @property
    def expected(self) -> Mapping[Cloud, Path]:
        """For each cloud its ``expected.json``: check id → function name → status."""

    def stop(self) -> None:
        """Stops every server; safe to call twice."""


class Scenario(Protocol):
    """A scenario that can be started."""

    name: str
    title: str

    def start(self, clouds: Iterable[Cloud]) -> Deployment:
        """Starts servers on loopback for these clouds, deploys into them, returns when ready."""
