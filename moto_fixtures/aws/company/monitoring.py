"""Account-wide watching: what is on in the home region, half on, and off abroad."""

from moto_fixtures.aws.company.deploy_context import ABROAD, HOME, Workbench, policy


def detection(bench: Workbench) -> None:
    """GuardDuty without Lambda protection at home and with it abroad; Inspector without code scanning at home."""
    bench.client("guardduty").create_detector(Enable=True)
    bench.client("guardduty", ABROAD).create_detector(
        Enable=True, Features=[{"Name": "LAMBDA_NETWORK_LOGS", "Status": "ENABLED"}]
    )
    bench.client("inspector2").enable(resourceTypes=["LAMBDA", "ECR"])
    bench.client("accessanalyzer").create_analyzer(analyzerName="fernhollow", type="ACCOUNT")


def alarms(bench: Workbench) -> None:
    """At home an alarm on the errors of every function; abroad one of two functions, and none of the third."""
    _alarm(bench, "any-function-fails", "Errors", HOME)
    for name in ("eu-catalog-search", "eu-vat-calculator"):
        _alarm(bench, f"{name}-fails", "Errors", ABROAD, name)


def _alarm(bench: Workbench, name: str, metric: str, region: str, function: str = "") -> None:
    dimensions = [{"Name": "FunctionName", "Value": function}] if function else []
    bench.client("cloudwatch", region).put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/Lambda",
        MetricName=metric,
        Dimensions=dimensions,
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[bench.arn("sns", "on-call", region)],
    )


def recording(bench: Workbench) -> None:
    """A trail that records invocations of two functions only; a Config recorder at home, none abroad."""
    trail = bench.client("cloudtrail")
    trail.create_trail(Name="fernhollow", S3BucketName="fernhollow-audit-logs", IsMultiRegionTrail=True)
    watched = [bench.arn("lambda", f"function:{name}") for name in ("checkout-create-order", "payments-capture")]
    trail.put_event_selectors(
        TrailName="fernhollow",
        EventSelectors=[
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [{"Type": "AWS::Lambda::Function", "Values": watched}],
            }
        ],
    )
    trail.start_logging(Name="fernhollow")
    config = bench.client("config")
    role = bench.role("config-recorder-role")
    recorder = {
        "name": "default",
        "roleARN": role,
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    }
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "fernhollow-audit-logs"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    bench.client("xray", ABROAD).put_encryption_config(Type="KMS", KeyId=bench.made["key:env:eu"])


def logs(bench: Workbench) -> None:
    """Log groups no function owns any more, and a resource policy that lets anyone write logs."""
    client = bench.client("logs")
    for name in ("old-checkout", "black-friday-2024"):
        client.create_log_group(logGroupName=f"/aws/lambda/{name}")
    anyone = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": bench.arn("logs", "log-group:/aws/lambda/*"),
    }
    client.put_resource_policy(policyName="old-log-shipper", policyDocument=policy(anyone))


def people(bench: Workbench) -> None:
    """Identities beside the functions' roles: developers who may read every function."""
    iam = bench.client("iam")
    iam.create_group(GroupName="developers")
    reading = {"Effect": "Allow", "Action": ["lambda:ListFunctions", "lambda:GetFunction"], "Resource": "*"}
    iam.put_group_policy(GroupName="developers", PolicyName="read-functions", PolicyDocument=policy(reading))
    for name in ("ada.lindqvist", "tomas.okafor"):
        iam.create_user(UserName=name)
        iam.add_user_to_group(GroupName="developers", UserName=name)
