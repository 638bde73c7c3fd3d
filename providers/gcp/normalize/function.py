"""The function: every fact of it joined from the answers of its project."""

from typing import Any, Final

from auditor.model.asynchronous import FailureHandling
from auditor.model.code import Code, Patching
from auditor.model.code_analysis import CodeAnalysis
from auditor.model.environment import EncryptionKey, Environment
from auditor.model.function import Function
from auditor.model.guardrails import Caller
from auditor.model.identity import Identity
from auditor.model.ids import Cloud, scope_id
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from auditor.model.storage import Storage
from auditor.model.trigger import Flow, Trigger, TriggerKind, TriggerVia
from auditor.model.usage import Monitoring
from providers.answers.unread import unread_code, unread_function
from providers.gcp.normalize import build as builds
from providers.gcp.normalize import environment, ingress, secrets
from providers.gcp.normalize.answers import GLOBAL, known, of
from providers.gcp.normalize.build import Builds
from providers.gcp.normalize.callers import Callers
from providers.gcp.normalize.calling_triggers import CallingTriggers
from providers.gcp.normalize.deployment import deployment
from providers.gcp.normalize.events import Events
from providers.gcp.normalize.exposure import Exposures, address
from providers.gcp.normalize.fields import UnreadableError, member, optional_flag, optional_text, string, tags, texts
from providers.gcp.normalize.front_ends import FrontEnds
from providers.gcp.normalize.function_list import LISTED, Entry
from providers.gcp.normalize.hosting import hosting
from providers.gcp.normalize.identity import Identities
from providers.gcp.normalize.keys import Keys
from providers.gcp.normalize.limits import limits
from providers.gcp.normalize.network import Networks
from providers.gcp.normalize.packages import analysis
from providers.gcp.normalize.project_index import Grants, ProjectIndex
from providers.gcp.normalize.runtimes import Runtimes
from providers.gcp.normalize.secrets import Referred, Secrets
from providers.gcp.normalize.usage import Usages

_X86: Final = not_offered(LISTED, "Google Cloud runs functions on one architecture")


