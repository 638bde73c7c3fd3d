"""The options of a run over several AWS accounts."""

from pathlib import Path

import click

from auditor.cli.options import many, option, stacked

fleet_options = stacked(
    option("--organization", is_flag=True, help="AWS: every active account of the organization."),
    option("--org-role-name", metavar="NAME", help="AWS: role to assume in each of several accounts."),
    many("--ou", metavar="ID", help="AWS: with --organization, only accounts below these units (ou-..., r-...)."),
    many("--accounts", metavar="ID", help="AWS: only these accounts, each through --org-role-name."),
    many("--exclude-account", metavar="ID", help="AWS: not these accounts."),
    option(
        "--accounts-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Accounts, subscriptions and projects to read (TOML or YAML; c7n-org's accounts.yml as it is).",
    ),
)
