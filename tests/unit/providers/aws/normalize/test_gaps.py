"""What could not be read is unknown, with the reason and the permission that is lacking."""

from dataclasses import replace

import pytest

from auditor.model.capture import Depth, Envelope
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.tags import Tags
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    ACCOUNT,
    FOREIGN,
    KEY,
    LAYER,
    ORDERS,
    REGION,
    REPOSITORY,
    SECRET,
    SHARED,
    SIGNING,
    STREAM,
    MemoryCapture,
    absent,
    arn,
    capture,
    config,
    denied,
    envelopes,
    facts,
    ok,
    orders,
    render,
    variable,
)
from tests.unit.providers.aws.normalize.test_function import function, gap

DETAILS = "iam:GetAccountAuthorizationDetails"


def test_variables_that_could_not_be_decrypted_are_unknown_not_absent() -> None:
    error = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "no kms:Decrypt"}}
    environment = function("orders", config(Environment=error)).environment
    assert gap(environment) == (GapReason.DENIED, "lambda:ListFunctions", "kms:Decrypt")
    disabled = {"Error": {"ErrorCode": "KMSDisabledException", "Message": "the key is disabled"}}
    environment = function("orders", config(Environment=disabled)).environment
    assert gap(environment) == (GapReason.SERVICE_ERROR, "lambda:ListFunctions", "kms:Decrypt")


def test_an_environment_with_neither_variables_nor_an_error_is_malformed() -> None:
    assert gap(function("orders", config(Environment={})).environment)[0] is GapReason.MALFORMED


def test_variables_that_were_never_judged_are_malformed() -> None:
    raw = {"Variables": {"NAME": "plain text"}}
    assert gap(function("orders", config(Environment=raw)).environment)[0] is GapReason.MALFORMED


def test_what_a_depth_leaves_out_says_so() -> None:
    gone = [
        e.operation
        for e in envelopes()
        if e.operation.startswith("lambda:Get")
        or e.operation in ("lambda:ListAliases", "lambda:ListPublishedVersions", "lambda:ListVersionsByFunction")
    ]
    quick = function("orders", without=gone, depth=Depth.QUICK)
    concurrency = "lambda:GetFunctionConcurrency"
    assert gap(quick.limits.reserved_concurrency) == (GapReason.NOT_AT_DEPTH, concurrency, concurrency)
    assert gap(quick.policies.need()[0].statements)[0] is GapReason.NOT_AT_DEPTH
    assert gap(quick.aliases)[0] is GapReason.NOT_AT_DEPTH
    standard = function("orders", without=gone, depth=Depth.STANDARD)
    assert gap(standard.limits.reserved_concurrency)[0] is GapReason.NOT_AT_DEPTH
    assert gap(standard.code.source_key)[:2] == (GapReason.NOT_IN_TIER, "lambda:GetFunction")
    assert gap(standard.aliases)[0] is GapReason.NOT_COLLECTED
    full = function("orders", without=gone)
    assert gap(full.limits.reserved_concurrency) == (GapReason.NOT_COLLECTED, concurrency, concurrency)


def test_a_role_is_missing_only_where_the_list_of_roles_is_complete() -> None:
    gone = config(Role=f"arn:aws:iam::{ACCOUNT}:role/gone")
    identity = function("orders", gone).identity.need()
    assert identity is not None
    assert identity.exists == Known(False, DETAILS)
    (first, _) = [e for e in envelopes() if e.operation == DETAILS]
    cut = function("orders", gone, first, denied(DETAILS, page=1, reason=GapReason.THROTTLED, location="global"))
    identity = cut.identity.need()
    assert identity is not None
    assert gap(identity.exists) == (GapReason.THROTTLED, DETAILS, DETAILS)


def test_what_a_broken_list_did_hold_stays_known() -> None:
    (first, _) = [e for e in envelopes() if e.operation == DETAILS]
    identity = function("orders", first, denied(DETAILS, page=1, location="global")).identity.need()
    assert identity is not None
    assert identity.exists.need()
    assert identity.statements[0].need()[0].actions == ("dynamodb:getitem",)
    assert gap(identity.statements[1])[0] is GapReason.DENIED, "the managed policy was on the page that is missing"


