"""What a function's service account may do: decided by the allow policies from the organisation down."""

import pytest

from auditor.errors import UsageError
from auditor.model.observed import GapReason
from auditor.provider import PermissionQuestion
from providers.gcp.normalize import normalize
from providers.gcp.normalize.permissions import decide
from tests.unit.providers.gcp.normalize.capture import (
    ACCOUNT,
    APPSPOT,
    COMPUTE,
    FOLDER,
    NUMBER,
    ORGANISATION,
    PROJECT,
    ROLE,
    SECRET,
    TOPIC,
    binding,
    capture,
    denied,
    deny_policy,
    guarded,
    ok,
    policy,
)

PROJECT_POLICY, FOLDER_POLICY = "resourcemanager:GetProjectPolicy", "resourcemanager:GetFolderPolicy"
OWN = f"serviceAccount:{ACCOUNT}"
READ = "secretmanager.versions.access"
BUCKET = "//storage.googleapis.com/shop-pictures"


def decided(permission, resource, *changes, context=None, without=(), function="orders"):
    world = capture(*changes, without=without)
    inventory = normalize(world)
    one = next(each for each in inventory.functions if each.name == function)
    return decide(world, inventory, one, PermissionQuestion(permission, resource, context or {}))


def answer(*asked, **more):
    return str(decided(*asked, **more).answer)


def on_project(*bindings):
    return ok(PROJECT_POLICY, policy(*bindings))


def on_resources(*held):
    return ok("asset:ListPolicies", {"assets": list(held)})


def on_secret(*bindings):
    name = f"//secretmanager.googleapis.com/projects/{NUMBER}/secrets/database"
    return on_resources(guarded("secretmanager.googleapis.com/Secret", name, *bindings))


def test_the_chain_goes_from_the_organisation_down_to_the_resource() -> None:
    found = decided("pubsub.topics.publish", TOPIC)
    assert (found.answer, found.principal) == ("yes", ACCOUNT)
    assert found.why == f"roles/pubsub.publisher on projects/{PROJECT} allows it."
    assert [(step.layer, str(step.effect or ""), step.source) for step in found.proof] == [
        ("deny policy", "", ""),
        ("allow policy of the organisation", "", ""),
        ("allow policy of the folder", "", ""),
        ("allow policy of the project", "allow", f"projects/{PROJECT}"),
        ("allow policy of the resource", "allow", TOPIC),
    ]
    assert found.before == ("principal access boundary policies",)


def test_every_level_grants_what_lies_below_it() -> None:
    held = binding("roles/secretmanager.secretAccessor", OWN)
    asked = (READ, f"{SECRET}/versions/3")
    assert answer(*asked) == "no"
    assert answer(*asked, ok("resourcemanager:GetOrganizationPolicy", policy(held), ORGANISATION)) == "yes"
    assert answer(*asked, ok(FOLDER_POLICY, policy(held), FOLDER)) == "yes"
    assert answer(*asked, on_project(held)) == "yes"
    assert answer(*asked, on_secret(held)) == "yes"
    assert answer(READ, f"projects/{PROJECT}/secrets/other", on_secret(held)) == "no"
    assert answer(READ, "*", on_secret(held)) == "conditional"
    assert answer(READ, f"projects/{PROJECT}", on_secret(held)) == "no"
    assert answer(READ, FOLDER, on_project(held)) == "no"
    assert answer(READ, FOLDER, ok(FOLDER_POLICY, policy(held), FOLDER)) == "yes"
    assert answer(READ, "*", on_project(held)) == "yes"


def test_conditions_dates_are_decided_and_others_are_told() -> None:
    def under(expression):
        return decided(READ, SECRET, on_project(binding("roles/owner", OWN, expression=expression)))

    assert under('request.time < timestamp("2020-01-01T00:00:00Z")').answer == "no"
    assert under('request.time < timestamp("2099-01-01T00:00:00Z")').answer == "yes"
    later = under('request.time > timestamp("2098-01-01T00:00:00Z")')
    assert (later.answer, later.conditions) == ("conditional", ("request.time",))
    named = under('resource.name.startsWith("projects/1/secrets/a") && resource.type == "x"')
    assert (named.answer, named.conditions) == ("conditional", ("resource.name.startsWith", "resource.type"))


