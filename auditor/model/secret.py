"""What was judged about one configuration value, without the value itself."""

from dataclasses import dataclass
from enum import StrEnum

from auditor.model.severity import Confidence


class SecretVerdict(StrEnum):
    """Whether a value is a credential, points to one, or is neither (`environment[].secret_verdict`)."""

    SECRET = "secret"  # noqa: S105 - a verdict, not a credential
    REFERENCE = "reference"
    CLEAR = "clear"


class ReferenceKind(StrEnum):
    """How a value points elsewhere instead of carrying a credential."""

    ARN = "arn"
    SSM_PARAMETER = "ssm-parameter"
    DYNAMIC_REFERENCE = "dynamic-reference"
    KEY_VAULT = "key-vault"
    APP_CONFIGURATION = "app-configuration"
    SECRET_MANAGER = "secret-manager"  # noqa: S105 - a kind
    SECRET_NAME = "secret-name"  # noqa: S105 - a kind
    STORE_URI = "store-uri"
    TEMPLATE = "template"
    FILE = "file"
    MANAGED_IDENTITY = "managed-identity"
    DEVELOPMENT_STORAGE = "development-storage"
    ENCRYPTED = "encrypted"


STRICT_REFERENCES = frozenset(
    {
        ReferenceKind.ARN,
        ReferenceKind.SSM_PARAMETER,
        ReferenceKind.DYNAMIC_REFERENCE,
        ReferenceKind.KEY_VAULT,
        ReferenceKind.APP_CONFIGURATION,
        ReferenceKind.SECRET_MANAGER,
    }
)
"""Kinds whose grammar leaves no room for a credential: the only ones whose text may be stored."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value points instead of carrying a credential."""

    kind: ReferenceKind
    """Kind of reference."""
    text: str
    """Its text; stored only where its grammar leaves no room for a credential."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one value.

    `confidence` and `detector` (a kebab-case id) are set when the verdict is SECRET, `reference` when it is
    REFERENCE; they are None otherwise.
    """

    verdict: SecretVerdict
    confidence: Confidence | None = None
    detector: str | None = None
    reference: Reference | None = None


class Treatment(StrEnum):
    """What redaction does with a declared field of an answer."""

    VARIABLES = "variables"
    """A mapping of names to values: every value is judged and replaced by what was learnt."""
    TEXT = "text"
    """One value, treated like a variable named after its field."""
    URL = "url"
    """A presigned URL: replaced entirely."""
    DROP = "drop"
    """Content nobody needs: replaced entirely."""
    NAME = "name"
    """The name or address of something that is kept elsewhere: swept like text, whatever its field is called."""
