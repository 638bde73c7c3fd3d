"""What stands in front of functions for the whole account: the distributions of CloudFront."""

from typing import Final

from auditor.model.capture import Json
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import text
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.calls.paging import pages
from providers.calls.reply import Refusal

_DISTRIBUTIONS: Final = "cloudfront:ListDistributions"


def distributions(gateway: Gateway) -> None:
    """Reads every distribution, in pages. How the list goes on stands inside it: that is recorded beside as well."""
    operation = BY_ID[_DISTRIBUTIONS]

    def ask(marker: str) -> Json | Refusal:
        answer = gateway.ask(operation, GLOBAL, **({"Marker": marker} if marker else {}))
        if isinstance(answer, Refusal):
            return answer
        return {**answer, "NextMarker": text(answer, "DistributionList", "NextMarker")}

    gateway.keep_all(
        pages(ask, lambda body: body.get("NextMarker")),
        lambda page, answer: gateway.record(operation, GLOBAL, "", page, answer),
    )