def test_whom_a_binding_names() -> None:
    def held_by(member):
        return decided(READ, SECRET, on_project(binding("roles/owner", member)))

    answers = {
        OWN.upper().replace("SERVICEACCOUNT", "serviceAccount"): "yes",
        "allAuthenticatedUsers": "yes",
        f"principalSet://cloudresourcemanager.googleapis.com/{FOLDER}/type/ServiceAccount": "yes",
        f"deleted:{OWN}?uid=1": "no",
        f"serviceAccount:{COMPUTE}": "no",
        "domain:fernhollow.example": "no",
        "user:ada@fernhollow.example": "no",
        "group:robots@fernhollow.example": "unknown",
    }
    assert {member: str(held_by(member).answer) for member in answers} == answers
    group = held_by("group:robots@fernhollow.example").gap
    assert (group.reason, group.permission) == (GapReason.NOT_COLLECTED, "Groups Reader of Cloud Identity")
    assert "a member of robots@fernhollow.example" in group.message


def test_basic_roles_reach_a_bucket_through_its_own_policy() -> None:
    def on_bucket(*members):
        held = policy(binding("roles/storage.legacyObjectReader", *members))
        return ok("storage:GetBucketPolicy", held, "projects/_/buckets/shop-pictures")

    editor = on_project(binding("roles/editor", OWN))
    asked = ("storage.objects.get", "projects/_/buckets/shop-pictures/objects/a.png")
    assert answer(*asked, editor, on_bucket()) == "no"
    assert answer(*asked, editor, on_bucket(f"projectEditor:{PROJECT}")) == "yes"
    assert answer(*asked, editor, on_bucket(f"projectOwner:{PROJECT}")) == "no"
    assert answer(*asked, editor, on_bucket("projectEditor:elsewhere")) == "unknown"
    assert answer("storage.objects.get", BUCKET, editor, on_bucket(OWN)) == "yes"
    assert "access control lists of buckets and objects" in decided(*asked).before


def test_custom_roles_as_they_were_read() -> None:
    held = on_project(binding(ROLE, OWN))
    assert answer("run.services.update", "*", held) == "yes"
    assert answer("run.services.delete", "*", held) == "no"
    unread = decided("run.services.update", "*", held, denied("iam:GetRole", ROLE))
    assert (unread.answer, unread.gap.permission) == ("unknown", "iam.roles.get")
    newer = decided("run.services.update", "*", on_project(binding("roles/tea.brewer", OWN)))
    assert (newer.answer, newer.gap.reason) == ("unknown", GapReason.UNRECOGNISED)
    assert answer("run.services.update", "*", on_project(binding("roles/tea.brewer", "user:a@b.example"))) == "no"


def test_what_is_unread_outranks_a_no_and_never_a_yes() -> None:
    cases = {
        "project": (denied(PROJECT_POLICY), "resourcemanager.projects.getIamPolicy"),
        "folder": (denied(FOLDER_POLICY, FOLDER), "resourcemanager.folders.getIamPolicy"),
        "hierarchy": (denied("resourcemanager:SearchProjects"), ""),
        "resource": (denied("asset:ListPolicies"), "cloudasset.assets.listIamPolicy"),
    }
    for name, (change, permission) in cases.items():
        found = decided(READ, SECRET, change)
        if name != "hierarchy":  # the inventory names what is above a project as well
            assert (found.answer, found.gap.permission) == ("unknown", permission), name
    assert answer("pubsub.topics.publish", TOPIC, denied("asset:ListPolicies"), denied(FOLDER_POLICY, FOLDER)) == "yes"
    elsewhere = decided(READ, "projects/elsewhere/secrets/a")
    assert (elsewhere.answer, elsewhere.gap.reason) == ("unknown", GapReason.NOT_COLLECTED)


def test_the_policy_of_a_service_account_by_its_address() -> None:
    policy_of = ok(
        "iam:GetServiceAccountPolicy",
        policy(binding("roles/iam.serviceAccountTokenCreator", OWN)),
        f"projects/-/serviceAccounts/{APPSPOT}",
    )
    asked = ("iam.serviceAccounts.getAccessToken", f"projects/{PROJECT}/serviceAccounts/{APPSPOT}")
    assert (answer(*asked), answer(*asked, policy_of)) == ("no", "yes")


def test_an_account_that_is_switched_off_may_do_nothing() -> None:
    accounts = ok(
        "iam:ListServiceAccounts",
        {"accounts": [{"name": f"projects/{PROJECT}/serviceAccounts/{ACCOUNT}", "email": ACCOUNT, "disabled": True}]},
    )
    found = decided("pubsub.topics.publish", TOPIC, accounts)
    assert (found.answer, found.why) == ("no", f"The identity {ACCOUNT} is switched off.")


