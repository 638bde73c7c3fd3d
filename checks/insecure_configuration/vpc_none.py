"""Flags functions that are not attached to a VPC or virtual network."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Attach the function to private subnets in two zones if it needs private resources or egress filtering.",
        breaks="Without NAT or VPC endpoints the function has no internet access: calls to the internet and to AWS"
        " services fail by timeout.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --vpc-config SubnetIds=<subnet-1>,<subnet-2>,SecurityGroupIds=<group>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  vpc_config {\n    subnet_ids         = aws_subnet.private[*].id\n    security_group_ids = [aws_security_group.function.id]\n  }\n}',
    ),
    Cloud.AZURE: Fix(
        text="Integrate the app with a subnet of a virtual network if it needs private resources or egress filtering."
        " The subnet must be delegated to Microsoft.Web (Flex Consumption: Microsoft.App) and can be used by"
        " nothing else.",
        breaks="Calls to public addresses follow the routes and rules of the subnet, and fail where those block"
        " them; the app restarts.",
        command="az functionapp vnet-integration add --resource-group {group} --name {app}{of_slot} --vnet <network> --subnet <subnet>",
        terraform='resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot\n  name                      = "{app}"\n  resource_group_name       = "{group}"\n  virtual_network_subnet_id = azurerm_subnet.functions.id\n}',
    ),
    Cloud.GCP: Fix(
        text="Attach the function to a subnet with Direct VPC egress, or to a connector, if it needs private resources"
        " or egress filtering.",
        breaks="Calls to public addresses fail where all traffic is routed through a network without Cloud NAT.",
        command="gcloud run services update {run_service} --region={location} --project={account} --network=<network> --subnet=<subnet>\n"
        "gcloud functions deploy {name} --region={location} --project={account} --vpc-connector=<connector>  # with a connector",
        terraform='resource "google_cloudfunctions2_function" "this" {\n  name     = "{name}"\n  location = "{location}"\n\n  service_config {\n    vpc_connector = google_vpc_access_connector.own.id\n  }\n}',
    ),
}


@check(
    id="vpc-none",
    title="Function is not attached to a VPC network",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("vpc-none", "az-func-vnet-integration", "gcp-fn-no-vpc"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-networking-options",
        "https://cloud.google.com/functions/docs/networking/connecting-vpc",
    ),
    facet_of=("vpc-none-sensitive",),
    profile_level=ProfileLevel.STRICT,
)
def vpc_none(function: Function, _context: Context) -> Iterator[Hit]:
    """Without a VPC or virtual network, the function's outbound connections can be neither filtered nor logged.

    An opinion: a function that needs no private resources gains little from one and loses simple internet access. AWS
    itself does not include it in its default standard. The Consumption plan of Azure cannot be attached and is not
    judged.
    """
    if function.cloud is not Cloud.AWS:
        yield from _without_network(function)
        return
    if function.network.need() is None:
        yield Hit(
            message=f"Function {function.name} is not attached to a VPC",
            evidence=(cite(function.network, "VpcConfig.VpcId is empty"),),
        )


def _without_network(function: Function) -> Iterator[Hit]:
    if isinstance(function.hosting, Known) and function.hosting.value.kind is HostingKind.CONSUMPTION:
        raise NotApplicable("the hosting plan cannot be attached to a virtual network")
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if network.need() is None:
        yield Hit(
            message=f"Function {function.name} is not attached to a virtual network",
            evidence=(cite(network, "subnet and VPC connector: none"),),
        )
