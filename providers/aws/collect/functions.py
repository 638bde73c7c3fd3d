"""What has no bulk form: the calls for each function, and for each of its aliases and versions."""

from functools import partial
from typing import Any, Final

from auditor.model.capture import Depth, Outcome
from auditor.model.observed import GapReason
from providers.answers.json_paths import record, rows, text
from providers.aws.arn import split_function
from providers.aws.collect.dependencies import Dependencies
from providers.aws.collect.packages import Packages
from providers.aws.collect.recorded_policies import RecordedPolicies, RecordedPolicy
from providers.aws.collect.region_context import RegionContext
from providers.aws.collect.sources import Sources
from providers.aws.collect.urls import UrlQuestions, may_admit_to_a_url
from providers.aws.collect.versions import LATEST, published, worth_listing
from providers.aws.operations import BY_ID
from providers.aws.operations.declaration import CODE
from providers.aws.versions import asked_for
from providers.calls.caller import AnswerKey
from providers.calls.reply import Refusal, Reply

_POLICY: Final = "lambda:GetPolicy"
_URLS: Final = "lambda:ListFunctionUrlConfigs"
_SPARED: Final = (
    "With --tier config, a function without a published version, whose policy admits no caller of a URL, is not asked"
    " for its URLs."
)
_AT_FULL: Final = ("lambda:GetFunctionRecursionConfig", "lambda:GetRuntimeManagementConfig")


