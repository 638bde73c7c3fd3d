"""Fernhollow Outfitters, a retailer that does not exist, on the three clouds it runs on.

Each cloud's account is deployed by its own package into its own emulator on loopback; this joins them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol, cast

from auditor.model.ids import Cloud


class _Emulator(Protocol):
    """What the company of one cloud offers once it runs."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point the SDK at the emulator."""

    def stop(self) -> None:
        """Stops it; again is no harm."""


_COMPANIES: Final = {
    Cloud.AWS: "moto_fixtures.aws.company",
    Cloud.AZURE: "moto_fixtures.azure.company",
    Cloud.GCP: "moto_fixtures.gcp.company",
}


def start(cloud: Cloud) -> _Emulator:
    """The company's account on one cloud, deployed and ready."""
    return cast("_Emulator", import_module(_COMPANIES[cloud]).start())


def expected(cloud: Cloud) -> Path:
    """Where the verdicts expected of it are written down."""
    return Path(__file__).parent / cloud.value / "company" / "expected.json"


@dataclass
class CompanyDeployment:
    """The running company: one emulator for each cloud that was asked for."""

    emulators: dict[Cloud, _Emulator]

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point every SDK at the company and at nothing else."""
        return {name: value for emulator in self.emulators.values() for name, value in emulator.environment.items()}

    @property
    def expected(self) -> Mapping[Cloud, Path]:
        """Where the expected verdicts of each running cloud are."""
        return {cloud: expected(cloud) for cloud in self.emulators}

    def stop(self) -> None:
        """Stops every emulator; again is no harm."""
        for emulator in self.emulators.values():
            emulator.stop()


class CompanyScenario:
    """The company as a demo scenario."""

    name = "company"
    title = "Fernhollow Outfitters, a retailer on three clouds"

    def start(self, clouds: Iterable[Cloud] = tuple(Cloud)) -> CompanyDeployment:
        """Starts and deploys the clouds asked for; what was started is stopped again if one fails."""
        deployment = CompanyDeployment({})
        try:
            for cloud in clouds:
                deployment.emulators[cloud] = start(cloud)
        except BaseException:
            deployment.stop()
            raise
        return deployment


COMPANY = CompanyScenario()
