"""Flags functions built on a layer version that no longer exists."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Publish the layer again from its source, or take a version that exists, test, and update the function. The command replaces the whole list of layers: name every layer the function needs.",
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
    controls=("CSA-SAS:SAS-11", "NIST-800-53:CM-8"),
)
def layer_version_deleted(function: Function, _context: Context) -> Iterator[Hit]:
    """The function goes on with a private copy nobody can inspect or replace, and cannot be redeployed as it is.

    Often the publisher withdrew the version because of a flaw in it. What could not be asked, such as a layer of an
    account that forbids it, is unknown, not present.
    """
    layers = function.code.layers.need()
    for layer, exists in each_of(layers, lambda layer: layer.exists):
        if not exists:
            yield Hit(
                message=f"Layer {layer.name} version {layer.version} has been deleted",
                evidence=(
                    cite(layer.exists, f"{layer.id}: not found"),
                    cite(function.code.layers, f"Layers[].Arn = {layer.id}"),
                ),
                locus=layer.id,
            )
