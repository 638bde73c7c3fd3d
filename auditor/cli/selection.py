"""Which checks and which clouds a run is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Event
from typing import Any, Final

import click
from click.core import ParameterSource

from auditor import plugins
from auditor.check import Check, ProfileLevel
from auditor.code.opening import package_enricher
from auditor.compliance.catalogue import Framework, framework, linked_checks
from auditor.engine.collect import not_installed
from auditor.enricher import PACKAGES
from auditor.errors import NoScopeError, UsageError, suggestion
from auditor.fleet import AccountsFile, Fleet, read_accounts
from auditor.interruptible_calls import AbandonedCallError, InterruptibleCalls
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.provider import ACTIVITY, BASE, CollectOptions, Provider


@dataclass(frozen=True, slots=True)
class CheckSelection:
    """The selection options of the command line."""

    check: tuple[str, ...]
    exclude_check: tuple[str, ...]
    risk: tuple[str, ...]
    severity: tuple[str, ...]
    profile_level: str
    checks_dir: tuple[str, ...]
    framework: tuple[str, ...] = ()

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """The frameworks asked for. Raises UsageError for one we do not have."""
        return tuple(framework(name) for name in dict.fromkeys(self.framework))

    def choose(self, named: Iterable[str]) -> tuple[Check, ...]:
        """The checks to run, ``named`` plug-ins included. Raises UsageError for a name that matches none."""
        known = plugins.checks(named, tuple(map(Path, self.checks_dir)))
        for pattern in (*self.check, *self.exclude_check):
            if not any(_called(check, pattern) for check in known):
                hint = suggestion(pattern, [name for check in known for name in check.names])
                raise UsageError(f"No check is called {pattern!r}{hint} 'auditor checks list' has all.")
        linked = linked_checks(self.framework) if self.framework else None
        chosen = tuple(check for check in known if self._wants(check) and (linked is None or check.id in linked))
        if not chosen:
            raise UsageError("These options leave no check to run.")
        return chosen

    def left_out(self, named: Iterable[str]) -> tuple[Check, ...]:
        """The checks that are not to be run and would show a trait of functions."""
        chosen = {check.id for check in self.choose(named)}
        known = plugins.checks(named, tuple(map(Path, self.checks_dir)))
        return tuple(check for check in known if check.trait is not None and check.id not in chosen)

    def _wants(self, check: Check) -> bool:
        if any(_called(check, pattern) for pattern in self.exclude_check):
            return False
        if self.risk and check.risk.value not in self.risk:
            return False
        if self.severity and check.severity not in map(Severity, self.severity):
            return False
        if self.check:  # naming a check asks for it, opinion or not
            return any(_called(check, pattern) for pattern in self.check)
        return self.profile_level == ProfileLevel.STRICT or check.profile_level is ProfileLevel.DEFAULT

    def row(self) -> dict[str, Any]:
        """For ``run.selection``: what was asked for, without what was left at its default."""
        named = {
            "check": list(self.check),
            "exclude_check": list(self.exclude_check),
            "risk": list(self.risk),
            "severity": list(self.severity),
            "framework": list(dict.fromkeys(self.framework)),
        }
        return {"profile_level": self.profile_level, **{key: value for key, value in named.items() if value}}


def _called(check: Check, pattern: str) -> bool:
    """Whether a pattern names a check, by its id or by one it had before."""
    return any(fnmatchcase(name, pattern) for name in check.names)


def all_providers() -> dict[Cloud, Provider]:
    """Every provider we have; none imports its SDK until it collects."""
    return plugins.providers()


def choose_providers(wanted: tuple[str, ...], options: CollectOptions) -> dict[Cloud, Provider]:
    """The clouds to audit: those named, or every one with credentials."""
    return choose(wanted, options)[0]


def choose(wanted: tuple[str, ...], options: CollectOptions) -> tuple[dict[Cloud, Provider], dict[Cloud, str]]:
    """The clouds to audit, and those that nobody set up credentials for, with what is missing.

    A cloud whose credentials are set up and fail is audited all the same, and its failure told. Where clouds are named,
    the others are left out on purpose. Raises NoScopeError where there are no credentials at all.
    """
    providers = all_providers()
    known = {cloud.value: cloud for cloud in providers}
    for name in wanted:
        if name not in known:
            hint = suggestion(name, known)
            raise UsageError(f"--provider {name}: not supported here; supported are {', '.join(sorted(known))}{hint}")
    _check_tiers(options.tiers, providers)
    if wanted:
        return {known[name]: providers[known[name]] for name in dict.fromkeys(wanted)}, {}
    errands = InterruptibleCalls(options.stop)
    refusals = {cloud: _refusal(errands, provider, options) for cloud, provider in providers.items()}
    left_out = {cloud: refusal for cloud, refusal in refusals.items() if refusal is not None}
    if len(left_out) == len(providers):
        raise NoScopeError("No cloud has credentials:", left_out.values())
    return {cloud: provider for cloud, provider in providers.items() if cloud not in left_out}, left_out


def _check_tiers(tiers: tuple[str, ...], providers: Mapping[Cloud, Provider]) -> None:
    """Raises UsageError for an opt-in tier that no cloud has."""
    offered = {operation.tier for provider in providers.values() for operation in provider.operations} - {BASE}
    for tier in tiers:
        if tier not in offered:
            raise UsageError(f"--tier {tier}: there are {', '.join(sorted(offered))}{suggestion(tier, offered)}")


def _refusal(errands: InterruptibleCalls, provider: Provider, options: CollectOptions) -> str | None:
    """What is missing where no credentials are set up, as far as is known before the run is to end."""
    try:
        return errands.run(lambda: provider.usable(options))
    except ImportError as missing:
        return not_installed(provider.cloud, missing)
    except (AbandonedCallError, NoScopeError):
        return None  # collecting says that it was not opened, and why


def collect_options(values: Mapping[str, Any], stop: Event) -> CollectOptions:
    """The collection options of the command line. Raises UsageError for those that leave nothing to read."""
    if values["region"] and not set(values["region"]) - set(values["exclude_region"]):
        raise UsageError("--exclude-region excludes every region that --region names: nothing is left to read.")
    _refuse_options_of_others(values)
    fleet = _fleet(values)
    asked = {PACKAGES: values.get("with_code"), ACTIVITY: values.get("activity")}
    tiers = tuple(dict.fromkeys((*values["tier"], *(tier for tier, wanted in asked.items() if wanted))))
    return CollectOptions(
        depth=Depth(values["depth"]),
        regions=values["region"],
        exclude_regions=values["exclude_region"],
        functions=_name_globs(values["function"]),
        tags=values["tag"],
        max_workers=values["max_workers"],
        ca_bundle=values["ca_bundle"],
        settings=_settings(values, fleet),
        stop=stop,
        tiers=tiers,
        fleet=fleet,
        activity_days=values.get("activity"),
        enricher=package_enricher(values.get("advisories"), values.get("cache")) if PACKAGES in tiers else None,
    )


def _fleet(values: Mapping[str, Any]) -> Fleet:
    """The accounts of the command line. Raises UsageError for a file that cannot be read and for contradictions."""
    path = values.get("accounts_file")
    return Fleet(
        organization=bool(values.get("organization")),
        role=values.get("org_role_name"),
        units=tuple(values.get("ou") or ()),
        accounts=tuple(dict.fromkeys(values.get("accounts") or ())),
        excluded=tuple(dict.fromkeys(values.get("exclude_account") or ())),
        listed=read_accounts(Path(path)) if path else AccountsFile(),
    ).checked()


def _settings(values: Mapping[str, Any], fleet: Fleet) -> dict[str, str | None]:
    """Each provider's own options; what names no subscription or project takes those of the accounts file."""
    given = {key: _setting(values.get(key)) for key in _SETTINGS}
    listed = {"subscription_id": fleet.listed.subscriptions, "project_id": fleet.listed.projects}
    return {**given, **{key: given[key] or _setting(names) for key, names in listed.items()}}


