"""Flags layers of the account that are shared with everyone or with an unknown account."""

from collections.abc import Iterator

from auditor.analysis.policy_statements import allowing, judged
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.code import Layer
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Remove the sharing statement from the layer version; functions of other accounts that already use the"
    " version keep running, but cannot be created or updated with it. If the accounts are known, share with the"
    " organization and list them in trusted_accounts. Treat the content of the layer as already disclosed.",
    breaks="Other accounts can no longer create or update functions with this layer version; functions that"
    " already use it keep running.",
    command="aws lambda remove-layer-version-permission --region {location} --layer-name {layer} --version-number {version} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}"
resource "aws_lambda_layer_version_permission" "organisation" {
  layer_name      = "{layer}"
  version_number  = "{version}"
  statement_id    = "organisation"
  action          = "lambda:GetLayerVersion"
  principal       = "*"
  organization_id = "<o-organisation id>"
}""",
)


@check(
    id="layer-shared-publicly",
    title="Layer is shared publicly",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("layer-shared-publicly",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html",),
    cwe=732,
)
def layer_shared_publicly(function: Function, context: Context) -> Iterator[Hit]:
    """A layer contains code and often configuration, internal host names or keys. Shared with everyone, any AWS
    account can download it and read it. Only layers of the audited account are judged; sharing with the organization
    and with audited or trusted accounts is not reported.
    """
    account = function.scope.partition("/")[2]
    named = tuple(layer for layer in function.code.layers.need() if layer.account == account)
    own = tuple(layer for layer in named if layer.exists != Known(False, layer.exists.source))
    if named and not own:
        raise NotApplicable("the layers of its own account have been deleted")
    for layer in own:
        if isinstance(layer.sharing, Known):
            yield from _shared(layer, context)
    for layer in own:
        tuple(judged((layer.sharing,)))  # a gap, or a statement we cannot read, is not silence


def _shared(layer: Layer, context: Context) -> Iterator[Hit]:
    for stated in allowing((layer.sharing,)):
        grant = stated.grant
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach.public:
            severity, whom = Severity.HIGH, "everyone"
        elif grant.reach is Reach.CROSS_ACCOUNT and (foreign or not grant.accounts):
            severity, whom = Severity.MEDIUM, f"account {', '.join(foreign) or 'that is not audited or trusted'}"
        else:
            continue
        yield Hit(
            message=f"Layer {layer.name} version {layer.version} is shared with {whom}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=f"{layer.id}/{stated.locus}",
            site=f"{layer.id}/{stated.locus}",
            severity=severity,
            values={"layer": layer.name, "version": layer.version, "sid": grant.sid or "<statement-id>"},
        )
