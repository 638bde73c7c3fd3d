"""Code layers: one shared object a version.

Whether a version still exists is told for the account's own layers by the list of their versions; for those of other
accounts by GetLayerVersion, which belongs to the tier "code", for its answer holds a signed URL of the layer.
"""

from auditor.model.code import Layer
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.aws.arn import LayerVersion, parse_arn, parse_layer
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import UnreadableError, items, text
from providers.aws.normalize.layer_publishers import published_by_aws
from providers.aws.normalize.packages import Packages
from providers.aws.normalize.policies import Grants, policy_of

_VERSION = "lambda:GetLayerVersion"
_VERSIONS = "lambda:ListLayerVersions"
_SHARING = "lambda:GetLayerVersionPolicy"
_CODE = "lambda:GetLayerVersionCode"


class Layers:
    """The layers of one location's functions."""

    def __init__(self, answers: Answers, partition: str) -> None:
        self._answers = answers
        self._partition = partition
        self._layers: dict[str, Layer] = {}
        self._single = answers.bodies(_VERSION)
        self._analyses = Packages(answers, _CODE)
        self._versions = answers.subjects(
            _VERSIONS, lambda body: [text(item, "LayerVersionArn") for item in items(body, "LayerVersions")]
        )

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
        exists = self._exists(arn, parsed)
        return Layer(
            id=arn,
            name=layer.name,
            version=str(parsed.version),
            account=parsed.account,
            vendor=published_by_aws(parsed.account),
            exists=exists,
            sharing=self._sharing(arn, exists, own=parsed.account == self._answers.account),
            analysis=self._analyses.needed(arn),
        )

    def _exists(self, arn: str, version: LayerVersion) -> Observed[bool]:
        own = version.account == self._answers.account
        if own and arn not in self._single:  # a snapshot of an earlier release may hold GetLayerVersion of own layers
            listing = self._answers.flat(self._versions.all(version.layer), lambda page: page)
            return known(value=True, source=_VERSIONS) if arn in listing.items else listing.absence(value=False)
        body = self._single.one(arn)
        if isinstance(body, Unknown):
            return body
        if body.value is None:
            return self._answers.absence(_VERSION, arn, version.account)
        return known(value=True, source=_VERSION)

    def _sharing(self, arn: str, exists: Observed[bool], *, own: bool) -> Observed[Grants]:
        if not own:
            message = "only its owner can read with whom a layer is shared"
            return Unknown(self._answers.gap(_SHARING, GapReason.NOT_OFFERED, message, arn))
        if isinstance(exists, Known) and not exists.value:
            return Unknown(self._answers.gap(exists.source, GapReason.NOT_FOUND, "it does not exist", arn))
        kind = ResourceKind.LAYER
        return policy_of(self._answers, _SHARING, arn, "Policy", partition=self._partition, kind=kind, whole=exists)
