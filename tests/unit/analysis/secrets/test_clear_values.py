"""Values that are no credentials: references to one, identifiers, settings, and names that mislead."""

import base64
import json
import random
import string

import pytest

from auditor.analysis.secrets import judge
from auditor.model.secret import ReferenceKind, SecretVerdict

_LUCK = random.Random(20260101)
ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def rnd(size: int, alphabet: str = ALNUM) -> str:
    return "".join(_LUCK.choice(alphabet) for _ in range(size))


def uuid() -> str:
    return "-".join(rnd(n, HEX) for n in (8, 4, 4, 4, 12))


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


REFERENCES: list[tuple[str, str, ReferenceKind]] = [
    ("DB_SECRET", "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-AbCdEf", ReferenceKind.ARN),
    ("DB_PASSWORD", "arn:aws-us-gov:ssm:us-gov-west-1:111122223333:parameter/a/b", ReferenceKind.ARN),
    ("DB_PASSWORD", "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf:password::", ReferenceKind.ARN),
    ("SECRET_ARNS", "arn:aws:sns:us-east-1:111122223333:a,arn:aws:sns:us-east-1:111122223333:b", ReferenceKind.ARN),
    ("DB_PASSWORD", "{{resolve:ssm-secure:/prod/db:3}}", ReferenceKind.DYNAMIC_REFERENCE),
    ("Key", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/conn/)", ReferenceKind.KEY_VAULT),
    ("CLIENT_SECRET", "https://kv.vault.azure.net/secrets/sp", ReferenceKind.KEY_VAULT),
    (
        "Setting",
        "@Microsoft.AppConfiguration(Endpoint=https://x.azconfig.io; Key=a:b)",
        ReferenceKind.APP_CONFIGURATION,
    ),
    ("API_TOKEN", "projects/123456/secrets/api-token/versions/3", ReferenceKind.SECRET_MANAGER),
    ("TOKEN", "//secretmanager.googleapis.com/projects/p/secrets/t", ReferenceKind.SECRET_MANAGER),
    ("DB_PASSWORD", "/prod/db/password", ReferenceKind.SSM_PARAMETER),
    ("API_KEY_SSM", "/shared/stripe/api-key", ReferenceKind.SSM_PARAMETER),
    ("DB_PASSWORD_FILE", "/run/secrets/db_password", ReferenceKind.FILE),
    ("GOOGLE_APPLICATION_CREDENTIALS", "/var/task/service-account.json", ReferenceKind.FILE),
    ("DB_PASSWORD", "${DB_PASSWORD}", ReferenceKind.TEMPLATE),
    ("DB_PASSWORD", "${env:DB_PASSWORD}", ReferenceKind.TEMPLATE),
    ("DB_PASSWORD", "${{ secrets.DB_PASSWORD }}", ReferenceKind.TEMPLATE),
    ("API_KEY", "#{ApiKey}#", ReferenceKind.TEMPLATE),
    ("API_KEY", "__API_KEY__", ReferenceKind.TEMPLATE),
    ("API_KEY", "$(ApiKey)", ReferenceKind.TEMPLATE),
    ("API_KEY", "$API_KEY", ReferenceKind.TEMPLATE),
    ("API_KEY", "{{ .Values.apiKey }}", ReferenceKind.TEMPLATE),
    ("API_KEY", "!Ref ApiKeyParameter", ReferenceKind.TEMPLATE),
    ("KEY", "[parameters('storageKey')]", ReferenceKind.TEMPLATE),
    ("TOKEN", "process.env.TOKEN", ReferenceKind.TEMPLATE),
    ("DATABASE_URL", "postgres://app:${DB_PASS}@db.example.com/app", ReferenceKind.TEMPLATE),
    ("DB_PASSWORD", "op://prod/db/password", ReferenceKind.STORE_URI),
    ("DB_PASSWORD", "vault:secret/data/db#password", ReferenceKind.STORE_URI),
    ("DB_PASSWORD", "ref+awsssm://prod/db", ReferenceKind.STORE_URI),
    ("DB_PASSWORD", "secretref:db-password", ReferenceKind.STORE_URI),
    ("DB_PASSWORD", "ssm:/prod/db", ReferenceKind.STORE_URI),
    ("DB_SECRET_ID", "prod/db", ReferenceKind.SECRET_NAME),
    ("DB_SECRET", "prod/orders/db", ReferenceKind.SECRET_NAME),
    ("RDS_SECRET", "rds!db-" + uuid(), ReferenceKind.SECRET_NAME),
    ("DB_PASSWORD_SECRET", "db-password-secret", ReferenceKind.SECRET_NAME),
    ("STRIPE_KEY_PARAMETER_NAME", "stripe-key", ReferenceKind.SECRET_NAME),
    ("KEYVAULT_SECRET", "stripe-live", ReferenceKind.SECRET_NAME),
    ("AzureWebJobsStorage", "UseDevelopmentStorage=true", ReferenceKind.DEVELOPMENT_STORAGE),
    (
        "Sql",
        "Server=x.database.windows.net;Authentication=Active Directory Managed Identity;Database=d",
        ReferenceKind.MANAGED_IDENTITY,
    ),
    ("DB_PASSWORD", "AQICAH" + rnd(120), ReferenceKind.ENCRYPTED),
    ("DB_PASSWORD", "ENC[AES256_GCM,data:" + rnd(12) + ",iv:x,tag:y,type:str]", ReferenceKind.ENCRYPTED),
    ("DB_PASSWORD", "ENC(" + rnd(24) + ")", ReferenceKind.ENCRYPTED),
    ("DB_PASSWORD", "vault:v1:" + rnd(40), ReferenceKind.ENCRYPTED),
]

