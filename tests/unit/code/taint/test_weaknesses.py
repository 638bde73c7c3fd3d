"""Weaknesses beside taint, credentials in code, and calls of the cloud's API."""

import pytest

from auditor.code.findings import analyse
from auditor.model.severity import Confidence

CASES = [
    ("tls by keyword", "app.py", "import requests\ndef handler(event, context):\n    requests.get('https://a.example.com/', verify=False)\n    requests.get('https://a.example.com/', verify=True)\n", {(3, "tls-verification-disabled")}),
    ("tls by context", "app.py", "import ssl\ndef handler(event, context):\n    c = ssl.create_default_context()\n    c.check_hostname = False\n    c.verify_mode = ssl.CERT_NONE\n", {(4, "tls-verification-disabled"), (5, "tls-verification-disabled")}),
    ("tls in node", "index.js", "const https = require('https');\nprocess.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\nexports.handler = async (event) => {\n  new https.Agent({ rejectUnauthorized: false });\n  new https.Agent({ rejectUnauthorized: true });\n};\n", {(2, "tls-verification-disabled"), (4, "tls-verification-disabled")}),
    ("signature", "app.py", "import jwt\ndef handler(event, context):\n    return jwt.decode(event['headers']['x'], 'k', verify=False)\n", {(3, "signature-not-verified")}),
    ("http endpoint", "app.py", "import requests\ndef handler(event, context):\n    requests.post('http://api.example.com/x', json=event)\n    requests.post('http://localhost:2000/x')\n    requests.post('https://api.example.com/x')\n", {(3, "cleartext-endpoint")}),
    ("debug", "app.py", "from flask import Flask\napp = Flask(__name__)\napp.run(debug=True)\n", {(3, "debug-enabled")}),
    ("trace returned", "app.py", "import traceback\ndef handler(event, context):\n    try:\n        work()\n    except Exception as e:\n        return {'statusCode': 500, 'body': traceback.format_exc()}\n    return {'statusCode': 200, 'body': 'ok'}\n", {(6, "verbose-error")}),
    ("stack returned", "index.js", "exports.handler = async (event) => {\n  try { await work(); } catch (err) {\n    console.error(err.stack);\n    return { statusCode: 500,\n      body: JSON.stringify({ error: err.stack }) };\n  }\n  return { statusCode: 500, body: 'failed' };\n};\n", {(5, "verbose-error")}),
    ("error only logged", "app.py", "import traceback, logging\ndef handler(event, context):\n    try:\n        work()\n    except Exception as e:\n        logging.error(traceback.format_exc())\n        return {'statusCode': 500, 'body': 'failed'}\n", set()),
    ("authorizer fails open", "app.py", "def policy(effect):\n    return {'principalId': 'u', 'policyDocument': {'Statement': [{'Effect': effect, 'Resource': '*'}]}}\ndef handler(event, context):\n    try:\n        check(event)\n        return policy('Allow')\n    except Exception:\n        return policy('Allow')\n", {(8, "authorizer-allows-on-error")}),
    ("authorizer fails closed", "app.py", "def policy(effect):\n    return {'principalId': 'u', 'policyDocument': {'Statement': [{'Effect': effect, 'Resource': '*'}]}}\ndef handler(event, context):\n    try:\n        check(event)\n        return policy('Allow')\n    except Exception:\n        return policy('Deny')\n", set()),
    ("authorizer trusts a header", "index.js", "exports.handler = async (event) => {\n  if (event.headers['x-forwarded-for'] === '10.0.0.1') {\n    return { isAuthorized: true };\n  }\n  return { isAuthorized: false };\n};\n", {(2, "authorizer-trusts-spoofable-field")}),
]  # fmt: skip


@pytest.mark.parametrize("case", [pytest.param(CASES, id="all")])
def test_each_weakness_is_found_where_it_is_and_nowhere_else(case):
    wrong = []
    for title, name, text, wanted in case:
        found = {
            (one.line, one.rule)
            for one in analyse({name: text.encode()}).findings
            if one.confidence is not Confidence.LOW
        }
        if found != wanted:
            wrong.append((title, wanted, found))
    assert wrong == []


