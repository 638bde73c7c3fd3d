"""Where the image of a container lies, by its address."""

from typing import Final

_REGISTRY: Final = "-docker.pkg.dev"
_MULTIREGIONS: Final = {"gcr.io": "us", "us.gcr.io": "us", "eu.gcr.io": "europe", "asia.gcr.io": "asia"}
"""Since March 2025 Artifact Registry serves the addresses of Container Registry from repositories of those names."""


def repository(image: str) -> str | None:
    """``projects/p/locations/l/repositories/r`` of an image in Artifact Registry; None for one elsewhere."""
    host, _, path = image.partition("/")
    steps = path.split("/")
    if host.endswith(_REGISTRY) and len(steps) > 2:
        return f"projects/{steps[0]}/locations/{host.removesuffix(_REGISTRY)}/repositories/{steps[1]}"
    if host in _MULTIREGIONS and len(steps) > 1:
        domain = ":" if "." in steps[0] and len(steps) > 2 else ""  # example.com/project: a project of a domain
        project = f"{steps[0]}{domain}{steps[1]}" if domain else steps[0]
        return f"projects/{project}/locations/{_MULTIREGIONS[host]}/repositories/{host}"
    return None