def test_a_list_that_says_it_goes_on_is_not_complete() -> None:
    groups = {"logGroups": [], "nextToken": "more"}
    logging = function("orders", ok("logs:DescribeLogGroups", groups)).logging.need()
    assert gap(logging.group)[0] is GapReason.NOT_COLLECTED


def test_a_role_of_another_account_is_unknown_not_missing() -> None:
    foreign = f"arn:aws:iam::{FOREIGN}:role/theirs"
    identity = function("orders", config(Role=foreign)).identity.need()
    assert identity is not None
    assert (identity.account, identity.id) == (FOREIGN, foreign)
    assert gap(identity.exists)[0] is GapReason.NOT_COLLECTED


def test_a_malformed_policy_document_is_an_unknown_group_beside_the_others() -> None:
    (first, second) = [e for e in envelopes() if e.operation == DETAILS]
    body = first.body
    body["RoleDetailList"][0]["RolePolicyList"][0]["PolicyDocument"] = "{not json"
    identity = function("orders", first, second).identity.need()
    assert identity is not None
    assert gap(identity.statements[0])[0] is GapReason.MALFORMED
    assert identity.statements[1].need()[0].actions == ("logs:*",)


def test_a_malformed_resource_policy_is_unknown() -> None:
    own = function("orders", ok("lambda:GetPolicy", {"Policy": "{"}, ORDERS)).policies.need()[0]
    assert gap(own.statements) == (GapReason.MALFORMED, "lambda:GetPolicy", "lambda:GetPolicy")


def test_no_signing_is_concluded_only_from_complete_lists() -> None:
    assert function("render").code.signing.need() is None
    withheld = function("render", denied("lambda:ListFunctionsByCodeSigningConfig", SIGNING))
    assert gap(withheld.code.signing)[0] is GapReason.DENIED
    assert gap(function("render", denied("lambda:ListCodeSigningConfigs")).code.signing)[0] is GapReason.DENIED


def test_mappings_that_were_read_stay_beside_an_unknown_group() -> None:
    mapping = {"FunctionArn": ORDERS, "EventSourceArn": STREAM, "State": "Enabled"}
    page = ok("lambda:ListEventSourceMappings", {"EventSourceMappings": [mapping]})
    broken = (page, denied("lambda:ListEventSourceMappings", page=1))
    read, unread = function("orders", *broken).triggers[:2]
    assert [trigger.source for trigger in read.need()] == [STREAM]
    assert gap(unread)[0] is GapReason.DENIED
    assert gap(function("render", *broken).triggers[0])[0] is GapReason.DENIED


def test_tags_are_unknown_where_both_tellers_are_silent() -> None:
    error = {"Code": {}, "TagsError": {"ErrorCode": "AccessDeniedException", "Message": "no"}}
    answers = (ok("lambda:GetFunction", error, ORDERS), denied("tag:GetResources"))
    assert gap(function("orders", *answers).tags) == (GapReason.DENIED, "lambda:GetFunction", "lambda:ListTags")
    assert gap(function("render", *answers).tags)[0] is GapReason.DENIED


def test_who_is_shown_tags_sees_that_a_function_has_none() -> None:
    assert function("render", denied("tag:GetResources")).tags == Known(Tags(), "lambda:GetFunction")


def test_dangling_references_are_known_to_be_gone() -> None:
    vpc = {"VpcId": "vpc-1", "SubnetIds": ["subnet-x"], "SecurityGroupIds": ["sg-x"]}
    network = function("orders", config(VpcConfig=vpc)).network.need()
    assert network is not None
    assert network.subnets[0].exists == Known(False, "ec2:DescribeSubnets")
    assert gap(network.subnets[0].zone)[0] is GapReason.NOT_FOUND
    assert network.security_groups[0].exists == Known(False, "ec2:DescribeSecurityGroups")
    denied_network = function("orders", config(VpcConfig=vpc), denied("ec2:DescribeSubnets")).network.need()
    assert denied_network is not None
    assert gap(denied_network.subnets[0].exists)[0] is GapReason.DENIED


