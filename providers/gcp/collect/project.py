"""Reads one project: bulk lists, then each region, then each function and what it refers to."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from auditor.model.capture import Depth
from auditor.provider import Recorder
from providers.answers.json_paths import rows, text
from providers.calls.reply import Reply
from providers.calls.work_queue import Job, WorkQueue
from providers.gcp.collect import function_references, telemetry
from providers.gcp.collect.ancestors import POLICY_3, above, ancestors
from providers.gcp.collect.assets import POLICIES, RESOURCES, Assets, read_project
from providers.gcp.collect.deny_policies import deny_policies
from providers.gcp.collect.dependencies import Dependencies
from providers.gcp.collect.function_references import Found
from providers.gcp.collect.packages import Packages
from providers.gcp.collect.policies import custom_roles
from providers.gcp.collect.project_context import ProjectContext
from providers.gcp.collect.resource_names import part
from providers.gcp.collect.revisions import read_revisions
from providers.gcp.operations import CONSTRAINTS

_PROJECT_POLICY: Final = "resourcemanager:GetProjectPolicy"


class Reader:
    """The order of one project's questions. A project that says it has no function is asked nothing more."""

    def __init__(self, context: ProjectContext, assets: Assets, queue: WorkQueue, recorder: Recorder) -> None:
        self._context = context
        self._assets = assets
        self._queue = queue
        self._recorder = recorder
        self._listed: dict[str, Found] = {}
        self._triggers: list[Found] = []
        self._pushes: list[Found] = []
        """Subscriptions that push to addresses of functions."""
        self._called: set[str] = set()
        self._complete = False
        self._roles: set[str] = set()

    def read(self) -> None:
        """Asks everything the depth asks; whatever has no answer becomes a recorded gap."""
        context = self._context
        self._queue.together(
            (
                self._functions,
                partial(read_project, context, self._assets, RESOURCES),
                partial(read_project, context, self._assets, POLICIES),
            )
        )
        if self._empty():
            return
        self._queue.together((*self._bulk(), *self._region_lists()))
        self._recorder.scope(context.project.id, sorted(self._regions()))
        self._queue.together((*self._each(), *self._region_details(), *telemetry.jobs(context)))
        if context.at_least(Depth.FULL):
            read_revisions(context, self._queue, self._called)
        if context.at_least(Depth.STANDARD):
            self._queue.together(partial(self._role, name) for name in sorted(self._roles | self._assets.roles))

    def _functions(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "functions"):
                self._note(function_references.function(row))

        self._complete = self._context.listing("functions:ListFunctions", each=each)

    def _note(self, known: Found | None) -> None:
        if known is not None:
            self._listed[known.name] = known

    def _empty(self) -> bool:
        assets = self._assets
        nothing = not self._listed and not assets.functions and not assets.services
        return nothing and self._complete and assets.resources

    def _all(self) -> list[Found]:
        """Every function, as the list that was made for it tells, else as the inventory does."""
        known = {**self._assets.functions, **self._listed}
        behind = {one.service for one in known.values() if not one.standalone}
        return [one for one in known.values() if not (one.standalone and one.name in behind)]

    def _regions(self) -> set[str]:
        return {one.region for one in self._all() if one.region}

    def _bulk(self) -> Iterator[Job]:
        context = self._context
        yield self._above
        for operation in (
            "serviceusage:ListServices",
            "iam:ListServiceAccounts",
            "logging:ListSinks",
            "logging:ListExclusions",
            "logging:ListBuckets",
        ):
            yield partial(context.listing, operation)
        yield self._events
        if not context.at_least(Depth.STANDARD):
            return
        yield self._subscriptions
        yield partial(context.listing, "secretmanager:ListSecrets")
        for constraint in CONSTRAINTS:
            yield partial(context.call, "orgpolicy:GetEffectivePolicy", subject=constraint, constraint=constraint)

    def _events(self) -> None:
        def each(page: Any) -> None:
            self._triggers.extend(filter(None, map(function_references.trigger, rows(page, "triggers"))))

        self._context.listing("eventarc:ListTriggers", each=each)

    def _subscriptions(self) -> None:
        def each(page: Any) -> None:
            self._pushes.extend(filter(None, map(function_references.push, rows(page, "subscriptions"))))

        self._context.listing("pubsub:ListSubscriptions", each=each)

    def _above(self) -> None:
        context = self._context
        own = context.gateway.call(_PROJECT_POLICY, context.target(), context.request({}, POLICY_3))
        self._roles.update(custom_roles(own.body))
        names = above(context, self._assets.above)
        for policy in ancestors(context, names):
            self._roles.update(custom_roles(policy))
        if context.at_least(Depth.STANDARD):
            deny_policies(context, (f"projects/{context.project.id}", *names))

    def _region_lists(self) -> Iterator[Job]:
        if not self._context.at_least(Depth.STANDARD):
            return
        shown = self._regions() | {part(name, "locations") for name in self._assets.services}
        regions = shown if self._assets.resources else shown | self._located()
        for region in sorted(filter(None, regions)):
            yield partial(self._services, region)

    def _located(self) -> set[str]:
        """Every region Cloud Run has, for where the inventory does not say which are used."""
        regions: set[str] = set()

        def each(page: Any) -> None:
            regions.update(text(row, "locationId") for row in rows(page, "locations"))

        self._context.listing("run:ListLocations", each=each)
        return regions

    def _services(self, region: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "services"):
                self._note(function_references.service(row))

        self._context.listing("run:ListServices", region, each=each)

    def _region_details(self) -> Iterator[Job]:
        context = self._context
        if not context.at_least(Depth.STANDARD):
            return
        for region in sorted(self._regions()):
            yield partial(context.listing, "functions:ListRuntimes", region)
            if context.at_least(Depth.FULL) and not self._assets.resources:
                for operation in ("cloudscheduler:ListJobs", "cloudtasks:ListQueues", "workflows:ListWorkflows"):
                    yield partial(context.listing, operation, region)

    def _each(self) -> Iterator[Job]:
        """The calls about one function, and about what it refers to."""
        context = self._context
        if not context.at_least(Depth.STANDARD):
            return
        referred = Dependencies(context, self._assets.with_policy, self._policy)
        packages = Packages(context)
        for one in sorted(self._all(), key=lambda one: one.name):
            if not context.selected(one.name, one.labels):
                continue
            yield from referred.jobs(one)
            if packages.wanted and not one.standalone:
                yield partial(packages.read, one)
            if not self._assets.policies and one.first:
                yield partial(self._policy, "functions:GetIamPolicy", one.region, one.name, function=one.name)
            if one.service:
                self._called.add(one.service)
                if not self._assets.policies:
                    region = part(one.service, "locations")
                    yield partial(self._policy, "run:GetIamPolicy", region, one.service, service=one.service)
        for push in self._pushes:
            yield from referred.jobs(push)
        for event in self._triggers:
            if event.service in self._called:
                yield from referred.jobs(event)

    def _policy(self, operation: str, location: str, subject: str, **names: str) -> Reply:
        """Asks for one policy, and remembers the custom roles it binds."""
        reply = self._context.call(operation, location, subject, **names)
        self._roles.update(custom_roles(reply.body))
        return reply

    def _role(self, name: str) -> None:
        self._context.call_shared("iam:GetRole", name, role=name)
