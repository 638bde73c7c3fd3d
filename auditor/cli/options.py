"""The options verbs share. Each can stand in ``auditor.toml`` and in ``AUDITOR_<NAME>``; the command line wins."""

from collections.abc import Callable
from pathlib import Path
from threading import TIMEOUT_MAX
from typing import Any, TypeVar

import click

from auditor.cli.configuration import load, remember_plugins
from auditor.cli.messages import Words, not_among
from auditor.config import MOST_ACTIVITY_DAYS, LogLevel
from auditor.formats import FORMATS, USUAL
from auditor.model.capture import Depth
from auditor.model.classification import ProfileLevel, Risk
from auditor.model.ids import Cloud
from auditor.model.severity import GATES, Severity

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

SEVERITIES = tuple(severity.value for severity in Severity)
CLOUDS = tuple(cloud.value for cloud in Cloud)
RISKS = tuple(risk.value for risk in Risk)
DEPTHS = tuple(depth.value for depth in Depth)
LEVELS = tuple(level.value for level in ProfileLevel)
LOG_LEVELS = tuple(level.value for level in LogLevel)


class _Directory(click.Path):
    """A directory that was named: one from an empty variable would be the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails for an empty one."""
        if value == "":
            self.fail("it is empty: leave the option out, or name a directory.", param, ctx)
        return super().convert(value, param, ctx)


def _split(ctx: click.Context, param: click.Parameter, value: Any) -> tuple[str, ...]:
    """Repeated or comma-separated, both are accepted; an empty one names nothing, which is never what was meant."""
    parts: list[str] = []
    for row in (value,) if isinstance(value, str) else value or ():
        named = [part.strip() for part in str(row).split(",") if part.strip()]
        if not named:
            raise click.BadParameter("it is empty: leave the option out, or name something.", ctx, param)
        parts += named
    return tuple(parts)


