"""What each condition key is about: the table the evaluator reads.

Sources: "AWS global condition context keys" (IAM User Guide) and the Service Authorization Reference pages of
Lambda, KMS, S3, SQS, SNS, ECR, EFS, Secrets Manager and STS, as of 2026-10. A key that is not here is
unrecognised: it never makes a grant look safe.
"""

from enum import Enum, auto

AS_OF = "2026-10-27"


class Subject(Enum):
    """What a key tells about a request."""

    CALLER_ORG = auto()
    CALLER_ORG_PATH = auto()
    CALLER_ACCOUNT = auto()
    CALLER_ARN = auto()
    CALLER_CLAIM = auto()
    """Something any account can give its own principals (a tag), or a shared word: narrows, proves nothing."""
    SERVICE_FLAG = auto()
    SERVICE_NAME = auto()
    SOURCE_ARN = auto()
    SOURCE_ACCOUNT = auto()
    SOURCE_ORG = auto()
    SOURCE_ORG_PATH = auto()
    SOURCE_TOKEN = auto()
    ADDRESS = auto()
    PLACE = auto()
    """A network: one VPC, one VPC endpoint, a mount target."""
    PLACE_ACCOUNT = auto()
    DOOR_AUTH = auto()
    DOOR_VIA = auto()
    RESOURCE_ACCOUNT = auto()
    RESOURCE_ORG = auto()
    REQUEST = auto()
    """About the request or the resource, or what the caller chooses: never about who calls."""
    UNRECOGNISED = auto()

    @property
    def about_caller(self) -> bool:
        """Whether only signed requests carry the key."""
        return self in _CALLER

    @property
    def about_source(self) -> bool:
        """Whether only services acting for a resource carry the key."""
        return self in _SOURCE


_CALLER = frozenset(
    {Subject.CALLER_ORG, Subject.CALLER_ORG_PATH, Subject.CALLER_ACCOUNT, Subject.CALLER_ARN, Subject.CALLER_CLAIM}
)
_SOURCE = frozenset(
    {
        Subject.SOURCE_ARN,
        Subject.SOURCE_ACCOUNT,
        Subject.SOURCE_ORG,
        Subject.SOURCE_ORG_PATH,
        Subject.SOURCE_TOKEN,
    }
)

_TABLE: dict[Subject, str] = {
    Subject.CALLER_ORG: "aws:principalorgid",
    Subject.CALLER_ORG_PATH: "aws:principalorgpaths",
    Subject.CALLER_ACCOUNT: "aws:principalaccount kms:calleraccount s3:dataaccesspointaccount",
    Subject.CALLER_ARN: "aws:principalarn lambda:sourcefunctionarn ec2:sourceinstancearn s3:dataaccesspointarn",
    Subject.CALLER_CLAIM: (
        "aws:principaltag aws:userid aws:federatedprovider sts:externalid kms:viaservice "
        "kms:grantisforawsresource ec2:roledelivery"
    ),
    Subject.SERVICE_FLAG: "aws:principalisawsservice",
    Subject.SERVICE_NAME: "aws:principalservicename aws:principalservicenameslist",
    Subject.SOURCE_ARN: "aws:sourcearn",
    Subject.SOURCE_ACCOUNT: "aws:sourceaccount aws:sourceowner",
    Subject.SOURCE_ORG: "aws:sourceorgid",
    Subject.SOURCE_ORG_PATH: "aws:sourceorgpaths",
    Subject.SOURCE_TOKEN: "lambda:eventsourcetoken",
    Subject.ADDRESS: "aws:sourceip",
    Subject.PLACE: (
        "aws:sourcevpc aws:sourcevpce aws:sourcevpcarn aws:vpceorgid aws:vpceorgpaths aws:ec2instancesourcevpc "
        "elasticfilesystem:accessedviamounttarget elasticfilesystem:accesspointarn s3:accesspointnetworkorigin"
    ),
    Subject.PLACE_ACCOUNT: "aws:vpceaccount",
    Subject.DOOR_AUTH: "lambda:functionurlauthtype",
    Subject.DOOR_VIA: "lambda:invokedviafunctionurl",
    Subject.RESOURCE_ACCOUNT: "aws:resourceaccount s3:resourceaccount",
    Subject.RESOURCE_ORG: "aws:resourceorgid",
    Subject.REQUEST: (
        "aws:securetransport aws:currenttime aws:epochtime aws:useragent aws:referer aws:requestedregion "
        "aws:tagkeys aws:requesttag aws:resourcetag aws:resourceorgpaths aws:viaawsservice aws:calledvia "
        "aws:calledviafirst aws:calledvialast aws:multifactorauthpresent aws:multifactorauthage "
        "aws:tokenissuetime aws:sourceidentity aws:username aws:principaltype aws:vpcsourceip "
        "aws:ec2instancesourceprivateipv4 aws:ischinaregion aws:chatbotsourcearn "
        "aws:assumedroot aws:ismcpserviceaction aws:viaawsmcpservice "
        "lambda:functionarn lambda:layer lambda:principal lambda:codesigningconfigarn lambda:vpcids "
        "lambda:subnetids lambda:securitygroupids lambda:sourceaccessconfigs "
        "kms:encryptioncontext kms:encryptioncontextkeys kms:encryptionalgorithm kms:signingalgorithm "
        "kms:messagetype kms:keyorigin kms:keyspec kms:keyusage kms:requestalias kms:resourcealiases "
        "kms:grantoperations kms:granteeprincipal kms:retiringprincipal kms:grantconstrainttype "
        "kms:multiregion kms:bypasspolicylockoutsafetycheck kms:schedulekeydeletionpendingwindowindays "
        "secretsmanager:versionstage secretsmanager:versionid secretsmanager:secretid secretsmanager:resourcetag "
        "secretsmanager:blockpublicpolicy secretsmanager:kmskeyid secretsmanager:kmskeyarn secretsmanager:name "
        "s3:prefix s3:delimiter s3:max-keys s3:x-amz-acl s3:x-amz-server-side-encryption "
        "s3:x-amz-server-side-encryption-aws-kms-key-id s3:tlsversion s3:signatureversion s3:authtype "
        "s3:signatureage s3:versionid s3:existingobjecttag s3:requestobjecttag s3:requestobjecttagkeys "
        "sns:endpoint sns:protocol sqs:sendertag ecr:resourcetag "
        "sts:rolesessionname sts:sourceidentity sts:transitivetagkeys sts:awsservicename sts:durationseconds "
        "saml:aud saml:iss saml:sub saml:sub_type saml:namequalifier saml:doc "
        "elasticfilesystem:createaction logs:logdeliverydestinationresourcearn"
    ),
}
_SUBJECTS = {name: subject for subject, names in _TABLE.items() for name in names.split()}

WORDS = {
    "aws:securetransport": "encryption in transit is open to everyone",
    "aws:useragent": "every caller chooses its user agent",
    "aws:referer": "every caller chooses its referer",
    "aws:username": "any account can name a user so",
    "aws:multifactorauthpresent": "any account can sign in with MFA",
    "aws:vpcsourceip": "any VPC can use the same private address",
    "sts:rolesessionname": "the caller chooses its session name",
}


def subject_of(key: str) -> Subject:
    """What a key is about; case does not matter, and a tag key is looked up without the tag's name."""
    low = key.lower()
    found = _SUBJECTS.get(low) or _SUBJECTS.get(low.split("/", 1)[0])
    if found is None and low.count(":") > 1:
        found = _SUBJECTS.get(":".join(low.split(":")[:2]))
    return found or Subject.UNRECOGNISED
