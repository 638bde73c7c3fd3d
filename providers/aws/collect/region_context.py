"""One region while it is being read: what is selected, what was already asked, where jobs go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from auditor.model.capture import Depth, Json
from auditor.provider import CollectOptions
from providers.answers.answers import GLOBAL
from providers.aws.arn import parse_arn
from providers.aws.collect.revisions import Revisions
from providers.aws.collect.service_usage import ServiceUsage
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.calls.once import Asked
from providers.calls.reply import Reply
from providers.calls.work_queue import WorkQueue


@dataclass(frozen=True, slots=True)
class Account:
    """Whose credentials these are. ``caller`` is the ARN they act as."""

    id: str
    partition: str
    caller: str = ""


@dataclass
class RegionContext:
    """A region being read."""

    gateway: Gateway
    account: Account
    region: str
    options: CollectOptions
    work: WorkQueue
    tags: Mapping[str, Mapping[str, str]] | None = None
    """The tags of functions by ARN, where tags select and could be read."""
    asked: Asked = field(default_factory=Asked)
    usage: ServiceUsage | None = None
    """The reports on roles, which the regions of an account share."""

    def __post_init__(self) -> None:
        self.revisions = Revisions(self.gateway, self.region)

    def at_least(self, depth: Depth) -> bool:
        """Whether the run goes that deep."""
        return self.options.depth.rank >= depth.rank

    def selected(self, arn: str) -> bool:
        """Whether per-function calls are made for a function. Tags we could not read leave everything selected."""
        parsed = parse_arn(arn)
        name = parsed.resource.split(":")[1] if parsed and ":" in parsed.resource else arn
        globs = self.options.functions
        if globs and not any(fnmatchcase(name, glob) for glob in globs):
            return False
        if not self.options.tags or self.tags is None:
            return True
        own = self.tags.get(arn, {})
        return all(own.get(key) == value for key, value in self.options.tags)

    def bulk(self, job: Callable[[], Any], lane: str = "bulk") -> None:
        """Queues a list, or a call about something functions refer to. A service that is asked often and may be asked
        seldom has a lane of its own, so that others do not wait behind it.
        """
        self.work.add(lane, job)

    def call(self, operation: str, subject: str = "", **parameters: Any) -> Reply:
        """Asks this region now."""
        return self.gateway.call(operation, self.region, subject, **parameters)

    def call_anew(self, operation: str, subject: str = "", **parameters: Any) -> Reply:
        """Asks this region now, whatever an earlier run was told: a limit that was set since is to be seen at once."""
        return self.gateway.call(operation, self.region, subject, anew=True, **parameters)

    def call_shaped(self, operation: str, subject: str, shaped: Callable[[Json], Json], **parameters: Any) -> Reply:
        """Asks this region now and records what ``shaped`` makes of the answer."""
        return self.gateway.call(operation, self.region, subject, shaped=shaped, **parameters)

    def ask(self, operation: str, **parameters: Any) -> Any:
        """Asks this region now and records nothing: the answer, or a Refusal."""
        return self.gateway.ask(BY_ID[operation], self.region, **parameters)

    def record(self, operation: str, subject: str, answer: Any) -> Reply:
        """Records an answer of :meth:`ask`, or what was made of one."""
        return self.gateway.record(BY_ID[operation], self.region, subject, 0, answer)

    def call_global(self, operation: str, subject: str = "", **parameters: Any) -> Reply:
        """Asks a global service now."""
        return self.gateway.call(operation, GLOBAL, subject, **parameters)

    def listing(
        self,
        operation: str,
        subject: str = "",
        *,
        each: Callable[[Any], None] | None = None,
        first: int | None = None,
        aged: bool = False,
        **parameters: Any,
    ) -> tuple[bool, int]:
        """Reads a list of this region now; see :meth:`providers.aws.gateway.Gateway.listing`."""
        return self.gateway.listing(operation, self.region, subject, each=each, first=first, aged=aged, **parameters)