CLEAR: list[tuple[str, str]] = [
    ("AWS_ACCESS_KEY_ID", "AK" + "IAIOSFODNN7" + "EXAMPLE"),
    ("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"),
    ("MYSQL_RANDOM_ROOT_PASSWORD", "true"),
    ("AWS_CA_BUNDLE", "/etc/ssl/certs/ca-bundle.crt"),
    ("FLOW_BUCKET", "acme-flow-logs"),
    ("PASSWORDLESS_LOGIN", "enabled"),
    ("FORGOT_PASSWORD_TEMPLATE", "forgot-password-v2"),
    ("RESET_PASSWORD_QUEUE", "reset-password-queue"),
    ("TOKENS_TABLE", "user-tokens-prod"),
    ("SECRETS_BUCKET", "acme-secrets-eu-west-1"),
    ("API_KEYS_TABLE_NAME", "ApiKeys-Prod"),
    ("SSH_KEY_PATH", "~/.ssh/id_rsa"),
    ("CREDENTIALS_PROVIDER", "instance-profile"),
    ("TOKEN_ENDPOINT", "https://login.example.com/oauth2/token"),
    ("SECRET_BACKEND", "aws-secretsmanager"),
    ("AUTH_STRATEGY", "jwt"),
    ("JWT_ALGORITHM", "RS256"),
    ("JWT_AUDIENCE", "api://default"),
    ("JWT_EXPIRES_IN", "15m"),
    ("API_KEY_SOURCE", "HEADER"),
    ("API_KEY_REQUIRED", "true"),
    ("CSRF_TOKEN_HEADER", "X-CSRF-Token"),
    ("SESSION_COOKIE_NAME", "__Host-session"),
    ("MAX_TOKENS", "4096"),
    ("OPENAI_MODEL", "gpt-4o-mini-2024-07-18"),
    ("TOKENIZER", "cl100k_base"),
    ("KEYSPACE", "orders_prod"),
    ("KEYWORDS", "alpha,beta,gamma"),
    ("AUTHOR", "platform-team"),
    ("AUTHORIZER", "cognito-authorizer-v2"),
    ("KEYCLOAK_URL", "https://sso.example.com/realms/acme"),
    ("COMPASS_URL", "https://compass.example.com"),
    ("PASSENGER_APP_ENV", "production"),
    ("BYPASS_CACHE", "false"),
    ("PASSWORD_POLICY", "minLength=12;requireSymbols=true"),
    ("PASSWORD_REGEX", "^(?=.*[A-Z])(?=.*[0-9]).{12,}$"),
    ("PASSWORD_HINT", "Enter your password"),
    ("PASSWORD_HASH_ALGORITHM", "argon2id"),
    ("LABELS", json.dumps({"password": "Enter your password", "token": "Access token"})),
    ("SCHEMA", json.dumps({"properties": {"password": {"type": "string"}}})),
    ("QUERY", "SELECT id, password FROM users WHERE token = ?"),
    ("FIELDS", "id,password,token,secret"),
    ("REDACT_FIELDS", "password,secret,api_key"),
    ("DB_PASSWORD", "<password>"),
    ("DB_PASSWORD", "REPLACE_ME"),
    ("DB_PASSWORD", "********"),
    ("API_KEY", "your-api-key-here"),
    ("API_KEY", "xxxxxxxxxxxxxxxx"),
    ("API_KEY", "TODO"),
    ("API_KEY", "dummy"),
    ("TOKEN", "n/a"),
    ("STRIPE_SECRET", "YOUR_STRIPE_SECRET"),
    ("DATABASE_URL", "postgres://user:password@localhost:5432/db"),
    ("DATABASE_URL", "postgresql://app@db.example.com/app?sslmode=verify-full"),
    ("KAFKA_BROKERS", "b-1.example.com:9096,b-2.example.com:9096"),
    ("ESCALATION", "critical:oncall@example.com"),
    ("CONTACT", "mailto:ops@example.com"),
    ("IMAGE", "repo/app:1.2@sha256:" + rnd(64, HEX)),
    ("GIT_REPO", "git@github.com:acme/app.git"),
    ("PACKAGE", "npm:left-pad@1.3.0"),
    ("REGISTRY", "https://registry.npmjs.org:443/@acme/app"),
    ("API_URL", "https://example.com/search?q=token&page=2"),
    ("AUTHORIZE_URL", "https://example.com/authorize?response_type=code&client_id=" + uuid()),
    ("WEBHOOK_PATH", "/webhooks/stripe"),
    ("WEBHOOK_URL", "https://api.example.com/webhooks/stripe"),
    ("S3_URL", "https://acme-prod.s3.eu-west-1.amazonaws.com/app.zip"),
    (
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "InstrumentationKey=" + uuid() + ";IngestionEndpoint=https://x.in.applicationinsights.azure.com/",
    ),
    ("AzureWebJobsStorage__accountName", "stacmeprod"),
    ("ServiceBus__fullyQualifiedNamespace", "acme.servicebus.windows.net"),
    ("SQL", "Server=tcp:x.database.windows.net,1433;Database=d;Encrypt=True;"),
    ("NEXT_PUBLIC_MAPS_KEY", "AI" + "za" + rnd(35)),
    ("SUPABASE_ANON_KEY", ".".join((b64('{"alg":"HS256"}'), b64('{"role":"anon","iss":"x"}').rstrip("="), rnd(43)))),
    ("RECAPTCHA_SITE_KEY", "6L" + rnd(38)),
    ("ALGOLIA_SEARCH_KEY", rnd(32, HEX)),
    ("VAPID_PUBLIC_KEY", "B" + rnd(86)),
    ("DISCORD_PUBLIC_KEY", rnd(64, HEX)),
    ("STRIPE_PK", "pk_" + "test_" + rnd(24)),
    ("MAPBOX", "pk.ey" + "J1Ijoi" + rnd(30) + "." + rnd(22)),
    ("SSH_AUTHORIZED_KEY", "ssh-ed25519 AAAA" + rnd(64) + " ops@example.com"),
    ("JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\n" + rnd(64) + "\n-----END PUBLIC KEY-----"),
    ("SAML_CERT", "-----BEGIN CERTIFICATE-----\n" + rnd(64) + "\n-----END CERTIFICATE-----"),
    ("JWKS", json.dumps({"keys": [{"kty": "RSA", "kid": rnd(20), "n": rnd(200), "e": "AQAB"}]})),
    ("AUTH0_CLIENT_ID", rnd(32)),
    ("GOOGLE_CLIENT_ID", "123456789012-" + rnd(32, "abcdef0123456789") + ".apps.googleusercontent.com"),
    ("OKTA_CLIENT_ID", "0oa" + rnd(17)),
    ("TWILIO_ACCOUNT_SID", "AC" + rnd(32, HEX)),
    ("SPREADSHEET_ID", "1" + rnd(43)),
    ("CONTRACT_ADDRESS", "0x" + rnd(40, HEX)),
    ("IPFS", "Qm" + rnd(44, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnop")),
    ("OCI_TENANCY", "ocid1.tenancy.oc1..aaaaaaaa" + rnd(52, string.ascii_lowercase)),
    ("ALEXA_SKILL_ID", "amzn1.ask.skill." + uuid()),
    ("FIREBASE_APP_ID", "1:123456789012:web:" + rnd(22, HEX)),
    ("SCRIPT_INTEGRITY", "sha384-" + rnd(64)),
    ("FINGERPRINT", "SHA256:" + rnd(43)),
    ("CERT_THUMBPRINT", rnd(40, HEX).upper()),
    ("S3_OBJECT_VERSION", rnd(32)),
    ("LOGO", "iVBORw0KGgo" + rnd(200)),
    ("ARCHIVE", "H4sIAAAA" + rnd(100)),
    ("ICON", "data:image/png;base64," + rnd(80)),
    ("KMS_KEY_ID", uuid()),
    ("KMS_KEY", "alias/orders"),
    ("RESOURCE", "/subscriptions/" + uuid() + "/resourceGroups/rg/providers/Microsoft.Web/sites/x"),
    ("TOPIC", "projects/acme/topics/orders"),
    ("SCHEDULE", "cron(0 12 * * ? *)"),
    ("CIDR", "10.0.0.0/16"),
    ("DURATION", "PT15M"),
    ("LOCALE", "en-US,de-DE"),
    ("FEATURE_FLAGS", json.dumps({"new-checkout": True, "token-refresh": "v2"})),
    ("ENDPOINTS", json.dumps({"auth": "https://auth.example.com", "key": "https://k.example.com"})),
    ("HANDLER", "com.acme.orders.TokenRefreshHandler::handleRequest"),
    ("CLASSPATH", "/opt/java/lib/orders-service-1.4.2-all.jar"),
    ("_HANDLER", "index.handler"),
    ("AWS_LAMBDA_FUNCTION_NAME", "orders-api-ProcessPaymentFunction-1A2B3C4D5E6F"),
    ("STATE_MACHINE", "OrderFulfilmentStateMachine-8KxY2aBcDeFg"),
    ("DYNAMODB_TABLE", "OrdersStack-OrdersTable8F2C1D3E-1XYZABC2DEF3"),
    ("PARTITION_KEY", "tenantId#orderId"),
    ("CACHE_KEY_PREFIX", "orders:v2:"),
    ("S3_KEY", "exports/2024/01/report.csv"),
    ("JIRA_PROJECT_KEY", "OPS"),
    ("DB_PASSWORD_KEY", "password"),
    ("SECRET_KEY_FIELD", "stripe_secret_key"),
    ("DB_USER", "orders_app"),
    ("SERVICE_ACCOUNT", "fn@acme.iam.gserviceaccount.com"),
    ("SLACK_CHANNEL", "#ops-alerts"),
    ("GREETING", "Hello World!"),
    ("MOTD", "Welcome to Acme!"),
    ("LOG_FORMAT", "%(asctime)s %(levelname)s token=%(token)s"),
    ("DATE_FORMAT", "%Y-%m-%dT%H:%M:%S"),
    ("SECRET_CACHE_SECONDS", "300"),
    ("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773"),
    ("SECRETS_PROVIDER", "SECRETS_MANAGER"),
    ("PASSWORD", ""),
    ("GPG_KEY_ID", "0x" + rnd(16, HEX).upper()),
    ("TOKEN_PRICE_FEED", "0x" + rnd(40, HEX)),
    ("BUILD", "2024.01.15-" + rnd(8, HEX)),
    ("RELEASE", "orders@1.4.2+" + rnd(40, HEX)),
    ("DEPLOYMENT_ID", "dpl_" + rnd(28)),
    ("POWERTOOLS_METRICS_NAMESPACE", "Acme/Orders"),
    ("AUTH_TYPE", "AWS_IAM"),
    ("BASIC_AUTH_ENABLED", "true"),
    ("CREDENTIAL_TYPE", "managed-identity"),
]


@pytest.mark.parametrize(("name", "value", "kind"), REFERENCES, ids=[f"{i}-{c[0]}" for i, c in enumerate(REFERENCES)])
def test_reference_is_recognised(name: str, value: str, kind: ReferenceKind) -> None:
    judgement = judge(name, value)
    assert judgement.verdict is SecretVerdict.REFERENCE
    assert judgement.reference is not None
    assert judgement.reference.kind is kind


@pytest.mark.parametrize(("name", "value"), CLEAR, ids=[f"{i}-{name}" for i, (name, _) in enumerate(CLEAR)])
def test_setting_is_not_a_secret(name: str, value: str) -> None:
    judgement = judge(name, value)
    assert judgement.verdict is not SecretVerdict.SECRET, judgement.detector