def _seconds(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not value <= TIMEOUT_MAX:  # not a number compares as neither
        raise click.BadParameter("it must be a number of seconds.", ctx, param)
    return value


def _choices(allowed: tuple[str, ...]) -> Callable[[click.Context, click.Parameter, Any], tuple[str, ...]]:
    def check(ctx: click.Context, param: click.Parameter, value: Any) -> tuple[str, ...]:
        parts = _split(ctx, param, value)
        for part in parts:
            if part not in allowed:
                raise click.BadParameter(not_among(part, allowed), ctx, param)
        return parts

    return check


def _pairs(ctx: click.Context, param: click.Parameter, value: Any) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in _split(ctx, param, value):
        key, equals, wanted = part.partition("=")
        if not (key and equals):
            raise click.BadParameter(f"{part!r} must read key=value.", ctx, param)
        pairs.append((key, wanted))
    return tuple(pairs)


def option(*names: str, **keywords: Any) -> Callable[[F], F]:
    """A click option that also reads ``AUDITOR_<NAME>``."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    keywords.setdefault("envvar", "AUDITOR_" + long.removeprefix("--").replace("-", "_").upper())
    return click.option(*names, **keywords)


def many(*names: str, **keywords: Any) -> Callable[[F], F]:
    """An option that may be repeated or hold a comma-separated list."""
    keywords.setdefault("callback", _split)
    return option(*names, multiple=True, **keywords)


def stacked(*decorators: Callable[[Any], Any]) -> Callable[[F], F]:
    """Several options as one decorator, in the order of the help."""

    def apply(function: F) -> F:
        for decorate in reversed(decorators):
            function = decorate(function)
        return function

    return apply


def _plugins(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    remember_plugins(ctx, _split(ctx, param, value))


_config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="AUDITOR_CONFIG",
    is_eager=True,
    expose_value=False,
    callback=load,
    help="Configuration file (default: ./auditor.toml, or [tool.auditor] of ./pyproject.toml, which load no code).",
)

config_file = stacked(
    _config_option,
    many(
        "--plugins",
        metavar="NAME",
        callback=_plugins,
        expose_value=False,
        help="Installed distributions whose checks and formats are used (their code runs with your rights).",
    ),
)
"""The configuration file, and whose code may be loaded."""

provider_options = stacked(
    many("--provider", metavar="CLOUD", help=f"{', '.join(CLOUDS)} (default: every cloud with usable credentials)."),
    option("--profile", "-p", help="AWS: named profile."),
    many("--region", "-f", metavar="REGION", help="AWS: only these regions (default: all that are enabled)."),
    many("--exclude-region", metavar="REGION", help="AWS: not these regions."),
    option("--role-arn", "-R", metavar="ARN", help="AWS: role to assume; its credentials are refreshed."),
    option("--external-id", metavar="ID", help="AWS: external id for --role-arn."),
    many("--subscription-id", metavar="ID", help="Azure: only these subscriptions (default: all that are visible)."),
    option("--tenant-id", metavar="ID", help="Azure: the tenant to sign in to."),
    option("--management-group", metavar="ID", help="Azure: the subscriptions below this management group."),
    many("--project-id", metavar="ID", help="Google Cloud: only these projects (default: all that are visible)."),
    option("--folder-id", metavar="ID", help="Google Cloud: the projects below this folder."),
    option("--organization-id", metavar="ID", help="Google Cloud: the projects of this organisation."),
    option("--impersonate-service-account", metavar="EMAIL", help="Google Cloud: service account to act as."),
)

function_options = stacked(
    many("--function", metavar="GLOB", help="Only functions whose name matches."),
    many("--tag", metavar="KEY=VALUE", callback=_pairs, help="Only functions that carry this tag."),
)

advisories_option = option(
    "--advisories",
    metavar="DIR|online",
    help="Directory with advisories (a store, or OSV dumps carried there); online: ask OSV, which is sent the purls"
    " (default: the store of 'auditor advisories update').",
)

import_option = stacked(
    many(
        "--import",
        "imports",
        metavar="FORMAT:FILE[=GLOB]",
        help="A scanner's report, or a VEX document, about the functions whose name or id matches (default: all):"
        " trivy, grype, pip-audit, osv-scanner, npm-audit, snyk, dependency-check, cyclonedx, sarif, openvex.",
    ),
    many(
        "--vex",
        metavar="FILE",
        help="A VEX document (OpenVEX or CycloneDX) about all functions: which vulnerabilities do no harm.",
    ),
)

control_options = stacked(
    option(
        "--depth",
        type=Words(DEPTHS),
        default="standard",
        show_default=True,
        help="quick: bulk calls only; standard: also policies, URLs, aliases, settings of each function; full: also "
        "published versions, asynchronous settings, recursion, patching.",
    ),
    many(
        "--tier",
        metavar="TIER",
        help="Opt-in calls to make as well; code: what AWS answers together with a signed URL of the code (images, "
        "other accounts' layers, keys of packages); organization: the policies above an AWS account; usage: which "
        "services each AWS role used, and so a smaller policy.",
    ),
    option(
        "--activity",
        type=click.IntRange(1, MOST_ACTIVITY_DAYS),
        metavar="DAYS",
        help="Read from metrics how functions ran over the last DAYS days: idle, failing, throttled, near their timeout"
        " or memory. CloudWatch bills about 0.01 USD for 1,000 metrics, 2 to 6 a function. Azure and Google Cloud:"
        " --depth full reads 90 days anyway; Azure keeps 93.",
    ),
    option("--max-workers", type=click.IntRange(1, 64), default=16, show_default=True, help="Calls under way at once."),
    option(
        "--with-code",
        is_flag=True,
        help="Fetch each package, list its components and what is known against them, and follow events and search for"
        " credentials in its code; nothing in it is run. Adds the tier packages"
        " (pip install 'serverless-auditor[code]').",
    ),
    advisories_option,
    option(
        "--cache",
        type=_Directory(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Where analyses of packages are kept by digest, so that a later run need not fetch them again.",
    ),
    option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        callback=_seconds,
        help="Bounds the whole run.",
    ),
    option(
        "--ca-bundle",
        type=click.Path(exists=True, dir_okay=False),
        help="PEM file of the certificate authorities to trust.",
    ),
    function_options,
)

profile_level_option = option(
    "--profile-level",
    type=Words(LEVELS),
    default=ProfileLevel.DEFAULT.value,
    show_default=True,
    help="strict adds opinions (no VPC, untagged, X-Ray off...).",
)

framework_option = many(
    "--framework",
    metavar="ID",
    help="Only checks that are evidence for this framework, and what they say of its controls ('auditor frameworks').",
)

selection_options = stacked(
    many("--check", "-c", metavar="ID", help="Only these checks (globs allowed)."),
    many("--exclude-check", "-e", metavar="ID", help="Not these checks (globs allowed)."),
    many("--risk", metavar="RISK", callback=_choices(RISKS), help=f"Only checks of these risks: {', '.join(RISKS)}."),
    many("--severity", metavar="LEVEL", callback=_choices(SEVERITIES), help="Only checks of these severities."),
    framework_option,
    profile_level_option,
    many(
        "--checks-dir",
        metavar="DIR",
        help="Directory with checks of your own (Python files; they run with your rights).",
    ),
)


def output_to(directory: str) -> Callable[[F], F]:
    """The options of what is written, and where unless told otherwise."""
    return stacked(
        many(
            "--format",
            "-M",
            "formats",
            metavar="FORMAT",
            default=USUAL,
            help=f"Any of {', '.join(FORMATS)} (default: {', '.join(USUAL)}).",
        ),
        option(
            "--output-dir",
            "-o",
            type=_Directory(file_okay=False, path_type=Path),
            default=Path(directory),
            show_default=True,
            help="Where to write; {date} in it is the day, and 'latest' beside it names the newest.",
        ),
        option(
            "--keep",
            type=click.IntRange(min=1),
            metavar="N",
            help="With {date} in --output-dir: remove all results but the newest N.",
        ),
        option(
            "--sign-command",
            metavar="COMMAND",
            help="Signs manifest.json before the result is put in place: a command with {manifest} and {signature} "
            "in it, such as 'gpg --detach-sign --output {signature} {manifest}'.",
        ),
    )


USUAL_DIRECTORY = "auditor-report"
output_options = output_to(USUAL_DIRECTORY)

split_option = option(
    "--split",
    type=Words(("account",)),
    metavar="account",
    help="Write a report of each account as well, into accounts/<cloud>-<account>/ below the output directory.",
)

display_options = stacked(
    option("--quiet", is_flag=True, help="Print nothing but errors, and why a gate failed."),
    option("--no-progress", is_flag=True, help="No progress bar."),
    option("--no-color", is_flag=True, help="No colours (NO_COLOR is honoured too)."),
    option(
        "--log-level",
        type=Words(LOG_LEVELS),
        default="warning",
        show_default=True,
        help="Log level (standard error). SDK logging is always off.",
    ),
    option(
        "--log-format",
        type=Words(("text", "json")),
        default="text",
        show_default=True,
        help="json: what is said on standard error as one event a line, each with the run's id.",
    ),
)

gate_options = stacked(
    option(
        "--fail-on",
        type=Words(GATES),
        default="none",
        show_default=True,
        help="Exit with 3 when a finding that is not waived is at least this bad; new:high: one that --baseline lacks.",
        metavar="[new:]LEVEL",
    ),
    option("--fail-on-incomplete", is_flag=True, help="Exit with 4 when something could not be read."),
)

waiver_options = stacked(
    option(
        "--waivers",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Findings that are accepted until a day, TOML or YAML: they leave gate and score ('auditor waive').",
    ),
    option(
        "--strict-waivers",
        is_flag=True,
        help="Exit with 2 when an entry of that file has expired, matches nothing or waives too much.",
    ),
)

baseline_option = option(
    "--baseline",
    type=click.Path(exists=True, path_type=Path),
    metavar="REPORT",
    help="An earlier report.json, or its directory: says what is new, resolved, gone, or was not examined again.",
)

history_option = option(
    "--history",
    metavar="FILE|URL",
    help="Where past runs are kept: an SQLite file, or postgresql://… (pip install 'serverless-auditor[postgres]').",
)

notify_options = stacked(
    many(
        "--notify",
        metavar="URL",
        help="Webhook to tell what is new, a failed gate, a run that could not read; slack+https://… for Slack's form."
        " AUDITOR_NOTIFY_SECRET signs it.",
    ),
    option(
        "--notify-on",
        type=Words(SEVERITIES),
        default=Severity.HIGH.value,
        show_default=True,
        help="The least severity of a new finding that is told.",
    ),
    option(
        "--metrics-file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Prometheus text file to write (name it *.prom).",
    ),
)

as_of_option = option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Judge dates as of this day (default: the day of the capture).",
)
