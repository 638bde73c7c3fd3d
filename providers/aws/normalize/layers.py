"""Code layers: one shared object a version."""

from auditor.model.code import Layer
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.aws.arn import parse_arn, parse_layer
from providers.aws.iam.home import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import UnreadableError
from providers.aws.normalize.layer_publishers import published_by_aws
from providers.aws.normalize.policies import Grants, policy_of

_VERSION = "lambda:GetLayerVersion"
_SHARING = "lambda:GetLayerVersionPolicy"


class Layers:
    """The layers of one location's functions."""

    def __init__(self, answers: Answers, partition: str) -> None:
        self._answers = answers
        self._partition = partition
        self._layers: dict[str, Layer] = {}

    def layer(self, arn: str) -> Layer:
        """The layer version of that ARN."""
        found = self._layers.get(arn)
        if found is None:
            found = self._layers[arn] = self._read(arn)
        return found

    def _read(self, arn: str) -> Layer:
        parsed = parse_layer(arn)
        layer = parse_arn(parsed.layer) if parsed else None
        if parsed is None or layer is None:
            raise UnreadableError("a layer is not named by the ARN of a version")
        exists = self._exists(arn, parsed.account)
        return Layer(
            id=arn,
            name=layer.name,
            version=str(parsed.version),
            account=parsed.account,
            vendor=published_by_aws(parsed.account),
            exists=exists,
            sharing=self._sharing(arn, exists, own=parsed.account == self._answers.account),
        )

    def _exists(self, arn: str, account: str) -> Observed[bool]:
        body = self._answers.one(_VERSION, arn)
        if isinstance(body, Unknown):
            return body
        if body.value is None:
            return self._answers.absence(_VERSION, arn, account)
        return known(value=True, source=_VERSION)

    def _sharing(self, arn: str, exists: Observed[bool], *, own: bool) -> Observed[Grants]:
        if not own:
            message = "only its owner can read with whom a layer is shared"
            return Unknown(self._answers.gap(_SHARING, GapReason.NOT_OFFERED, message, arn))
        if isinstance(exists, Known) and not exists.value:
            return Unknown(self._answers.gap(_VERSION, GapReason.VANISHED, "it does not exist", arn))
        kind = ResourceKind.LAYER
        return policy_of(self._answers, _SHARING, arn, "Policy", partition=self._partition, kind=kind, whole=exists)