class Functions:
    """Builds the functions of one project."""

    def __init__(
        self, estate: ProjectIndex, project: str, identities: Identities, secrets_: Secrets, callers: Callers
    ) -> None:
        own = estate.projects[project]
        self._project = project
        self._own = own
        self._answers = own.answers
        self._scope = scope_id(Cloud.GCP, project)
        self._identities = identities
        self._secrets = secrets_
        self._callers = callers
        self._builds = Builds(estate, project)
        self._events = Events(estate, project)
        self._calling = CallingTriggers(estate, project, callers, self._events)
        self._exposures = Exposures(estate, project)
        self._fronts = FrontEnds(own.answers)
        self._keys = Keys(estate, project)
        self._networks = Networks(estate, project)
        self._runtimes = Runtimes(own.answers)
        self._usages = Usages(own.answers)

    def flows(self) -> tuple[Observed[tuple[Flow, ...]], ...]:
        """What sources of events in the project pass on to one another."""
        return self._calling.flows()

    def function(self, entry: Entry) -> Function:
        """A listed function."""
        source = entry.source
        none = not_offered(source, "functions of Google Cloud have nothing of the kind")
        policies = self._exposures.policies(entry)
        scope = ingress.scope(entry)
        endpoints = self._exposures.endpoints(entry, scope, policies)
        email = self._email(entry)
        statements = tuple(policy.statements for policy in policies)
        runtime = builds.runtime(entry)
        key = self._key(entry)
        references = self._references(entry)
        deployed = deployment(entry, self._builds, self._answers)
        return Function(
            id=entry.id,
            name=entry.name.name,
            cloud=Cloud.GCP,
            scope=self._scope,
            location=entry.name.location,
            source=source,
            tags=of(entry.told, tags),
            runtime=runtime,
            architectures=_X86,
            identity=email.map(self._identity),
            policies=known(policies, statements[0].source),
            endpoints=endpoints,
            triggers=(
                _web(entry),
                *self._events.groups(entry, email, statements),
                *self._called(entry, email, statements),
            ),
            aliases=none,
            environment=self._environment(entry, references),
            environment_key=not_offered(source, "variables have no key of their own; the function's key protects them"),
            network=self._networks.network(entry),
            code=_code(entry, deployed.build.automatic_updates, analysis(entry, self._answers)),
            limits=limits(entry),
            failures=FailureHandling(dead_letter=none, settings=none),
            logging=not_offered(source, "Cloud Logging takes the output of every function"),
            tracing=not_offered(source, "tracing is not a setting of a function"),
            mounts=none,
            attached=known((), source),
            support=self._runtimes.support(runtime, entry.generation, entry.name.location),
            hosting=Known(hosting(entry), source),
            handlers=not_offered(source, "a function of Google Cloud has one entry point"),
            transport=Known(ingress.transport(entry), source),
            ingress=Known(ingress.ingress(entry, self._networks.egress(entry), self._fronts.of(entry, scope)), source),
            authentication=Known(ingress.authentication(entry), source),
            deployment=Known(deployed, source),
            storage=Known(self._storage(references, key), source),
            monitoring=Known(self._monitoring(entry), source),
            callers=self._callers_of(entry),
        )

    def _called(
        self, entry: Entry, email: Observed[str], policies: tuple[Observed[Grants], ...]
    ) -> tuple[Observed[tuple[Trigger, ...]], ...]:
        url = address(entry)
        return (url,) if isinstance(url, Unknown) else self._calling.groups(entry, _addresses(entry), email, policies)

    def _callers_of(self, entry: Entry) -> Observed[tuple[Caller, ...]]:
        """Who calls a function: not known where its own address is not."""
        url = address(entry)
        return url if isinstance(url, Unknown) else self._callers.of(entry, _addresses(entry), self._project)

    def _identity(self, email: str) -> Identity | None:
        return self._identities.identity(email, self._project)

    def _email(self, entry: Entry) -> Observed[str]:
        """The address of the runtime account; an unset one is the documented default of its generation."""
        if entry.record is None:
            return of(entry.service, lambda body: self._account(member(body, "template"), "serviceAccount", 0))
        generation = entry.generation
        return entry.record.fact(
            lambda body: self._account(member(body, "serviceConfig"), "serviceAccountEmail", generation)
        )

    def _account(self, config: dict[str, Any], key: str, generation: int | None) -> str:
        given = string(config.get(key, ""), key)
        if given:
            return given
        if generation == 1:
            return f"{self._project}@appspot.gserviceaccount.com"
        if generation is None or self._own.number is None:
            raise UnreadableError(f"{key} is missing")
        return f"{self._own.number}-compute@developer.gserviceaccount.com"

    def _references(self, entry: Entry) -> Observed[tuple[Referred, ...]]:
        if entry.record is not None:
            return entry.record.fact(lambda body: secrets.of_record(body, self._project))
        return of(entry.service, lambda body: secrets.of_template(body, self._project))

    def _environment(self, entry: Entry, references: Observed[tuple[Referred, ...]]) -> Observed[Environment]:
        if isinstance(references, Unknown):
            return references
        stored = tuple(self._secrets.stored(each, self._project) for each in references.value)
        if entry.record is None:
            return of(entry.service, lambda body: environment.of_service(body, stored, entry.source))
        own = entry.record.fact(lambda body: environment.of_function(body, stored, entry.source))
        return own if isinstance(own, Unknown) else environment.joined(own.value, entry.service)

    def _key(self, entry: Entry) -> Observed[EncryptionKey | None]:
        if entry.record is not None:
            name = entry.record.fact(lambda body: optional_text(body, "kmsKeyName"))
        else:
            name = of(entry.service, lambda body: optional_text(member(body, "template"), "encryptionKey"))
        return name.map(lambda found: self._keys.key(found) if found else None)

    def _storage(self, references: Observed[tuple[Referred, ...]], key: Observed[EncryptionKey | None]) -> Storage:
        none = not_offered(LISTED, "functions of Google Cloud have no storage account of their own")
        return Storage(
            host=none,
            references=references.map(
                lambda found: tuple(self._secrets.reference(each, self._project) for each in found)
            ),
            vaults=none,
            customer_key=key,
        )

    def _monitoring(self, entry: Entry) -> Monitoring:
        none = not_offered(LISTED, "Google Cloud collects logs and metrics of every function by itself")
        return Monitoring(
            insights=none,
            insights_key_only=none,
            insights_linked=none,
            diagnostics=none,
            http_logs=none,
            detailed_errors=none,
            usage=self._usages.usage(entry),
            threat_detection=of(entry.service, lambda body: optional_flag(body, "threatDetectionEnabled")),
        )

    def damaged(self, index: int) -> Function:
        """A function that the list holds but that cannot be told by its name: counted, and all else unknown."""
        message = f"entry {index} of the list of functions has no readable name"
        why = Unknown(self._answers.gap(LISTED, GapReason.MALFORMED, message))
        shown = f"entry-{index}"
        return unread_function(
            why,
            id=f"{self._scope}/unreadable/{index}",
            name=shown,
            cloud=Cloud.GCP,
            scope=self._scope,
            location=GLOBAL,
            source=LISTED,
            **dict.fromkeys(_LATER, why),
        )


_LATER: Final = (
    *("attached", "support", "hosting", "handlers", "transport", "ingress", "authentication", "deployment", "storage"),
    *("monitoring", "callers"),
)


def _web(entry: Entry) -> Observed[tuple[Trigger, ...]]:
    """Calls over HTTP start a function that no event trigger is set for."""
    url = address(entry)
    if isinstance(url, Unknown):
        return url
    if url.value is None or (entry.record is not None and "eventTrigger" in entry.record.body):
        return known((), url.source)
    none = not_offered(url.source, "calls over HTTP have no source of events")
    trigger = Trigger(
        kind=TriggerKind.HTTP,
        service="cloudfunctions.googleapis.com" if entry.record is not None else "run.googleapis.com",
        source=url.value,
        account=None,
        via=TriggerVia.ENDPOINT,
        enabled=True,
        asynchronous=False,
        qualifier=None,
        authentication=none,
        open_to=none,
        retry=none,
        dead_letter=none,
        writes_back=none,
        writers=none,
        can_invoke=none,
    )
    return known((trigger,), url.source)


def _addresses(entry: Entry) -> tuple[str, ...]:
    """Every URL a function answers on."""
    url = address(entry)
    found = [url.value] if isinstance(url, Known) and url.value is not None else []
    told = entry.told
    if isinstance(told, Known) and isinstance(told.value.body.get("url"), str):
        found.append(told.value.body["url"])
    urls = of(entry.service, lambda body: texts(body, "urls"))
    found.extend(urls.value if isinstance(urls, Known) else ())
    return tuple(dict.fromkeys(found))


def _code(entry: Entry, automatic: Observed[bool], inside: Observed[CodeAnalysis]) -> Code:
    none = not_offered(entry.source, "functions of Google Cloud have nothing of the kind")
    updates = automatic.map(lambda on: Patching.AUTOMATIC if on else Patching.ON_UPDATE)
    return unread_code(none, patching=updates, analysis=inside)
