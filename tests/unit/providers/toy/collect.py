"""The order of the questions: the functions, then the policy of each."""

from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Recorder
from providers.answers.json_paths import rows, text
from providers.calls.opening import Opening, unopened
from providers.calls.work_queue import WorkQueue
from tests.unit.providers.toy.gateway import SCOPE, Gateway
from tests.unit.providers.toy.operations import LIST, POLICY
from tests.unit.providers.toy.session import ENDPOINT


def read_functions(gateway: Gateway, options: CollectOptions, recorder: Recorder) -> None:
    """Asks everything. Raises NoScopeError where nothing can be asked at all."""
    names: list[str] = []
    ended = gateway.listing(LIST, lambda body: names.extend(text(row, "name") for row in rows(body, "functions")))
    if ended is not None and ended.refusal.reason in (GapReason.EXPIRED, GapReason.UNREACHABLE):
        raise unopened(_opening(gateway), ended.refusal)  # type: ignore[arg-type]
    recorder.scope(SCOPE, ())
    if options.depth.rank < POLICY.depth.rank:
        return
    with WorkQueue("toy", options.max_workers, recorder.error) as queue:
        for name in filter(None, names):
            queue.add(None, lambda name=name: gateway.call(POLICY, name))  # type: ignore[misc]


def _opening(gateway: Gateway) -> Opening:
    return Opening(
        cloud="toy cloud",
        failed="The functions cannot be listed",
        sign_in="set TOY_TOKEN",
        permission=LIST.permission,
        grant="ask whoever owns the toys",
        address=gateway.session.url,
        setting=ENDPOINT,
    )
