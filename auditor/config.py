"""The configuration: what an operator can set, with every key checked. Unknown keys are errors."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class CheckSettings(BaseModel):
    """Thresholds and allow-lists that checks use (``[settings]`` of ``auditor.toml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trusted_accounts: tuple[str, ...] = Field((), description="Accounts that may share, invoke and publish to ours.")
    trusted_layer_accounts: tuple[str, ...] = Field(
        (), description="Accounts whose layers we accept, besides trusted_accounts."
    )
    timeout_seconds: int = Field(
        60, ge=1, le=900, description="A longer timeout is reported by timeout-over-threshold."
    )
    log_retention_days: int = Field(365, ge=1, description="Shorter log retention is reported.")
    runtime_notice_days: int = Field(
        120, ge=0, description="A runtime that is deprecated within so many days is reported."
    )
    max_variables: int = Field(20, ge=1, description="More environment variables than this are reported.")
    max_policy_statements: int = Field(10, ge=1, description="More resource-policy statements than this are reported.")
    min_free_addresses: int = Field(32, ge=1, description="Subnets with fewer free addresses are reported.")
    required_tags: tuple[str, ...] = Field((), description="Tag keys that every function must carry.")
    sensitive_tags: tuple[str, ...] = Field(
        (
            "data-classification=confidential",
            "data-classification=restricted",
            "sensitivity=high",
            "pci=true",
            "pii=true",
        ),
        description="Tags (key=value) that mark a function as handling sensitive data.",
    )
    client_encrypted_variables: tuple[str, ...] = Field(
        (), description="Names of variables that must hold client-side encrypted values."
    )
    allowed_runtimes: tuple[str, ...] = Field((), description="If set, other runtimes are reported.")
    allowed_roles: tuple[str, ...] = Field((), description="If set, other role names (globs) are reported.")
    allowed_timeout_seconds: tuple[int, int] | None = Field(
        None, description="If set, the accepted range of timeouts, inclusive."
    )
    allowed_memory_mb: tuple[int, int] | None = Field(
        None, description="If set, the accepted range of memory, inclusive."
    )
    secret_unused_days: int = Field(90, ge=1, description="A secret not read for so many days is reported.")
    inspector_stale_days: int = Field(90, ge=1, description="A vulnerability scan older than this is reported.")


def _dashes(name: str) -> str:
    return name.replace("_", "-")


class Configuration(BaseModel):
    """``auditor.toml``, or ``[tool.auditor]`` of ``pyproject.toml``: the long options by name, and two tables more.

    ``plugins`` names the distributions whose checks, providers and reporters may be loaded; ``settings`` are the
    thresholds checks use.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_dashes, validate_by_name=True)

    provider: tuple[str, ...] | None = None
    profile: str | None = None
    region: tuple[str, ...] | None = None
    exclude_region: tuple[str, ...] | None = None
    role_arn: str | None = None
    external_id: str | None = None
    depth: Literal["quick", "standard", "full"] | None = None
    max_workers: int | None = None
    timeout: float | None = None
    ca_bundle: str | None = None
    function: tuple[str, ...] | None = None
    tag: tuple[str, ...] | None = None
    check: tuple[str, ...] | None = None
    exclude_check: tuple[str, ...] | None = None
    risk: tuple[str, ...] | None = None
    severity: tuple[str, ...] | None = None
    profile_level: Literal["default", "strict"] | None = None
    checks_dir: tuple[str, ...] | None = None
    format: tuple[str, ...] | None = None
    output_dir: str | None = None
    quiet: bool | None = None
    no_progress: bool | None = None
    no_color: bool | None = None
    log_level: Literal["debug", "info", "warning", "error"] | None = None
    fail_on: Literal["critical", "high", "medium", "low", "none"] | None = None
    fail_on_incomplete: bool | None = None
    plugins: tuple[str, ...] = ()
    settings: CheckSettings = CheckSettings()

    def options(self) -> dict[str, Any]:
        """The options that are set, by the name click knows them under."""
        chosen = self.model_dump(exclude={"plugins", "settings"}, exclude_none=True, by_alias=False)
        if "format" in chosen:
            chosen["formats"] = chosen.pop("format")
        return chosen