def test_questions_that_cannot_be_asked_are_answered_with_what_was_meant() -> None:
    cases = {
        ("storage.object.get", "*"): "did you mean storage.objects.get",
        ("s3:GetObject", "*"): "write it as service.resource.verb",
        (READ, "arn:aws:s3:::b"): "is not the name of a resource of Google Cloud",
        (READ, "projects/*/secrets/a"): "is not the name of a resource of Google Cloud",
    }
    for (permission, resource), sentence in cases.items():
        with pytest.raises(UsageError, match=sentence):
            decided(permission, resource)
    with pytest.raises(UsageError, match="--context settles condition keys of AWS only"):
        decided(READ, "*", context={"key": ("value",)})


PUBLISH = "pubsub.topics.publish"
EVERYONE = "principalSet://goog/public:all"


def denying(*principals, permissions=("pubsub.googleapis.com/topics.publish",), **rest):
    return deny_policy(principals or (EVERYONE,), permissions, **rest)


def test_a_deny_policy_decides_whatever_is_granted() -> None:
    found = decided(PUBLISH, TOPIC, denying())
    assert (found.answer, found.why) == (
        "no",
        f"projects/{PROJECT}/denypolicies/rules on projects/{PROJECT} denies it.",
    )
    own = f"principal://iam.googleapis.com/projects/-/serviceAccounts/{ACCOUNT}"
    sets = "principalSet://cloudresourcemanager.googleapis.com/"
    group = "principalSet://goog/group/robots@fernhollow.example"
    cases = {
        "itself": (denying(own), "no"),
        "another-account": (denying(own.replace("orders@", "other@")), "yes"),
        "accounts-of-the-project": (denying(f"{sets}projects/{NUMBER}/type/ServiceAccount"), "no"),
        "everything-of-the-folder": (denying(f"{sets}{FOLDER}"), "no"),
        "agents-of-the-project": (denying(f"{sets}projects/{NUMBER}/type/ServiceAgent"), "conditional"),
        "accounts-of-another": (denying(f"{sets}projects/999/type/ServiceAccount"), "conditional"),
        "a-person": (denying("principal://goog/subject/ada@fernhollow.example"), "yes"),
        "a-group": (denying(group), "conditional"),
        "everyone-but-itself": (denying(excepted=(own,)), "yes"),
        "everyone-but-a-group": (denying(excepted=(group,)), "conditional"),
        "by-wildcard": (denying(permissions=("pubsub.googleapis.com/*.*",)), "no"),
        "left-out": (
            denying(permissions=("pubsub.googleapis.com/*.*",), allowed=("pubsub.googleapis.com/topics.publish",)), "yes",
        ),
        "another-permission": (denying(permissions=("pubsub.googleapis.com/topics.delete",)), "yes"),
        "on-tagged-resources": (denying(condition="resource.matchTag('1/env', 'prod')"), "conditional"),
    }  # fmt: skip
    assert {name: str(decided(PUBLISH, TOPIC, change).answer) for name, (change, _) in cases.items()} == {
        name: expected for name, (_, expected) in cases.items()
    }
    assert decided(PUBLISH, TOPIC, denying(group)).conditions == ("membership of group:robots@fernhollow.example",)
    renamed = denying(permissions=("cloudresourcemanager.googleapis.com/projects.setIamPolicy",))
    owner = on_project(binding("roles/owner", OWN))
    assert answer("resourcemanager.projects.setIamPolicy", f"projects/{PROJECT}", renamed, owner) == "no"


@pytest.mark.parametrize("lost", ["iam:ListDenyPolicies", "iam:GetDenyPolicy"])
def test_unread_deny_policies_blank_no_decision(lost) -> None:
    subject = f"projects/{PROJECT}" + ("/denypolicies/rules" if lost.endswith("Policy") else "")
    found = decided(PUBLISH, TOPIC, denied(lost, subject))
    assert (found.answer, found.before) == ("yes", ("deny policies", "principal access boundary policies"))
    above = decided(PUBLISH, TOPIC, denied("iam:ListDenyPolicies", FOLDER), denying())
    assert (above.answer, above.before[0]) == ("no", "deny policies")


def test_what_a_project_denies_is_told_with_why_there_may_be_more() -> None:
    def denied_in(*changes):
        (scope,) = normalize(capture(*changes)).scopes
        return scope.denials

    [whole] = denied_in()
    (rule,) = whole.need()
    assert (rule.permissions, rule.excepted_permissions) == (
        ("iam.serviceaccountkeys.*",),
        ("iam.serviceaccountkeys.list",),
    )
    assert (rule.principals, "group:keys@fernhollow.example" in rule.excepted_groups) == (("*",), True)
    known, lost = denied_in(denied("iam:ListDenyPolicies", ORGANISATION))
    assert (len(known.need()), lost.gap.reason) == (1, GapReason.DENIED)