class FunctionCalls:
    """Queues the per-function calls of a region."""

    def __init__(
        self, context: RegionContext, referred: Dependencies, sources: Sources, recorded: RecordedPolicies
    ) -> None:
        self._context = context
        self._referred = referred
        self._sources = sources
        self._recorded = recorded
        self._selected: list[str] = []
        self._packages = Packages(context)
        self._url_by_policy: set[str] = set()
        """Functions that are asked for URLs once it is known what their policy says, and whether they have versions."""
        self._url_questions = UrlQuestions(self._ask_urls_or_not)

    def start(self, arn: str, revision: str) -> None:
        """Queues everything the depth asks about one function, which the list has at this revision."""
        context = self._context
        if not context.at_least(Depth.STANDARD) or not context.asked.first("function", arn):
            return
        self._selected.append(arn)
        if not context.at_least(Depth.FULL) and (self._recorded.spares_urls or context.revisions.changed(arn)):
            self._url_by_policy.add(arn)
        else:
            self._ask_urls(arn, aged=False)
        recorded = self._recorded.of(arn, revision)
        if recorded is None or not self._from_record(arn, revision, recorded):
            context.work.add("lambda:GetPolicy", lambda: self._policy(arn))
        if self._code:
            context.work.add("lambda:GetFunction", lambda: self._function(arn))
        if context.at_least(Depth.FULL):
            self._reserved(arn)
            context.work.add("lambda", lambda: self._aliases(arn))
            context.work.add("lambda", lambda: self._invoke_configs(arn))
            for operation in _AT_FULL:
                context.work.add("lambda", partial(context.call, operation, arn, FunctionName=function_name(arn)))

    def listed(self, functions: int) -> None:
        """Queues what is asked of functions with published versions, once the region's ``functions`` are listed."""
        if self._selected:
            self._context.work.add("lambda", lambda: self._versioned(functions))

    def qualifier(self, qualified: Any) -> None:
        """A qualified ARN somebody uses: its policy is asked for, once."""
        split = split_function(qualified)
        if split is not None and self._context.at_least(Depth.STANDARD) and self._context.selected(split[0]):
            self._qualifier(*split)

    @property
    def _code(self) -> bool:
        return CODE in self._context.options.tiers or self._packages.wanted

    def _qualifier(self, arn: str, name: str) -> None:
        if name and name != LATEST and self._context.asked.first("qualifier", f"{arn}#{name}"):
            self._context.work.add("lambda:GetPolicy", lambda: self._policy(arn, name))

    def _from_record(self, arn: str, revision: str, recorded: RecordedPolicy) -> bool:
        body = {"Policy": recorded.policy, "RevisionId": revision}
        proof = f"revision {revision} as recorded by AWS Config"
        where = (_POLICY, self._context.region, arn)
        reply = self._context.gateway.told_before(*where, body, recorded.captured, proof)
        if reply is not None:
            self._learn(arn, "", reply)
        return reply is not None

    def _policy(self, arn: str, qualifier: str = "") -> None:
        more = {"Qualifier": qualifier} if qualifier else {}
        subject = f"{arn}#{qualifier}" if qualifier else arn
        self._learn(arn, qualifier, self._context.call(_POLICY, subject, FunctionName=function_name(arn), **more))

    def _learn(self, arn: str, qualifier: str, reply: Reply) -> None:
        """What follows from the policy of a function or qualifier."""
        body = reply.body
        self._sources.policy(text(body, "Policy"))
        if arn in self._url_by_policy and not qualifier:
            matters = reply.outcome is Outcome.GAP or may_admit_to_a_url(text(body, "Policy"))
            self._url_questions.policy(arn, matters=matters)
        if reply.outcome is Outcome.GAP and not (reply.refusal and reply.refusal.reason is GapReason.NOT_FOUND):
            self._sources.unread_policy()
        if _may_admit_anyone(text(body, "Policy")):
            self._reserved(arn)

    def _reserved(self, arn: str) -> None:
        """Asks for the reserved concurrency, unless GetFunction is to tell it."""
        if not self._code:
            self._concurrency(arn)

    def _concurrency(self, arn: str) -> None:
        if self._context.asked.first("concurrency", arn):
            name = function_name(arn)
            ask = self._context.call if self._context.at_least(Depth.FULL) else self._context.call_anew
            self._context.work.add("lambda", lambda: ask("lambda:GetFunctionConcurrency", arn, FunctionName=name))

    def _function(self, arn: str) -> None:
        if self._packages.wanted:  # the signed address is in a new answer only, never in one that was kept
            answer = self._context.ask("lambda:GetFunction", FunctionName=function_name(arn))
            body = self._context.record("lambda:GetFunction", arn, answer).body
            self._packages.function(arn, answer)
        else:
            body = self._context.call("lambda:GetFunction", arn, FunctionName=function_name(arn)).body
        if body is None:
            self._concurrency(arn)
        for field in ("ResolvedImageUri", "ImageUri"):
            self._referred.image(text(body, "Code", field))
        self._referred.key(text(body, "Code", "SourceKMSKeyArn"))

    def _ask_urls(self, arn: str, aged: bool) -> None:
        self._context.work.add("lambda", partial(self._urls, arn, aged=aged))

    def _ask_urls_or_not(self, arn: str, aged: bool) -> None:
        """Leaves the question out where the tier spares it: no policy admits a caller, and no earlier run has asked."""
        where = AnswerKey(self._context.gateway.scope, self._context.region, arn)
        if not aged or not self._recorded.spares_urls or self._context.gateway.carrying.pages(_URLS, where):
            self._ask_urls(arn, aged=aged and self._context.revisions.changed(arn))
        else:
            refusal = Refusal(GapReason.NOT_AT_DEPTH, _SPARED)
            self._context.gateway.record(BY_ID[_URLS], self._context.region, arn, 0, refusal)

    def _urls(self, arn: str, *, aged: bool) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "FunctionUrlConfigs"):
                self.qualifier(row.get("FunctionArn"))
                if text(row, "AuthType") != "AWS_IAM":
                    self._reserved(arn)

        name = function_name(arn)
        self._context.listing(_URLS, arn, each=each, aged=aged, FunctionName=name)

    def _versioned(self, functions: int) -> None:
        """Aliases, and at full depth versions, of the functions that have any published version."""
        context, selected = self._context, self._selected
        known = published(context, functions) if worth_listing(functions, len(selected)) else None
        for arn in self._url_by_policy:
            self._url_questions.versions(arn, any_published=known is None or bool(known.get(arn)))
        for arn in selected:
            if known is not None and arn not in known:
                continue
            if not context.at_least(Depth.FULL):
                context.work.add("lambda", partial(self._aliases, arn))
                continue
            context.work.add("lambda", partial(self._versions, arn, listed=known is not None))
            if known is not None:
                self._version_policies(arn, known[arn])

    def _versions(self, arn: str, *, listed: bool) -> None:
        found: list[str] = []

        def each(page: Any) -> None:
            found.extend(version for row in rows(page, "Versions") if (version := text(row, "Version")) != LATEST)

        self._context.listing("lambda:ListVersionsByFunction", arn, each=each, FunctionName=function_name(arn))
        if not listed:
            self._version_policies(arn, tuple(found))

    def _version_policies(self, arn: str, versions: tuple[str, ...]) -> None:
        for version in asked_for(versions, len(self._selected)):
            self._qualifier(arn, version)

    def _aliases(self, arn: str) -> None:
        def each(page: Any) -> None:
            self._context.revisions.aliases(arn, rows(page, "Aliases"))
            for row in rows(page, "Aliases"):
                self.qualifier(row.get("AliasArn"))
                for version in (text(row, "FunctionVersion"), *_weighted(row)):
                    self._qualifier(arn, version)

        self._context.listing("lambda:ListAliases", arn, each=each, FunctionName=function_name(arn))

    def _invoke_configs(self, arn: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "FunctionEventInvokeConfigs"):
                self.qualifier(row.get("FunctionArn"))
                for outcome in ("OnFailure", "OnSuccess"):
                    self._referred.target(text(row, "DestinationConfig", outcome, "Destination"))

        self._context.listing("lambda:ListFunctionEventInvokeConfigs", arn, each=each, FunctionName=function_name(arn))


def function_name(arn: str) -> str:
    """The name, which costs less to send than the ARN and means the same in the function's own region."""
    return arn.rsplit(":", 1)[-1]


def _may_admit_anyone(policy: str) -> bool:
    """Whether a policy can admit everyone: a superset, for it only decides whether one more call is made."""
    return '"*"' in policy or "NotPrincipal" in policy


def _weighted(alias: Any) -> tuple[str, ...]:
    return tuple(record(alias, "RoutingConfig", "AdditionalVersionWeights"))
