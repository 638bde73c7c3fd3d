"""``auditor demo``: the bundled company, no credentials, no network."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from auditor.cli import options
from auditor.errors import UsageError, suggestion
from auditor.model.ids import Cloud
from auditor.scenario import Scenario

_CLOUD_VARIABLES = (
    *("AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "AUDITOR_AZURE_", "AUDITOR_GCP_"),
    *("ARM_", "IDENTITY_", "MSI_", "GCE_METADATA_", "GCLOUD_"),
)


@click.command()
@options.many("--provider", metavar="CLOUD", help=f"{', '.join(options.CLOUDS)} (default: all of them).")
@options.output_to("auditor-demo")
@options.split_option
@options.gate_options
@options.waiver_options
@options.baseline_option
@options.history_option
@options.notify_options
@options.framework_option
@options.profile_level_option
@options.display_options
def command(**values: Any) -> int:
    """Audit the bundled company: emulators start on loopback, its accounts are deployed, scanned and stopped.

    Nothing leaves this machine; no credentials are read. Needs the [demo] extra.
    """
    from auditor import plugins  # noqa: PLC0415 - keeps --help fast
    from auditor.cli.finish import asked  # noqa: PLC0415 - the same
    from auditor.cli.run import scan  # noqa: PLC0415 - the same

    def begin(scenario: Scenario) -> None:
        if not values["quiet"]:
            click.echo(f"Deploying {scenario.title} into local emulators...", err=True)

    clouds = _clouds(values["provider"])
    options = {**DEFAULTS, **values, "provider": tuple(cloud.value for cloud in clouds)}
    asked(options)  # what is refused is refused before a company is deployed
    deployment = plugins.start_scenario("company", clouds, begin)
    try:
        with pointed_at(deployment.environment):
            return scan(options)
    finally:
        deployment.stop()


def _clouds(names: tuple[str, ...]) -> tuple[Cloud, ...]:
    """The clouds to deploy: those named, or all. Raises UsageError for a name that is none."""
    known = {cloud.value: cloud for cloud in Cloud}
    for name in names:
        if name not in known:
            raise UsageError(f"--provider {name}: the demo has {', '.join(known)}{suggestion(name, known)}")
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(Cloud)


@contextmanager
def pointed_at(environment: Mapping[str, str]) -> Iterator[None]:
    """Points the SDKs at the emulators and at nothing of the user's own, for the length of the block."""
    before = dict(os.environ)
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    kept = {name: value for name, value in before.items() if not name.startswith(_CLOUD_VARIABLES)}
    try:
        _replace({**kept, **nowhere, **environment})
        yield
    finally:
        _replace(before)


def _replace(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


DEFAULTS: dict[str, Any] = {
    "profile": None,
    "region": (),
    "exclude_region": (),
    "role_arn": None,
    "external_id": None,
    "subscription_id": (),
    "tenant_id": None,
    "management_group": None,
    "project_id": (),
    "folder_id": None,
    "organization_id": None,
    "impersonate_service_account": None,
    "organization": False,
    "org_role_name": None,
    "ou": (),
    "accounts": (),
    "exclude_account": (),
    "accounts_file": None,
    "pacing": "off",
    "depth": "full",
    "tier": ("code",),
    "activity": 90,
    "max_workers": 16,
    "timeout": None,
    "ca_bundle": None,
    "function": (),
    "tag": (),
    "check": (),
    "exclude_check": (),
    "risk": (),
    "severity": (),
    "framework": (),
    "checks_dir": (),
    "as_of": None,
}
"""What a collection of the demo is asked for: everything, at full depth."""
