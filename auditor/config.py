"""The configuration: what an operator can set, with every key checked. Unknown keys are errors."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from auditor.analysis.cost.prices import Assumptions, PriceList, is_meter, meters
from auditor.analysis.ownership import OWNER_KEYS
from auditor.errors import suggestion
from auditor.model.capture import Depth
from auditor.model.classification import ProfileLevel
from auditor.model.severity import GATES, Severity

_ACCOUNT: Final = re.compile(
    r"\d{9,20}"  # AWS accounts have 12 digits; a Google project's number may have fewer or more
    r"|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|([a-z0-9-]+(\.[a-z0-9-]+)+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"
    r"|[a-z0-9-]+(\.[a-z0-9-]+)+"
)
_AWS_ACCOUNT: Final = re.compile(r"\d{12}")


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _account(name: str) -> str:
    if not _ACCOUNT.fullmatch(name):
        raise ValueError(
            f"{name!r} is no account: AWS accounts have 12 digits, Azure subscriptions are GUIDs, Google Cloud has "
            "project ids, project numbers and domains"
        )
    return name


def _aws_account(name: str) -> str:
    if not _AWS_ACCOUNT.fullmatch(name):
        raise ValueError(f"{name!r} is no AWS account: they have 12 digits")
    return name


def _gate(level: str) -> str:
    if level not in GATES:
        raise ValueError(f"{level!r} is not one of {', '.join(GATES)}{suggestion(level, GATES)}")
    return level


Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_more, json_schema_input_type=tuple[str, ...] | str)]
"""A list of names; one alone may be written without brackets."""

Accounts = Annotated[
    tuple[Annotated[str, AfterValidator(_account)], ...],
    BeforeValidator(_one_or_more, json_schema_input_type=tuple[str, ...] | str),
]
AwsAccounts = Annotated[
    tuple[Annotated[str, AfterValidator(_aws_account)], ...],
    BeforeValidator(_one_or_more, json_schema_input_type=tuple[str, ...] | str),
]

MOST_ACTIVITY_DAYS: Final = 455
"""CloudWatch keeps hourly values, of which those of a day are made, for so long. CloudWatch API reference,
2026-12-01."""


class CheckSettings(BaseModel):
    """Thresholds and allow-lists that checks use (``[settings]`` of ``auditor.toml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trusted_accounts: Accounts = Field((), description="Accounts that may share, invoke and publish to ours.")
    trusted_layer_accounts: AwsAccounts = Field(
        (), description="Accounts whose layers we accept, besides trusted_accounts."
    )
    timeout_seconds: int = Field(
        60, ge=1, le=900, description="A longer timeout is reported by timeout-over-threshold."
    )
    max_instances: int = Field(
        100, ge=1, description="A higher ceiling on scale-out is reported by max-instances-high."
    )
    spend_per_hour: int = Field(
        10,
        ge=1,
        description="What an hour of abuse of a function may cost, in the currency of [prices]: spend-ceiling-high "
        "reports more, as high from ten times as much.",
    )
    log_retention_days: int = Field(365, ge=1, description="Shorter log retention is reported.")
    runtime_notice_days: int = Field(
        120, ge=0, description="A runtime that is deprecated within so many days is reported."
    )
    max_variables: int = Field(20, ge=1, description="More environment variables than this are reported.")
    max_policy_statements: int = Field(10, ge=1, description="More resource-policy statements than this are reported.")
    min_free_addresses: int = Field(32, ge=1, description="Subnets with fewer free addresses are reported.")
    owner_tags: Names = Field(
        OWNER_KEYS, description="Tag keys that name a function's owner, most telling first; case is ignored."
    )
    required_tags: Names = Field((), description="Tag keys that every function must carry.")
    sensitive_tags: Names = Field(
        (
            "data-classification=confidential",
            "data-classification=restricted",
            "sensitivity=high",
            "pci=true",
            "pii=true",
        ),
        description="Tags (key=value) that mark a function as handling sensitive data.",
    )
    client_encrypted_variables: Names = Field(
        (), description="Names of variables that must hold client-side encrypted values."
    )
    allowed_runtimes: Names = Field((), description="If set, other runtimes are reported.")
    allowed_roles: Names = Field((), description="If set, other role names (globs) are reported.")
    allowed_timeout_seconds: tuple[int, int] | None = Field(
        None, description="If set, the accepted range of timeouts, inclusive."
    )
    allowed_memory_mb: tuple[int, int] | None = Field(
        None, description="If set, the accepted range of memory, inclusive."
    )
    allowed_locations: Names = Field((), description="If set, functions in other locations (globs) are reported.")
    allowed_extensions: Names = Field((), description="Site extensions (globs) that may be installed.")
    trusted_repositories: Names = Field((), description="Repositories (globs) functions may be built from.")
    queue_backlog: int = Field(
        100, ge=0, description="More messages that wait in a queue than this are reported by queue-backlog."
    )
    secret_unused_days: int = Field(90, ge=1, description="A secret not read for so many days is reported.")
    idle_days: int = Field(
        90, ge=1, le=MOST_ACTIVITY_DAYS, description="A function that was not invoked for so many days is reported."
    )
    inspector_stale_days: int = Field(90, ge=1, description="A vulnerability scan older than this is reported.")


def _meter(name: str) -> str:
    if not is_meter(name):
        known = meters()
        raise ValueError(f"{name!r} is no meter{suggestion(name, known)} They are {', '.join(known)}.")
    return name


class PriceSettings(BaseModel):
    """Prices and assumptions of the spend ceilings (``[prices]`` of ``auditor.toml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str = Field("USD", pattern="^[A-Z]{3}$", description="Currency of every amount, as ISO 4217 names it.")
    exchange_rate: Decimal = Field(
        Decimal(1), gt=0, description="What one US dollar is in that currency: the shipped prices are in dollars."
    )
    meters: dict[Annotated[str, AfterValidator(_meter)], Annotated[Decimal, Field(ge=0)]] = Field(
        {}, description="Own prices by meter, or by meter and region, such as aws/lambda/request/eu-west-1."
    )
    log_bytes: int = Field(500, ge=0, description="Bytes of log that one run writes.")
    response_bytes: int | None = Field(
        None, ge=0, description="Bytes that one run sends to the internet; not set: they are not counted."
    )
    shortest_run_ms: int = Field(100, ge=1, description="Milliseconds of the shortest run that counts.")
    requests_per_second: int = Field(
        1000, ge=1, description="Requests a second that arrive where nothing of the platform limits them."
    )

    @model_validator(mode="after")
    def _converted(self) -> "PriceSettings":
        if self.currency != "USD" and self.exchange_rate == 1:
            raise ValueError(f"{self.currency} needs exchange_rate: the shipped prices are in US dollars")
        return self

    def listed(self) -> PriceList:
        """The prices and assumptions as the analysis takes them."""
        given = ("log_bytes", "response_bytes", "shortest_run_ms", "requests_per_second")
        return PriceList(
            overrides=self.meters,
            currency=self.currency,
            exchange_rate=self.exchange_rate,
            assumptions=Assumptions(**{name: getattr(self, name) for name in given}),
        )

    def changed(self) -> dict[str, Any]:
        """What differs from the defaults."""
        return self.model_dump(mode="json", exclude_defaults=True)


class ImportSettings(BaseModel):
    """A report of a scanner, or a VEX document (``[[imports]]`` of ``auditor.toml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(description="Format of the report, as --import names it.")
    file: str = Field(min_length=1, description="Path of the report.")
    functions: str = Field("*", min_length=1, description="The functions it is about: a glob over their names and ids.")

    @property
    def option(self) -> str:
        """As ``--import`` takes it."""
        return f"{self.format}:{self.file}={self.functions}"


class LogLevel(StrEnum):
    """How much our own log says."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _dashes(name: str) -> str:
    return name.replace("_", "-")


class Configuration(BaseModel):
    """``auditor.toml``, or ``[tool.auditor]`` of ``pyproject.toml``: the long options by name, and some tables more.

    ``plugins`` names the distributions whose checks and reporters may be loaded; ``settings`` are the thresholds checks
    use, ``prices`` what spend ceilings are reckoned with, ``imports`` reports of scanners. ``plugins`` and
    ``checks-dir`` load code, so they count only in a file named with ``--config``, never in one found in the working
    directory.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_dashes, validate_by_name=True)

    provider: Names | None = None
    profile: str | None = None
    region: Names | None = None
    exclude_region: Names | None = None
    role_arn: str | None = None
    external_id: str | None = None
    organization: bool | None = None
    org_role_name: str | None = None
    ou: Names | None = None
    accounts: Names | None = None
    exclude_account: Names | None = None
    accounts_file: str | None = None
    since: str | None = None
    max_age: float | None = None
    full: bool | None = None
    resume: str | None = None
    executor: str | None = None
    store: str | None = None
    subscription_id: Names | None = None
    tenant_id: str | None = None
    management_group: str | None = None
    project_id: Names | None = None
    folder_id: str | None = None
    organization_id: str | None = None
    impersonate_service_account: str | None = None
    depth: Depth | None = None
    tier: Names | None = None
    activity: Annotated[int, Field(ge=1, le=MOST_ACTIVITY_DAYS)] | None = None
    max_workers: int | None = None
    with_code: bool | None = None
    advisories: str | None = None
    cache: str | None = None
    import_: Names | None = Field(None, alias="import")
    imports: tuple[ImportSettings, ...] = ()
    timeout: float | None = None
    ca_bundle: str | None = None
    function: Names | None = None
    tag: Names | None = None
    check: Names | None = None
    exclude_check: Names | None = None
    risk: Names | None = None
    severity: Names | None = None
    framework: Names | None = None
    profile_level: ProfileLevel | None = None
    checks_dir: Names | None = None
    plugins: Names | None = None
    format: Names | None = None
    output_dir: str | None = None
    split: Literal["account"] | None = None
    keep: Annotated[int, Field(ge=1)] | None = None
    sign_command: str | None = None
    quiet: bool | None = None
    no_progress: bool | None = None
    no_color: bool | None = None
    log_level: LogLevel | None = None
    log_format: Literal["text", "json"] | None = None
    fail_on: Annotated[str, AfterValidator(_gate), Field(json_schema_extra={"enum": list(GATES)})] | None = None
    fail_on_incomplete: bool | None = None
    waivers: str | None = None
    strict_waivers: bool | None = None
    baseline: str | None = None
    history: str | None = None
    notify: Names | None = None
    notify_on: Severity | None = None
    metrics_file: str | None = None
    vex: Names | None = None
    settings: CheckSettings = CheckSettings()
    prices: PriceSettings = PriceSettings()

    def options(self) -> dict[str, Any]:
        """The options that are set, by the name click knows them under."""
        tables = {"settings", "prices", "imports"}
        chosen = self.model_dump(mode="json", exclude=tables, exclude_none=True, by_alias=False)
        if "format" in chosen:
            chosen["formats"] = chosen.pop("format")
        imports = (*chosen.pop("import_", ()), *(each.option for each in self.imports))
        if imports:
            chosen["imports"] = imports
        return chosen
