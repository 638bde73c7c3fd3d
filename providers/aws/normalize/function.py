"""The function: every fact of it joined from the answers of its location."""

from dataclasses import replace
from typing import Any

from auditor.model.capture import Json
from auditor.model.code import Package
from auditor.model.deployment import Build, Deployment, Revisions
from auditor.model.function import Alias, Function
from auditor.model.ids import Cloud, scope_id
from auditor.model.limits import Limits
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.usage import Monitoring
from providers.answers.fields import day
from providers.answers.unread import unread, unread_function
from providers.aws.normalize import code as code_facts
from providers.aws.normalize.alarms import Alarms
from providers.aws.normalize.answers import Answers, Listing, known
from providers.aws.normalize.asynchronous import Failures
from providers.aws.normalize.code import Codes
from providers.aws.normalize.detections import Detections
from providers.aws.normalize.environment import Environments
from providers.aws.normalize.exposure import Exposures, known_qualifiers
from providers.aws.normalize.fields import UnreadableError, items, optional_member, text, texts
from providers.aws.normalize.function_list import FunctionList
from providers.aws.normalize.get_function import Singles
from providers.aws.normalize.identity import Identities
from providers.aws.normalize.keys import Keys
from providers.aws.normalize.limits import Recursions, limits
from providers.aws.normalize.logs import Logs
from providers.aws.normalize.mounts import Mounts
from providers.aws.normalize.network import Networks
from providers.aws.normalize.sources.connections import Connections
from providers.aws.normalize.sources.source_settings import SourceSettingsReader
from providers.aws.normalize.sources.writers import Writers
from providers.aws.normalize.trigger import Group, Mappings, from_endpoints, from_policies
from providers.aws.normalize.usage import Usages
from providers.aws.normalize.versions import Versions

_LISTED = "lambda:ListFunctions"
_ALIASES = "lambda:ListAliases"


