"""Reports of which services a role used: AWS makes each as a job, which is asked for until it is done."""

from functools import partial
from typing import Any, Final

from auditor.model.capture import Depth
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import text
from providers.aws.arn import parse_arn
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.aws.operations.declaration import USAGE
from providers.calls.once import Asked
from providers.calls.paging import pages
from providers.calls.reply import Refusal
from providers.calls.work_queue import WorkQueue

LANE: Final = "reports"
_MAKE: Final = BY_ID["iam:GenerateServiceLastAccessedDetails"]
_READ: Final = BY_ID["iam:GetServiceLastAccessedDetails"]
_RUNNING: Final = "IN_PROGRESS"
_PAUSES: Final = (0.5, 1, 2, 3, *(5,) * 10)
"""Seconds between two looks at a job. AWS says that most are done within seconds."""
_NOT_DONE: Final = Refusal(GapReason.SERVICE_ERROR, "AWS had not finished the report within a minute.")


class ServiceUsage:
    """Asks for the report of each role of the account once, whichever regions have functions of it."""

    def __init__(self, gateway: Gateway, options: CollectOptions) -> None:
        self._gateway = gateway
        self._options = options
        self._asked = Asked()
        self._wanted = USAGE in options.tiers and options.depth.rank >= Depth.STANDARD.rank

    def role(self, role: str, work: WorkQueue) -> None:
        """Queues the questions about the role of a function; those of other accounts cannot be asked."""
        arn = parse_arn(role) if self._wanted else None
        if arn is not None and arn.account == self._gateway.scope and self._asked.first(role):
            work.add(LANE, partial(self._report, role))

    def _report(self, role: str) -> None:
        job = self._gateway.ask(_MAKE, GLOBAL, Arn=role, Granularity="ACTION_LEVEL")
        self._gateway.record(_MAKE, GLOBAL, role, 0, job)
        if isinstance(job, Refusal):
            return
        first = self._finished(text(job, "JobId"))

        def ask(marker: str) -> Any:
            return self._gateway.ask(_READ, GLOBAL, JobId=text(job, "JobId"), Marker=marker) if marker else first

        for page, answer in enumerate(pages(ask, lambda body: body.get("Marker"))):
            self._gateway.record(_READ, GLOBAL, role, page, answer)

    def _finished(self, job: str) -> Any:
        """The first page of the report once it is there."""
        for pause in _PAUSES:
            answer = self._gateway.ask(_READ, GLOBAL, JobId=job)
            if isinstance(answer, Refusal) or text(answer, "JobStatus") != _RUNNING:
                return answer
            self._options.stop.wait(pause)
        return _NOT_DONE
