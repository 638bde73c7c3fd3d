"""The company's three projects, and a shelf for the names of what was made in them."""

from datetime import datetime

from moto_fixtures.gcp.organization import Organization, Project

ORGANISATION = "998877665544"
DOMAIN = "fernhollow.example"
PARTNER = "serviceAccount:feeds@willow-agency.iam.gserviceaccount.com"
"""An account of another company's project."""

CONTRACTOR = "user:contractor@willow-agency.example"
SECOND = "europe-west4"


class Workbench:
    """The estate being built. ``made`` finds what stands by a short name."""

    def __init__(self, now: datetime | None = None) -> None:
        self.estate = Organization(ORGANISATION, now)
        self.digital = self.estate.folder("556677889900", "Digital")
        self.acquired = self.estate.folder("556677889911", "Acquired")
        self.projects: dict[str, Project] = {
            "shop": self.estate.project("fernhollow-shop", "413900112233", self.digital, "Shop"),
            "data": self.estate.project("fernhollow-data", "413900445566", self.digital, "Data"),
            "legacy": self.estate.project("fernhollow-legacy", "413900778899", self.acquired, "Legacy"),
        }
        self.made: dict[str, str] = {}

    @property
    def shop(self) -> Project:
        """The web shop: what a careful team runs."""
        return self.projects["shop"]

    @property
    def data(self) -> Project:
        """Feeds and reports: less care, more strangers."""
        return self.projects["data"]

    @property
    def legacy(self) -> Project:
        """A company that was bought: functions of the first generation, and no inventory."""
        return self.projects["legacy"]

    def topic(self, name: str, project: str = "shop") -> str:
        """The full name of a topic."""
        return f"projects/{self.projects[project].id}/topics/{name}"

    def secret(self, variable: str, name: str, version: str, project: str = "shop") -> dict[str, str]:
        """A variable that is filled from a secret."""
        return {"key": variable, "projectId": self.projects[project].number, "secret": name, "version": version}
