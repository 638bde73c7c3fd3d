"""Flags accounts without a budget or a monitor of cost anomalies."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Create a budget with a notification below what would hurt, or a monitor of cost anomalies with a subscription.",
    command="aws budgets create-budget --account-id {account} --budget"
    ' \'{"BudgetName":"monthly","BudgetLimit":{"Amount":"<amount>","Unit":"USD"},"TimeUnit":"MONTHLY","BudgetType":"COST"}\'',
    terraform="""\
resource "aws_budgets_budget" "monthly" {
  name         = "monthly"
  budget_type  = "COST"
  limit_amount = "100" # what is expected
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = ["<address>"]
  }
}""",
)
_FIX_AZURE = Fix(
    text="Create a budget on the subscription with a notification below what would hurt.",
    no_command="az consumption budget create sets no notification: use Terraform, or Cost Management in the portal",
    terraform="""\
resource "azurerm_consumption_budget_subscription" "monthly" {
  name            = "monthly"
  subscription_id = "/subscriptions/{account}"
  amount          = 100 # what is expected
  time_grain      = "Monthly"

  time_period {
    start_date = "<first of month>"
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 80
    threshold_type = "Forecasted"
    contact_emails = ["<address>"]
  }
}""",
)


@check(
    id="spend-alert-absent",
    title="No budget or anomaly monitor watches costs",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE},
    covers=("gap-budget-anomaly-missing",),
    references=(
        "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html",
        "https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html",
        "https://learn.microsoft.com/en-us/azure/cost-management-billing/costs/tutorial-acm-create-budgets",
    ),
    cwe=778,
    confidence=Confidence.MEDIUM,
    subject=Subject.SCOPE,
)
def spend_alert_absent(scope: Scope, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Abuse of a function first shows in what the account spends, and without an alert on the next bill. Budgets on cost
    or usage count (on Azure, those of the subscription with a notification that is on), and on AWS monitors of cost
    anomalies, which only a scan at full depth asks about, because that call is billed. Confidence is medium, because the
    management account of an organization, a management group or a billing account may watch the account.
    """
    if scope.spend_alerts.need():
        return
    azure = scope.cloud is Cloud.AZURE
    none = "No budget" if azure else "No budget and no monitor of cost anomalies"
    yield Hit(
        message=f"{none} watches the costs of {'subscription' if azure else 'account'} {scope.name}",
        evidence=(cite(scope.spend_alerts, "no budget with a notification" if azure else _NEITHER),),
    )


_NEITHER = "no budget on cost or usage, no anomaly monitor"