_SETTINGS = (
    *("profile", "role_arn", "external_id", "pacing"),
    *("subscription_id", "tenant_id", "management_group"),
    *("project_id", "folder_id", "organization_id", "impersonate_service_account"),
)
"""The options that belong to one cloud; each provider reads its own."""


_OF_CLOUD: Final[Mapping[str, Cloud]] = {
    **dict.fromkeys(("role_arn", "external_id"), Cloud.AWS),
    **dict.fromkeys(("subscription_id", "tenant_id", "management_group"), Cloud.AZURE),
    **dict.fromkeys(("project_id", "folder_id", "organization_id", "impersonate_service_account"), Cloud.GCP),
}


def _refuse_options_of_others(values: Mapping[str, Any]) -> None:
    """Raises UsageError for an option of the command line that nothing would read.

    Configuration and environment may hold the options of clouds that one run leaves out.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return
    typed = [key for key in _OF_CLOUD if context.get_parameter_source(key) is ParameterSource.COMMANDLINE]
    wanted = values.get("provider") or ()
    for key in typed:
        if wanted and _OF_CLOUD[key].value not in wanted:
            option, cloud = f"--{key.replace('_', '-')}", _OF_CLOUD[key].value
            raise UsageError(f"{option} is an option of {cloud}, which --provider leaves out: drop one of them.")
    roles = ("role_arn", "org_role_name", "accounts_file")
    if "external_id" in typed and not any(values.get(role) for role in roles):
        raise UsageError("--external-id is for assuming a role: name the role with --role-arn.")


def _setting(value: str | tuple[str, ...] | None) -> str | None:
    """A repeatable option reaches its provider comma-separated."""
    return ",".join(value) or None if isinstance(value, tuple) else value


def _name_globs(globs: Iterable[str]) -> tuple[str, ...]:
    """Name patterns as the names they are compared with are spelt: one that looks like a credential as its mark."""
    from auditor.snapshot.placeholders import stable_name  # noqa: PLC0415 - the formats take time to load

    return tuple(map(stable_name, globs))


def capture_selection(values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a capture remembers of its narrowing, so that a replay narrows the same way."""
    rows = [("function", glob) for glob in _name_globs(values["function"])]
    rows += [("tag", f"{key}={value}") for key, value in values["tag"]]
    return tuple(rows)