class Functions:
    """Builds the functions of one location."""

    def __init__(
        self,
        answers: Answers,
        partition: str,
        listed: FunctionList,
        identities: Identities,
        logs: Logs,
        connections: Connections,
    ) -> None:
        keys = Keys(answers)
        self._answers = answers
        self._scope = scope_id(Cloud.AWS, answers.account)
        self._identities = identities
        self._logs = logs
        self._singles = Singles(answers)
        self._exposures = Exposures(answers, partition)
        self._aliases = answers.subjects(_ALIASES, lambda body: [_alias(item) for item in items(body, "Aliases")])
        self._versions = Versions(answers)
        self._environments = Environments(answers, partition, keys)
        self._networks = Networks(answers)
        self._codes = Codes(answers, partition, keys)
        self._recursions = Recursions(answers)
        self._failures = Failures(answers, listed)
        self._mappings = Mappings(answers, self._failures)
        self._mounts = Mounts(answers, partition)
        self._connections = connections
        self._writers = Writers(answers, partition, connections.source_routes)
        self._settings = SourceSettingsReader(answers, {*listed.dead_letters, *self._mappings.failure_targets}, keys)
        self._alarms = Alarms(answers)
        self._detections = Detections(answers)
        self._usages = Usages(answers)

    def function(self, arn: str, config: dict[str, Any]) -> Function:
        """A listed function."""
        name = arn.rpartition(":")[2]
        single = self._singles.single(arn)
        endpoints = self._exposures.endpoints(arn).map(
            lambda urls: tuple(replace(url, front_ends=self._connections.in_front(url)) for url in urls)
        )
        aliases = self._listed_aliases(arn)
        versions, all_versions = self._versions.policies(arn, self._exposures.asked(arn))
        qualifiers = (
            *known_qualifiers(endpoints),
            *self._mappings.qualifiers(arn),
            *(name for alias in aliases.items for name in _qualifiers(alias)),
            *versions,
        )
        failures = self._failures.failures(config, arn)
        environment = self._environments.environment(config)
        revisions = Revisions(secrets=self._versions.secrets(arn, environment))
        # URLs are on aliases, so the list of aliases answers for theirs; the other two also name versions
        named = () if aliases.gap is None else (aliases.complete(), endpoints)
        lists = (*named, *self._mappings.groups(arn), failures.settings, all_versions)
        policies = self._exposures.policies(arn, qualifiers, lists)
        distributed = self._connections.distributed(endpoints, self._versions.roles(arn))
        admitted = self._connections.groups(arn, from_policies(policies), distributed=distributed)
        return Function(
            id=arn,
            name=name,
            cloud=Cloud.AWS,
            scope=self._scope,
            location=self._answers.location,
            source=_LISTED,
            tags=self._singles.tags(arn, single),
            runtime=self._runtime(config, arn),
            architectures=self._answers.fact(_LISTED, lambda: _architectures(config), arn),
            identity=self._answers.fact(_LISTED, lambda: self._identities.identity(text(config, "Role")), arn),
            policies=Known(policies, "lambda:GetPolicy"),
            endpoints=endpoints,
            triggers=self._triggers((*self._mappings.groups(arn), *admitted, from_endpoints(endpoints))),
            gateways=self._connections.gateways(arn, admitted),
            gateways_listed=self._connections.gateways_listed(admitted),
            aliases=aliases.complete(),
            environment=environment,
            environment_key=self._environments.key(config, arn),
            network=self._networks.network(config),
            code=self._codes.code(config, arn, single),
            deployment=known(Deployment(build=self._build(config, arn), revisions=revisions), _LISTED),
            limits=limits(self._answers, config, arn, single, self._recursions),
            failures=failures,
            logging=self._logs.logging(config, arn, name),
            tracing=self._logs.tracing(config, arn),
            mounts=self._mounts.mounts(config, arn),
            served=self._versions.served(
                arn,
                aliases.complete(),
                (*known_qualifiers(endpoints), *self._mappings.qualifiers(arn)),
                self._identities.identity,
            ),
            alarms=self._alarms.of(name),
            detections=self._detections.of(arn),
            monitoring=known(Monitoring(usage=self._usages.usage(name, config)), _LISTED),
        )

    def _triggers(self, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        return self._settings.groups(self._writers.groups(groups))

    def _listed_aliases(self, arn: str) -> Listing[Alias]:
        listing = self._answers.flat(self._aliases.all(arn), lambda page: page)
        if arn in self._aliases or not self._versions.aliases_unasked(arn):
            return listing
        message = "at depth standard the aliases of functions without a published version are not asked"
        return Listing((), self._answers.gap(_ALIASES, GapReason.NOT_AT_DEPTH, message, arn), _ALIASES)

    def _build(self, config: dict[str, Any], arn: str) -> Build:
        """When the function was last changed: its code or its configuration."""
        return Build(deployed_at=self._answers.fact(_LISTED, lambda: _modified(config), arn))

    def _runtime(self, config: dict[str, Any], arn: str) -> Observed[str | None]:
        package = self._codes.package(config, arn)
        if isinstance(package, Unknown):
            return package
        if package.value is Package.IMAGE:
            return known(None, _LISTED)
        return self._answers.fact(_LISTED, lambda: text(config, "Runtime"), arn)

    def damaged(self, item: Json, index: int) -> Function:
        """A function that the list holds but that cannot be told by its ARN: counted, and all else unknown."""
        name = item.get("FunctionName") if isinstance(item, dict) else None
        shown = _printable(name) or f"entry-{index}"
        message = f"entry {index} of the list of functions has no ARN of a function in this region"
        why = Unknown(self._answers.gap(_LISTED, GapReason.MALFORMED, message, shown))
        config = item if isinstance(item, dict) else {}
        return unread_function(
            why,
            id=f"{self._scope}/{self._answers.location}/unreadable/{index}/{shown}",
            name=shown,
            cloud=Cloud.AWS,
            scope=self._scope,
            location=self._answers.location,
            source=_LISTED,
            code=code_facts.unread_package(why, code_facts.guess(config)),
            limits=unread(Limits, why, durable=why),
        )


def _modified(config: dict[str, Any]) -> str:
    moment = text(config, "LastModified")
    day(moment, "LastModified")
    return moment


def _architectures(config: dict[str, Any]) -> tuple[str, ...]:
    if "Architectures" not in config:
        return ("x86_64",)  # Lambda API reference, FunctionConfiguration: "the default architecture value is x86_64"
    named = texts(config, "Architectures")
    if not named:
        raise UnreadableError("Architectures is empty")
    return named


def _printable(name: Json) -> str | None:
    return name.encode("utf-8", "replace").decode() if isinstance(name, str) and name else None


def _alias(body: Json) -> Alias:
    routing = optional_member(body, "RoutingConfig") or {}  # absent: all traffic goes to one version
    weights = optional_member(routing, "AdditionalVersionWeights") or {}
    return Alias(
        name=text(body, "Name"),
        version=_version(text(body, "FunctionVersion")),
        weights=tuple((_version(version), _weight(weight)) for version, weight in sorted(weights.items())),
    )


def _version(name: str) -> str:
    """What an alias points at: a number, or the code that is not published."""
    if name != "$LATEST" and not (name.isascii() and name.isdecimal()):
        raise UnreadableError(f"{name[:32]!r} is no version")
    return name


def _qualifiers(alias: Alias) -> tuple[str, ...]:
    """The alias and the published versions behind it."""
    versions = (alias.version, *(version for version, _ in alias.weights))
    return (alias.name, *(version for version in versions if version != "$LATEST"))


def _weight(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnreadableError("a weight is not a number")
    return float(value)
