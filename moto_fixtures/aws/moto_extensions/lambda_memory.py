"""What the emulation remembers about Lambda beside moto: everything moto loses or does not know."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.wire import Call

LATEST = "$LATEST"
NOT_FOUND = "ResourceNotFoundException"
INVALID = "InvalidParameterValueException"
CONFLICT = "ResourceConflictException"
_LAST_MODIFIED = "%Y-%m-%dT%H:%M:%S.000+0000"


@dataclass
class Remembered:
    """One function: its configuration as written, and all that hangs on its qualifiers (``""``: unqualified)."""

    name: str
    arn: str
    spec: dict[str, Any]
    modified: str
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    aliases: dict[str, dict[str, Any]] = field(default_factory=dict)
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    urls: dict[str, dict[str, Any]] = field(default_factory=dict)
    invoke_configs: dict[str, dict[str, Any]] = field(default_factory=dict)
    runtime_management: dict[str, dict[str, Any]] = field(default_factory=dict)
    provisioned: dict[str, int] = field(default_factory=dict)
    recursion: str = "Terminate"
    reserved: int | None = None
    code_signing: str | None = None
    moves: int = 0
    """How often something was changed that moves the RevisionId: configuration, code, tags, a published version."""
    policy_moves: dict[str, int] = field(default_factory=dict)
    """The same of the policies, by qualifier."""

    def revision(self, qualifier: str = "") -> str:
        """The RevisionId of the function, of a version or of an alias: its own changes move it, and its policy's."""
        policy = self.policy_moves.get(qualifier, 0)
        if qualifier in self.aliases:
            alias = sorted(
                (name, str(value)) for name, value in self.aliases[qualifier].items() if name != "RevisionId"
            )
            return identifier("alias", self.arn, alias, policy)
        return identifier("revision", self.arn, qualifier, 0 if qualifier else self.moves, policy)

    def policy_moved(self, qualifier: str) -> None:
        """A statement was added or removed."""
        self.policy_moves[qualifier] = self.policy_moves.get(qualifier, 0) + 1

    def qualified(self, qualifier: str) -> str:
        """The ARN with a qualifier, or the plain one for ``""``."""
        return f"{self.arn}:{qualifier}" if qualifier else self.arn

    def version_of(self, qualifier: str) -> str:
        """The version a qualifier stands for; 404 for an unknown one."""
        if qualifier in ("", LATEST):
            return LATEST
        if qualifier in self.aliases:
            return str(self.aliases[qualifier]["FunctionVersion"])
        if qualifier in self.versions:
            return qualifier
        raise ServiceError(NOT_FOUND, f"Function not found: {self.qualified(qualifier)}", 404)


@dataclass
class LambdaMemory:
    """One region's functions, code-signing configurations, event source mappings and layer permissions."""

    functions: dict[str, Remembered] = field(default_factory=dict)
    signing_configs: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    layer_policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    listings: dict[str, tuple[int, list[dict[str, Any]]]] = field(default_factory=dict)


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def stamp() -> str:
    """The current time as Lambda writes LastModified."""
    return now().strftime(_LAST_MODIFIED)


def partition(region: str) -> str:
    """The partition a region lies in."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rpartition("-")[0].rpartition("-")[0], "aws")


def identifier(*parts: object) -> str:
    """A stable identifier in UUID form for a thing named by ``parts``."""
    digest = sha256("\0".join(map(str, parts)).encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


def memory(call: Call, account: Account) -> LambdaMemory:
    """The Lambda memory of the call's region."""
    return account.of(LambdaMemory, call.region)


def modified(account: Account, region: str, name: str, *, days_ago: int) -> None:
    """Makes a function one that was last changed so many days ago."""
    function = account.of(LambdaMemory, region).functions[name]
    function.modified = (now() - timedelta(days=days_ago)).strftime(_LAST_MODIFIED)


def split_reference(reference: str) -> tuple[str, str]:
    """Name and qualifier of any form Lambda accepts: name, name:qualifier, partial ARN, ARN."""
    tail = reference.rpartition(":function:")[2] if ":function:" in reference else reference
    tail = tail.removeprefix("function:")
    name, _, qualifier = tail.partition(":")
    return name, qualifier


def referred(call: Call, account: Account, reference: str | None = None) -> tuple[Remembered, str]:
    """The function a call names and the qualifier it gives, alone or in the name; 404 when there is none."""
    name, qualifier = split_reference(reference or call.labels["FunctionName"])
    qualifier = call.argument("Qualifier") or qualifier
    function = memory(call, account).functions.get(name)
    if function is None:
        arn = f"arn:{partition(call.region)}:lambda:{call.region}:{account.id}:function:{name}"
        raise ServiceError(NOT_FOUND, f"Function not found: {arn}{':' * bool(qualifier)}{qualifier}", 404)
    function.version_of(qualifier)
    return function, "" if qualifier == LATEST else qualifier