def test_targets_of_another_account_are_not_called_gone() -> None:
    target = arn("lambda", "function:theirs", FOREIGN)
    dead_letter = function("orders", config(DeadLetterConfig={"TargetArn": target})).failures.dead_letter.need()
    assert dead_letter is not None
    assert dead_letter.account == FOREIGN
    assert gap(dead_letter.exists)[0] is GapReason.NOT_COLLECTED


def exists(target: str, operation: str) -> Observed[bool]:
    """What is known of a dead-letter target that the cloud says it does not find."""
    withheld = absent(operation, target)
    found = function("orders", config(DeadLetterConfig={"TargetArn": target}), withheld).failures.dead_letter.need()
    assert found is not None
    return found.exists


@pytest.mark.parametrize(
    ("service", "name", "operation"),
    [
        ("sns", "failed", "sns:GetTopicAttributes"),
        ("events", "event-bus/failed", "events:DescribeEventBus"),
    ],
)
def test_not_found_proves_nothing_of_another_accounts_target(service: str, name: str, operation: str) -> None:
    assert exists(arn(service, name), operation) == Known(False, operation)
    hidden = exists(arn(service, name, FOREIGN), operation)
    assert gap(hidden)[0] is GapReason.NOT_FOUND
    assert f"it belongs to account {FOREIGN}: it may only be hidden" in hidden.gap.message


def test_a_queue_exists_where_the_regions_queues_hold_it() -> None:
    def found(target: str, *answers: Envelope) -> Observed[bool]:
        queue = function("orders", config(DeadLetterConfig={"TargetArn": target}), *answers).failures.dead_letter.need()
        assert queue is not None
        return queue.exists

    listing = "sqs:ListQueues"
    assert found(arn("sqs", "orders-failed")) == Known(True, listing)
    assert found(arn("sqs", "failed")) == Known(False, listing)
    assert found(arn("sqs", "orders-failed"), ok(listing, {})) == Known(False, listing)
    assert gap(found(arn("sqs", "failed"), denied(listing))) == (GapReason.DENIED, listing, listing)
    assert gap(found(arn("sqs", "failed", FOREIGN)))[:2] == (GapReason.NOT_COLLECTED, listing)
    earlier = ok("sqs:GetQueueUrl", {"QueueUrl": "https://queue.example"}, arn("sqs", "failed"))
    assert found(arn("sqs", "failed"), earlier) == Known(True, "sqs:GetQueueUrl")
    assert found(arn("sqs", "failed"), absent("sqs:GetQueueUrl", arn("sqs", "failed"))).need() is False


def test_not_found_proves_nothing_of_another_accounts_key() -> None:
    key = arn("kms", "key/99999999-8888-7777-6666-555555555555", FOREIGN)
    found = function("orders", config(KMSKeyArn=key), absent("kms:DescribeKey", key)).environment_key.need()
    assert found is not None
    assert gap(found.state)[0] is GapReason.NOT_FOUND
    assert gap(found.rotation)[0] is GapReason.NOT_FOUND


def test_not_found_proves_nothing_of_another_accounts_layer_secret_profile_or_mount() -> None:
    layer, secret = arn("lambda", "layer:theirs:1", FOREIGN), arn("secretsmanager", "secret:theirs-AbCdEf", FOREIGN)
    point = arn("elasticfilesystem", "access-point/fsap-9", FOREIGN)
    found = function(
        "orders",
        config(
            Layers=[{"Arn": layer}],
            Environment={"Variables": {"DB": variable("reference", ("arn", secret))}},
            FileSystemConfigs=[{"Arn": point, "LocalMountPath": "/mnt/theirs"}],
        ),
        absent("lambda:GetLayerVersion", layer),
        absent("secretsmanager:DescribeSecret", secret),
        absent("elasticfilesystem:DescribeAccessPoints", point),
    )
    (stored,), (mount,) = found.environment.need().stored, found.mounts.need()
    for fact in (
        found.code.layers.need()[0].exists,
        stored.exists,
        stored.public_policy,
        mount.exists,
        mount.encrypted,
    ):
        assert gap(fact)[0] is GapReason.NOT_FOUND


