"""How things are named: clouds, scopes, locations."""

from enum import StrEnum


class Cloud(StrEnum):
    """The clouds we audit."""

    AWS = "aws"
    AZURE = "azure"
    GCP = "gcp"


def scope_id(cloud: Cloud, scope: str) -> str:
    """The id of an account, subscription or project: ``aws/123456789012``."""
    return f"{cloud}/{scope}"


def place_id(scope: str, location: str) -> str:
    """The id of one location of a scope: ``aws/123456789012/us-east-1``."""
    return f"{scope}/{location}"