def test_a_credential_is_found_by_its_name_and_shape_and_its_value_is_in_no_field():
    value = "Tq7" + "-vXw9" + "zLk2" + "Pm4s"
    files = {
        "app.py": f"import os\nDB_PASSWORD = '{value}'\nTABLE = 'orders'\nOTHER = os.environ['DB_PASSWORD']\n".encode(),
        "config/.env": f"API_SECRET={value}\nSTAGE=production\n".encode(),
        "settings.json": f'{{"client_secret": "{value}", "region": "eu-west-1"}}'.encode(),
        "node_modules/a/index.js": f"const password = '{value}'".encode(),
    }
    found = [one for one in analyse(files).findings if one.rule == "hardcoded-credential"]
    assert [(one.file, one.line) for one in found] == [("app.py", 2), ("config/.env", 1), ("settings.json", 1)]
    assert value not in str(found)


def test_calls_of_the_sdks_give_iam_actions_with_the_resources_they_name():
    files = {
        "app.py": b"import boto3\nt = boto3.resource('dynamodb').Table('orders')\ns3 = boto3.client('s3')\ndef unused():\n    boto3.client('iam').create_user(UserName='x')\ndef handler(event, context):\n    t.put_item(Item={})\n    s3.get_object(Bucket='b', Key=event['k'])\n    s3.get_paginator('list_objects_v2').paginate(Bucket='b')\n    boto3.client(event['service']).do()\n",
    }
    facts = analyse(files, "app.handler").facts
    assert [(one.actions, one.resources, one.line) for one in facts.api_uses] == [
        (("dynamodb:PutItem",), (), 7),
        (("s3:GetObject",), ("Bucket=b",), 8),
        (("s3:ListBucket",), (), 9),
    ]
    assert [one.line for one in facts.dynamic] == [10]
    script = b"import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';\nimport { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst AWS = require('aws-sdk');\nexport const handler = async (event) => {\n  await d.send(new GetCommand({ TableName: 'orders', Key: {} }));\n  await q.send(new SendMessageCommand({ QueueUrl: process.env.Q }));\n  await new AWS.SecretsManager().getSecretValue({ SecretId: 'db' }).promise();\n};\n"
    facts = analyse({"index.mjs": script}, "index.handler").facts
    assert [(one.actions, one.resources) for one in facts.api_uses] == [
        (("dynamodb:GetItem",), ("TableName=orders",)),
        (("sqs:SendMessage",), ()),
        (("secretsmanager:GetSecretValue",), ("SecretId=db",)),
    ]