def test_what_hangs_on_a_secret_of_which_nothing_is_known_is_unknown() -> None:
    unread = denied("secretsmanager:DescribeSecret", SECRET)
    secret = function("orders", unread, absent("secretsmanager:GetResourcePolicy", SECRET)).environment.need().stored[1]
    assert gap(secret.public_policy)[:2] == (GapReason.DENIED, "secretsmanager:DescribeSecret")
    told = function("orders", unread).environment.need().stored[1]
    assert told.public_policy == Known(False, "secretsmanager:GetResourcePolicy")


def test_what_hangs_on_a_repository_of_which_nothing_is_known_is_unknown() -> None:
    rule = {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
    answers = (
        denied("ecr:DescribeRepositories", REPOSITORY),
        absent("ecr:GetLifecyclePolicy", REPOSITORY),
        ok("ecr:GetRegistryScanningConfiguration", {"scanningConfiguration": {"rules": [rule]}}),
    )
    found = function("render", *answers).code.image
    assert found is not None
    repository = found.repository.need()
    assert repository is not None
    for fact in (repository.policy, repository.lifecycle, repository.scan_on_push):
        assert gap(fact)[:2] == (GapReason.DENIED, "ecr:DescribeRepositories")


def test_what_hangs_on_a_layer_is_unknown_with_it_and_gone_with_it() -> None:
    listing = "lambda:ListLayerVersions"
    unshared = absent("lambda:GetLayerVersionPolicy", LAYER)
    unread = function("orders", denied(listing, SHARED), unshared).code.layers.need()[0]
    assert gap(unread.sharing)[:2] == (GapReason.DENIED, listing)
    newer = ok(listing, {"LayerVersions": [{"LayerVersionArn": f"{SHARED}:4", "Version": 4}]}, SHARED)
    for gone in (newer, absent(listing, SHARED)):
        layer = function("orders", gone, unshared).code.layers.need()[0]
        assert layer.exists == Known(False, listing)
        assert gap(layer.sharing)[0] is GapReason.NOT_FOUND
    assert function("orders", unshared).code.layers.need()[0].sharing == Known((), "lambda:GetLayerVersionPolicy")


def test_a_rotation_of_which_the_key_is_unknown_is_unknown() -> None:
    unread = denied("kms:DescribeKey", KEY)
    found = function("orders", unread, absent("kms:GetKeyRotationStatus", KEY)).environment_key.need()
    assert found is not None
    assert gap(found.rotation)[:2] == (GapReason.DENIED, "kms:DescribeKey")


def test_the_network_is_the_one_the_subnets_say_they_are_in() -> None:
    vpc = {"VpcId": "vpc-wrong", "SubnetIds": ["subnet-a", "subnet-b"], "SecurityGroupIds": []}
    network = function("orders", config(VpcConfig=vpc)).network.need()
    assert network is not None
    assert network.id == "vpc-1"
    assert network.flow_logs == Known(True, "ec2:DescribeFlowLogs")
    assert network.endpoints.need() == ("com.amazonaws.eu-central-1.s3",)
    assert [subnet.public.need() for subnet in network.subnets] == [False, True]


def test_a_deleted_subnet_does_not_bring_a_wrong_network_back() -> None:
    vpc = {"VpcId": "vpc-wrong", "SubnetIds": ["subnet-gone", "subnet-a"], "SecurityGroupIds": []}
    network = function("orders", config(VpcConfig=vpc)).network.need()
    assert network is not None
    assert (network.id, network.flow_logs.need()) == ("vpc-1", True)


def test_subnets_that_could_not_be_read_leave_the_network_that_is_configured() -> None:
    network = function("orders", denied("ec2:DescribeSubnets")).network.need()
    assert network is not None
    assert (network.id, network.flow_logs.need()) == ("vpc-1", True)


def test_a_destination_bucket_is_looked_up_globally() -> None:
    bucket = "arn:aws:s3:::failed-orders"
    settings = {"FunctionArn": ORDERS, "DestinationConfig": {"OnFailure": {"Destination": bucket}}}
    listed = ok("lambda:ListFunctionEventInvokeConfigs", {"FunctionEventInvokeConfigs": [settings]}, ORDERS)
    gone = function("orders", listed, absent("s3:HeadBucket", bucket, location="global")).failures.settings.need()
    assert gone[0].on_failure is not None
    assert gone[0].on_failure.exists == Known(False, "s3:HeadBucket")
    refused = denied("s3:HeadBucket", bucket, location="global")
    withheld = function("orders", listed, refused).failures.settings.need()[0].on_failure
    assert withheld is not None
    assert gap(withheld.exists) == (GapReason.DENIED, "s3:HeadBucket", "s3:HeadBucket")


def test_secrets_are_found_behind_versions_and_awaiting_deletion_is_gone() -> None:
    version = variable("reference", ("arn", f"{SECRET}:password::"))
    environment = config(Environment={"Variables": {"DB": version}})
    (stored,) = function("orders", environment).environment.need().stored
    assert (stored.id, stored.exists.need()) == (SECRET, True)
    deleted = ok("secretsmanager:DescribeSecret", {"ARN": SECRET, "DeletedDate": "2026-11-01T00:00:00Z"}, SECRET)
    (stored,) = function("orders", environment, deleted).environment.need().stored
    assert stored.exists == Known(False, "secretsmanager:DescribeSecret")


def test_a_function_without_a_readable_arn_is_counted_and_unknown() -> None:
    broken = orders() | {"FunctionArn": 7}
    first = ok("lambda:ListFunctions", {"Functions": [broken, render(), None]})
    inventory = normalize(capture(first))
    assert sorted(function.name for function in inventory.functions) == ["entry-2", "orders", "render"]
    assert inventory.locations[0].functions.gap.reason is GapReason.MALFORMED
    (damaged,) = [function for function in inventory.functions if function.name == "orders"]
    assert gap(damaged.environment)[0] is GapReason.MALFORMED
    assert gap(damaged.identity)[0] is GapReason.MALFORMED
    assert gap(damaged.triggers[0])[0] is GapReason.MALFORMED


def test_a_function_of_another_region_than_was_asked_is_damage() -> None:
    elsewhere = orders() | {"FunctionArn": ORDERS.replace(REGION, "cn-north-1")}
    inventory = normalize(capture(ok("lambda:ListFunctions", {"Functions": [elsewhere, render()]})))
    (strayed,) = [function for function in inventory.functions if function.name == "orders"]
    assert (strayed.location, gap(strayed.runtime)[0]) == (REGION, GapReason.MALFORMED)
    assert "cn-north-1" not in strayed.id
    assert inventory.locations[0].functions.gap.reason is GapReason.MALFORMED


def test_a_function_listed_twice_is_one() -> None:
    twice = ok("lambda:ListFunctions", {"Functions": [orders(), render()], "NextMarker": "2"})
    again = ok("lambda:ListFunctions", {"Functions": [render()]}, page=1)
    names = [function.name for function in normalize(capture(twice, again)).functions]
    assert names == ["orders", "render"]


def test_a_denied_location_is_still_a_place() -> None:
    made = MemoryCapture(
        facts(locations=(REGION, "us-east-1")), [*envelopes(), denied("lambda:ListFunctions", location="us-east-1")]
    )
    there = {place.location: place for place in normalize(made).locations}
    assert there["us-east-1"].functions.gap.reason is GapReason.DENIED
    assert there[REGION].functions.need() == 2
    assert isinstance(there["us-east-1"].threat_detection, Unknown)


def test_other_clouds_are_left_alone() -> None:
    scopes = ((Cloud.GCP, "shop", ("europe-west1",)), *facts().scopes)
    made = MemoryCapture(replace(facts(), scopes=scopes), envelopes())
    assert [scope.id for scope in normalize(made).scopes] == [f"aws/{ACCOUNT}"]


def test_an_empty_capture_is_an_empty_inventory() -> None:
    inventory = normalize(MemoryCapture(replace(facts(), scopes=())))
    assert (inventory.scopes, inventory.locations, inventory.functions) == ((), (), ())


def test_an_answer_beats_the_gap_of_an_earlier_run() -> None:
    resumed = function(
        "orders", denied("lambda:GetFunction", ORDERS), *[e for e in envelopes() if e.operation == "lambda:GetFunction"]
    )
    assert resumed.limits.reserved_concurrency.need() == 5
