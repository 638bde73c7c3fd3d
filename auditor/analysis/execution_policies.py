"""Provider-managed policies made for execution roles, narrow enough to attach as they are.

Source: AWS Lambda developer guide, "AWS managed policies for AWS Lambda" and "Lambda execution role", and the
monitoring services' own pages for the X-Ray, Lambda Insights and Application Signals policies. AWSLambdaRole is
absent on purpose: it may invoke every function of the account.
"""

AS_OF = "2026-10-27"

EXECUTION_POLICIES = frozenset(
    {
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaBasicDurableExecutionRolePolicy",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaENIManagementAccess",
        "AWSLambdaInvocation-DynamoDB",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "AmazonS3ObjectLambdaExecutionRolePolicy",
        "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    }
)
