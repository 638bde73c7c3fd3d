"""Resource names taken apart: ``projects/p/locations/l/functions/f``, with or without the service's host before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_FUNCTIONS: Final = "//cloudfunctions.googleapis.com/"
_RUN: Final = "//run.googleapis.com/"


@dataclass(frozen=True, slots=True)
class Name:
    """``projects/{project}/locations/{location}/{kind}/{name}``; ``location`` "" for what has none."""

    project: str
    location: str
    kind: str
    name: str

    @property
    def text(self) -> str:
        """The relative resource name."""
        where = f"/locations/{self.location}" if self.location else ""
        return f"projects/{self.project}{where}/{self.kind}/{self.name}"

    @property
    def id(self) -> str:
        """The full resource name, which identifies a function or service among everything there is."""
        return f"{_RUN if self.kind == 'services' else _FUNCTIONS}{self.text}"


def relative(name: str) -> str:
    """The name without the service's host."""
    return name[2:].partition("/")[2] if name.startswith("//") else name


def parse(name: object) -> Name | None:
    """Reads a name of a project's resource; None for anything else."""
    if not isinstance(name, str) or not name.isascii():
        return None
    parts = relative(name).split("/")
    if len(parts) not in (4, 6) or parts[0] != "projects" or not all(parts):
        return None
    if len(parts) == 4:
        return Name(parts[1], "", parts[2], parts[3])
    return Name(parts[1], parts[3], parts[4], parts[5]) if parts[2] == "locations" else None


def last(name: str) -> str:
    """What follows the last slash."""
    return name.rpartition("/")[2]


def project_in(name: str) -> str | None:
    """The project a name lies in, None where it names none."""
    parts = relative(name).split("/")
    return parts[1] if len(parts) > 1 and parts[0] == "projects" and parts[1] not in ("", "_", "-") else None


def canonical(name: str, ids: Mapping[str, str]) -> str:
    """The relative name, with the project's id where it has the number of a project we know."""
    parts = relative(name).split("/")
    if len(parts) > 1 and parts[0] == "projects":
        parts[1] = ids.get(parts[1], parts[1])
    return "/".join(parts)
