"""Flags functions that are not attached to a network of yours."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Attach it to private subnets in two zones if it should reach private resources or be filtered. Without NAT or endpoints it then has no way out: calls to the internet and to AWS services time out.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --vpc-config SubnetIds=<subnet-1>,<subnet-2>,SecurityGroupIds=<group>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  vpc_config {\n    subnet_ids         = aws_subnet.private[*].id\n    security_group_ids = [aws_security_group.function.id]\n  }\n}',
    ),
    Cloud.AZURE: Fix(
        text="Integrate the app with a subnet of your network if it should reach private resources or be filtered. The subnet must be delegated to Microsoft.Web (Flex Consumption: Microsoft.App) and is used by nothing else.",
        command="az functionapp vnet-integration add --resource-group {group} --name {app}{of_slot} --vnet <network> --subnet <subnet>",
        terraform='resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot\n  name                      = "{app}"\n  resource_group_name       = "{group}"\n  virtual_network_subnet_id = azurerm_subnet.functions.id\n}',
    ),
    Cloud.GCP: Fix(
        text="Attach it to a subnet with Direct VPC egress, or to a connector, if it should reach private resources or be filtered.",
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
    controls=("FSBP:Lambda.3", "CIS-Azure-Compute-2.0:2.3.14", "MCSB:NS-1"),
    profile_level=ProfileLevel.STRICT,
)
def vpc_none(function: Function, _context: Context) -> Iterator[Hit]:
    """Outside a network of yours you cannot filter or log where the function connects to.

    An opinion: a function that needs nothing private gains little from one and loses simple internet access. AWS
    itself does not put it in its default standard. The Consumption plan of Azure cannot be attached and is not asked.
    """
    if function.cloud is not Cloud.AWS:
        yield from _no_way_out(function)
        return
    if function.network.need() is None:
        yield Hit(
            message="The function is not attached to a VPC",
            evidence=(cite(function.network, "VpcConfig.VpcId is empty"),),
        )


def _no_way_out(function: Function) -> Iterator[Hit]:
    if isinstance(function.hosting, Known) and function.hosting.value.kind is HostingKind.CONSUMPTION:
        raise NotApplicable("its plan cannot be attached to a network")
    network = function.ingress.then(lambda ingress: ingress.egress.network)
    if network.need() is None:
        yield Hit(
            message="The function is not attached to a private network",
            evidence=(cite(network, "no subnet and no connector"),),
        )
