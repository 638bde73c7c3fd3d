"""``auditor doctor`` for the toy cloud."""

from collections.abc import Iterator

from auditor.provider import Probe
from providers.answers.json_paths import rows, text
from providers.calls.reply import Refusal
from providers.doctor import Trial, probes
from tests.unit.providers.toy.gateway import Gateway
from tests.unit.providers.toy.operations import LIST, POLICY


def examine(gateway: Gateway) -> Iterator[Probe]:
    """A line for each kind of call."""
    return probes(_trials(gateway), "toy")


def _trials(gateway: Gateway) -> Iterator[Trial]:
    listed = gateway.ask(LIST)
    yield LIST.id, LIST, listed
    names = [] if isinstance(listed, Refusal) else [text(row, "name") for row in rows(listed, "functions")]
    for name in names[:1]:
        yield POLICY.id, POLICY, gateway.ask(POLICY, name)
