"""Flags functions that use a deleted layer version."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Publish the layer again from its source, or use a version that exists, test, and update the function.",
        breaks="The command replaces the whole list of layers: code that imports one that is not named fails.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --layers <existing-layer-version-arn> <every-other-layer-version-arn>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  layers        = ["<existing-layer-version-arn>"]\n}',
    )
}


@check(
    id="layer-version-deleted",
    title="Layer version is deleted",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("layer-version-deleted",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html",),
)
def layer_version_deleted(function: Function, _context: Context) -> Iterator[Hit]:
    """The function keeps running with a copy that can neither be inspected nor replaced, and cannot be redeployed as it
    is. Often the publisher withdrew the version because of a vulnerability. A layer that cannot be looked up, such as
    one of an account that denies access, is unknown, not present.
    """
    layers = function.code.layers.need()
    for layer, exists in each_of(layers, lambda layer: layer.exists):
        if not exists:
            yield Hit(
                message=f"Layer {layer.name} version {layer.version} of function {function.name} is deleted",
                evidence=(
                    cite(layer.exists, f"{layer.id}: not found"),
                    cite(function.code.layers, f"Layers[].Arn = {layer.id}"),
                ),
                locus=layer.id,
            )