CALLS = {
    "app.py": (
        b"import boto3\ns3 = boto3.client('s3')\nddb = boto3.resource('dynamodb')\nsqs = None\ndef queue():\n    global sqs\n    if sqs is None:\n        sqs = boto3.client('sqs')\n    return sqs\ndef dead():\n    boto3.client('iam').create_user(UserName='x')\nclass Repo:\n    def __init__(self): self.t = ddb.Table('x')\n    def save(self, x): self.t.put_item(Item=x)\n    def drop(self, x): self.t.delete_item(Key=x)\nJOBS = {'a': lambda: boto3.client('sns').publish(TopicArn='t', Message='m')}\ndef handler(event, context):\n    s3.get_object(Bucket='b', Key='k')['Body'].read().decode()\n    for page in s3.get_paginator('list_objects_v2').paginate(Bucket='b'): print(page['Contents'])\n    Repo().save({})\n    with ddb.Table('y').batch_writer() as batch: batch.put_item(Item={})\n    queue().send_message(QueueUrl='q', MessageBody='x')\n    s3.upload_file('/opt/x', 'b', 'k')\n",
        ["s3.GetObject", "s3.ListObjectsV2", "dynamodb.PutItem", "dynamodb.BatchWriteItem", "sqs.SendMessage", "s3.PutObject"],
        ["iam.CreateUser", "dynamodb.DeleteItem", "sns.Publish"],
    ),
    "index.mjs": (
        b"import { S3Client, GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';\nimport { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nimport { DynamoDBDocumentClient, PutCommand, DynamoDBDocument } from '@aws-sdk/lib-dynamodb';\nimport { Upload } from '@aws-sdk/lib-storage';\nimport { SNS } from '@aws-sdk/client-sns';\nconst s3 = new S3Client({});\nconst doc = DynamoDBDocumentClient.from(new DynamoDBClient({}), {});\nconst d2 = DynamoDBDocument.from(new DynamoDBClient({}));\nexport const handler = async (event) => {\n  const got = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));\n  await got.Body.transformToString();\n  for await (const p of paginateListObjectsV2({ client: s3 }, { Bucket: 'b' })) {}\n  await doc.send(new PutCommand({ TableName: 't', Item: {} }));\n  await d2.get({ TableName: 't', Key: {} });\n  await new Upload({ client: s3, params: {} }).done();\n  await new SNS({}).publish({ TopicArn: 'a', Message: 'x' });\n};\nexport const dead = async () => s3.send(new DeleteObjectCommand({}));\n",
        ["s3.GetObject", "s3.ListObjectsV2", "dynamodb.PutItem", "dynamodb.GetItem", "s3.PutObject", "sns.Publish"],
        [],
    ),
    "index.js": (
        b"const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nconst doc = new AWS.DynamoDB.DocumentClient();\nexports.handler = async (event) => {\n  await s3.getObject({ Bucket: 'b', Key: 'k' }).promise();\n  await doc.put({ TableName: 't', Item: {} }).promise();\n  s3.upload({ Bucket: 'b' }).createReadStream();\n};\nfunction dead() { new AWS.IAM().createUser({}); }\nclass Repo { constructor() { this.sqs = new AWS.SQS(); } drop() { return this.sqs.purgeQueue({}).promise(); } }\n",
        ["s3.GetObject", "dynamodb.PutItem", "s3.PutObject"],
        ["iam.CreateUser", "sqs.PurgeQueue"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_every_call_is_known_with_those_that_nothing_was_seen_to_reach(name):
    text, reached, others = CALLS[name]
    facts = analyse({name: text}, f"{name.partition('.')[0]}.handler").facts
    assert [one.call for one in facts.api_uses] == reached
    assert [one.call for one in facts.other_uses] == others
    assert facts.more_calls == ()


def test_where_more_may_be_called_is_said():
    signed = "AWS4-HMAC" + "-SHA256"
    files = {
        "app.py": b"import boto3\ndef handler(event, context):\n    getattr(boto3.client('s3'), event['op'])()\n    boto3.client('s3').no_such_call()\n    boto3.resource('s3').Bucket('b').objects.all()\n    context.client.put_item(Item={})\n",
        "tool.py": b"import boto3\nboto3.client('iam')\n",
        "bundle.js": f"const algorithm = '{signed}';".encode(),
        "site-packages/pynamodb-6.0.dist-info/METADATA": b"Name: pynamodb\nRequires-Dist: botocore>=1\n",
        "site-packages/requests-2.32.dist-info/METADATA": b"Name: requests\nRequires-Dist: urllib3\n",
        "site-packages/boto3-1.40.dist-info/METADATA": b"Name: boto3\nRequires-Dist: botocore\n",
        "node_modules/dynamoose/package.json": b'{"dependencies":{"@aws-sdk/client-dynamodb":"3"}}',
        "node_modules/@aws-sdk/client-s3/package.json": b'{"dependencies":{"@aws-sdk/core":"3"}}',
        "node_modules/uuid/package.json": b'{"dependencies":{}}',
    }  # fmt: skip
    assert analyse(files, "app.handler").facts.more_calls == (
        "app.py:3 chooses at run time what it runs (getattr)",
        "app.py:5 calls aws.s3.Bucket().objects.all, whose permissions are not known",
        "app.py:4 calls s3.no_such_call, whose permissions are not known",
        "app.py:6 calls put_item of what may be a client of AWS",
        "the library dynamoose calls AWS itself (node_modules/dynamoose/package.json), and libraries are not followed",
        "the library pynamodb calls AWS itself (site-packages/pynamodb-6.0.dist-info/METADATA), and libraries are not followed",
        "bundle.js holds an SDK or signs requests itself",
        "tool.py uses an SDK, and nothing that was followed imports it",
    )


def test_what_is_not_followed_is_said():
    deep = "def handler(event, context): pass\nx = " + "(" * 300 + "1" + ")" * 300
    result = analyse(
        {"app.py": b"def handler(event", "big.js": b"//" + b"x" * 1_100_000, "deep.py": deep.encode()}, "main.handler"
    )
    assert result.incomplete == (
        "the handler main.handler was not found in the package; every likely handler was followed",
        "app.py cannot be parsed",
        "big.js is larger than 1000000 bytes and was not followed",
        "deep.py cannot be parsed",
    )


def test_what_is_chained_without_end_is_a_gap_and_costs_no_other_file():
    chain = b"exports.handler = async (event) => { x" + b".a()" * 3_000 + b"; };"
    sound = b"exports.handler = async (event) => require('child_process').exec(event.body);"
    result = analyse({"a.js": chain, "b.js": sound})
    assert [(one.file, one.rule) for one in result.findings] == [("b.js", "command-injection")]
    assert result.incomplete == ("code reached from a.js is nested too deeply to be followed",)
