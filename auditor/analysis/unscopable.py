"""Actions that no resource can be named for: with them ``*`` is the only right answer, not carelessness.

Source: AWS Service Authorization Reference (actions without a resource type), 2026-10. Only actions that roles of
functions commonly hold; an action that is missing here is taken to be scopable.
"""

AS_OF = "2026-10-27"

UNSCOPABLE = tuple(
    """
    ec2:describe* ec2:createnetworkinterface ec2:deletenetworkinterface ec2:assignprivateipaddresses
    ec2:unassignprivateipaddresses ec2:getsecuritygroupsforvpc
    xray:puttracesegments xray:puttelemetryrecords xray:getsamplingrules xray:getsamplingtargets
    xray:getsamplingstatisticsummaries
    cloudwatch:putmetricdata cloudwatch:getmetricdata cloudwatch:getmetricstatistics cloudwatch:listmetrics
    logs:describeloggroups logs:describeresourcepolicies logs:putresourcepolicy
    logs:describequeries logs:createlogdelivery logs:getlogdelivery logs:updatelogdelivery logs:deletelogdelivery
    logs:listlogdeliveries
    kms:listaliases kms:listkeys kms:createkey kms:generaterandom kms:describecustomkeystores
    s3:listallmybuckets s3:getaccountpublicaccessblock s3:createjob s3:listjobs
    ecr:getauthorizationtoken ecr:describeregistry ecr:getregistrypolicy
    secretsmanager:getrandompassword secretsmanager:listsecrets secretsmanager:batchgetsecretvalue
    ssm:describeparameters ssm:getinventory ssm:listcommands ssmmessages:*
    lambda:listfunctions lambda:listlayers lambda:listlayerversions lambda:listeventsourcemappings
    lambda:getaccountsettings lambda:listcodesigningconfigs lambda:createcodesigningconfig
    lambda:createeventsourcemapping
    sts:getcalleridentity sts:decodeauthorizationmessage sts:getsessiontoken
    sqs:listqueues sns:listtopics sns:listsubscriptions sns:getsmsattributes sns:setsmsattributes
    dynamodb:listtables dynamodb:describelimits dynamodb:liststreams kinesis:liststreams
    kinesis:describelimits
    rekognition:detect* rekognition:recognizecelebrities rekognition:comparefaces textract:*
    comprehend:detect* comprehend:batchdetect* translate:translatetext polly:synthesizespeech polly:describevoices
    transcribe:starttranscriptionjob transcribe:listtranscriptionjobs
    ses:getsendquota ses:getsendstatistics ses:listidentities ce:get* pricing:* health:describe*
    organizations:list* organizations:describeorganization iam:listroles iam:listusers iam:listpolicies
    iam:getaccountsummary iam:getaccountauthorizationdetails iam:listaccountaliases iam:generatecredentialreport
    iam:getcredentialreport
    tag:getresources tag:gettagkeys tag:gettagvalues resource-groups:listgroups
    cloudfront:listdistributions cloudformation:liststacks cloudformation:validatetemplate
    elasticloadbalancing:describe* autoscaling:describe* application-autoscaling:describe*
    elasticache:describecacheengineversions cloudtrail:lookupevents cloudtrail:describetrails
    config:describe* config:putevaluations securityhub:batchimportfindings events:listrules
    appconfig:listapplications mobiletargeting:phonenumbervalidate
    route53:listhostedzones route53:getchange acm:listcertificates
    kafka:listclusters kafka:getbootstrapbrokers mq:listbrokers
    """.split()  # noqa: SIM905 - a table
)
