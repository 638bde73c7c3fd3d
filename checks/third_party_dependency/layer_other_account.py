"""Flags layers published by an account that is neither audited nor trusted."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Review the layer's content, publish a copy from an account you control, and use that; or, where the"
        " publisher is a vendor you chose, add the account to trusted_layer_accounts.",
        breaks="The command replaces the whole list of layers: code that imports one that is not named fails.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --layers <own-copy-of-the-layer-version-arn> <every-other-layer-version-arn>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  layers        = [aws_lambda_layer_version.own_copy.arn]\n}',
    )
}


@check(
    id="layer-other-account",
    title="Layer is owned by an unknown account",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("layer-other-account",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html",),
    cwe=829,
)
def layer_other_account(function: Function, context: Context) -> Iterator[Hit]:
    """A layer is code that runs in the function with its role; its publisher controls what it does. Layers of AWS
    itself, of audited accounts, and of trusted_accounts or trusted_layer_accounts pass. A version is immutable once
    published, so the risk is its present content and that of the next update.
    """
    trusted = context.settings.trusted_layer_accounts
    unnamed = False
    for layer in function.code.layers.need():
        if layer.vendor:
            continue
        if layer.account is None:
            unnamed = True
        elif not context.trusted(layer.account) and layer.account not in trusted:
            yield Hit(
                message=f"Layer {layer.name} version {layer.version} of function {function.name} is owned by account {layer.account}",
                evidence=(cite(function.code.layers, f"Layers[].Arn = {layer.id}"),),
                locus=layer.id,
            )
    if unnamed:
        raise Unanswered(Gap(GapReason.MALFORMED, function.code.layers.source, None, "a layer names no account"))
