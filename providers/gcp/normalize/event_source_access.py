"""Who may write to what events come from, or make it call: strangers, and the function itself."""

from typing import Final

from auditor.model.exposure import Reach
from auditor.model.observed import Gap, GapReason, Observed, Unknown, not_offered
from providers.gcp.iam.grants import Question
from providers.gcp.iam.members import parse, reach_of
from providers.gcp.iam.roles import PUBLISH, WRITE_OBJECTS
from providers.gcp.normalize.answers import known
from providers.gcp.normalize.assets import POLICIES
from providers.gcp.normalize.names import project_in
from providers.gcp.normalize.project_index import Grants, ProjectIndex

_TOPIC_POLICY: Final = "pubsub:GetTopicPolicy"
_BUCKET_POLICY: Final = "storage:GetBucketPolicy"
_PROJECT_POLICY: Final = "resourcemanager:GetProjectPolicy"
_PUBLISHES: Final = Question(modifies=PUBLISH[:1])
_WRITES: Final = Question(modifies=WRITE_OBJECTS[:2])
_SETS_OFF: Final = {
    "/queues/": Question(modifies=("cloudtasks.tasks.create",)),
    "/workflows/": Question(modifies=("workflows.executions.create",)),
}
"""What lets one make a queue of tasks or a workflow call, by the collection in its name. Their own policies come with
the bulk list alone.
"""
_OUTSIDE: Final = (Reach.ANONYMOUS, Reach.ANY_PRINCIPAL, Reach.CONDITIONAL, Reach.CROSS_ACCOUNT, Reach.ORGANISATION)
_PUBLIC: Final = (Reach.ANONYMOUS, Reach.ANY_PRINCIPAL, Reach.CONDITIONAL)
"""What counts of a grant on the project or above: whoever else holds a role there administers the project."""
_ACCOUNT: Final = "serviceaccount:"
_BUCKETS: Final = "projects/_/buckets/"


class EventSourceAccess:
    """The writers of the event sources of one project's functions."""

    def __init__(self, estate: ProjectIndex, project: str) -> None:
        self._estate = estate
        self._project = project
        self._grants: dict[str, Observed[Grants]] = {}

    def strangers(self, source: str | None) -> Observed[tuple[str, ...]]:
        """The members of no project of ours that may write to a source of events, by its name."""
        if source is None:
            return not_offered("functions:ListFunctions", "the events come from neither a topic nor a bucket")
        own = self._of(source)
        gap: Gap | None = None
        for grants, reaches in ((own, _OUTSIDE), *((grants, _PUBLIC) for grants in self._inherited(source))):
            if isinstance(grants, Unknown):
                gap = gap or grants.gap
                continue
            wide = (grant for grant in grants.value if grant.reach in reaches)
            found = dict.fromkeys(m for grant in wide for m in grant.principals if self._outside(m, reaches))
            if found:
                return known(tuple(found), grants.source)
            untold = next((grant for grant in grants.value if grant.reach is Reach.UNRECOGNISED), None)
            gap = gap or (self._estate.untold(untold, grants.source) if untold is not None else None)
        return Unknown(gap) if gap is not None else known((), own.source)

    def _outside(self, member: str, reaches: tuple[Reach, ...]) -> bool:
        reach, _ = reach_of(parse(member), self._estate.home(self._project))
        return reach in reaches

    def may_write(self, source: str | None, email: Observed[str]) -> Observed[bool]:
        """Whether the function's own account may write to the source of its events."""
        if source is None:
            return not_offered("functions:ListFunctions", "the events come from neither a topic nor a bucket")
        if isinstance(email, Unknown):
            return email
        wanted = f"serviceaccount:{email.value.lower()}"
        gap: Gap | None = None
        groups = (self._of(source), *self._inherited(source))
        for grants in groups:
            if isinstance(grants, Unknown):
                gap = gap or grants.gap
                continue
            for grant in grants.value:
                if not any(
                    member.lower() in (wanted, "allusers", "allauthenticatedusers") for member in grant.principals
                ):
                    continue
                if grant.modifies:
                    return known(True, grants.source)
                gap = gap or self._estate.untold(grant, grants.source)
        return Unknown(gap) if gap is not None else known(False, groups[0].source)

    def writers(self, source: str | None) -> Observed[tuple[str, ...]]:
        """The service accounts that the source's own policy lets write to it; unknown where there may be more."""
        if source is None:
            return not_offered("functions:ListFunctions", "the events come from neither a topic nor a bucket")
        own = self._of(source)
        if isinstance(own, Unknown):
            return own
        found: dict[str, None] = {}
        for grant in own.value:
            accounts = [name.partition(":")[2] for name in grant.principals if name.lower().startswith(_ACCOUNT)]
            if grant.modifies:
                found |= dict.fromkeys(accounts)
            elif accounts and grant.reach is Reach.UNRECOGNISED:
                return Unknown(self._estate.untold(grant, own.source))
        return known(tuple(found), own.source)

    def _of(self, source: str) -> Observed[Grants]:
        """The source's own policy."""
        found = self._grants.get(source)
        if found is None:
            operation, question = self._asks(source)
            listed = operation == POLICIES and (self._estate.owner(source) or self._project)
            policy = (
                self._estate.policy(listed, source)
                if listed
                else self._estate.resource(self._project, operation, source)
            )
            found = self._grants[source] = self._estate.judged_or_none(policy, question, self._project)
        return found

    def _inherited(self, source: str) -> tuple[Observed[Grants], ...]:
        """What the project of the source, and what is above it, grants on it."""
        named, owner = project_in(source), self._estate.owner(source)
        _, question = self._asks(source)
        if owner is None and named is not None and named != self._project:
            message = f"what project {named} grants on its resources was not read: it is not audited"
            answers = self._estate.projects[self._project].answers
            return (Unknown(answers.gap(_PROJECT_POLICY, GapReason.NOT_COLLECTED, message, source)),)
        where = owner or self._project
        return tuple(grants for _, grants in self._estate.inherited(where, question))

    @staticmethod
    def _asks(source: str) -> tuple[str, Question]:
        for collection, question in _SETS_OFF.items():
            if collection in source:
                return POLICIES, question
        return (_BUCKET_POLICY, _WRITES) if source.startswith(_BUCKETS) else (_TOPIC_POLICY, _PUBLISHES)
