"""Values that are credentials. Each is built from parts at run time, so that no scanner takes this file for a leak."""

import base64
import json
import random
import string

import pytest

from auditor.analysis.secrets import judge
from auditor.model.secret import SecretVerdict

_LUCK = random.Random(20260101)
ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits


def rnd(size: int, alphabet: str = ALNUM) -> str:
    """A run of chance that surely mixes letters and digits."""
    return "".join(_LUCK.choice(alphabet) for _ in range(size - 2)) + "7" + alphabet[10 % len(alphabet)]


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def uuid() -> str:
    return "-".join(rnd(n, HEX) for n in (8, 4, 4, 4, 12))


def pem(kind: str) -> str:
    return "\n".join(("-----BEGIN " + kind + "-----", rnd(64), rnd(64), "-----END " + kind + "-----"))


def jwt(payload: dict[str, str]) -> str:
    def part(value: object) -> str:
        return b64(json.dumps(value)).rstrip("=").replace("+", "-").replace("/", "_")

    return ".".join((part({"alg": "HS256", "typ": "JWT"}), part(payload), rnd(43)))


PW = "Winter" + "2025!"

SECRETS: list[tuple[str, str]] = [
    ("THING", "AS" + "IA" + rnd(16, UPPER)),
    ("AWS_SECRET_ACCESS_KEY", rnd(40, ALNUM + "/+")),
    ("S3_SECRET", rnd(40, ALNUM + "/+")),
    ("AWS_SESSION_TOKEN", "IQoJ" + "b3JpZ2lu" + rnd(200, ALNUM + "/+")),
    ("BLOB", "[default]\naws_access_key_id=x\naws_secret_access_key = " + rnd(40)),
    ("DOCS", "the key is " + "AK" + "IA" + rnd(16, UPPER) + " ok"),
    ("CONFIG", json.dumps({"accessKeyId": "x", "secretAccessKey": rnd(40)})),
    ("AZURE_DEVOPS_PAT", rnd(52, string.ascii_lowercase + string.digits)),
    ("COSMOS_KEY", rnd(86, ALNUM + "/+") + "=="),
    ("SIGNALR", "Endpoint=https://x.service.signalr.net;AccessKey=" + rnd(43) + "=;Version=1.0;"),
    ("APPCONFIG_CONNECTION", "Endpoint=https://x.azconfig.io;Id=ab-l0-s0:x;Secret=" + rnd(43) + "="),
    ("IOTHUB", "HostName=h.azure-devices.net;SharedAccessKeyName=own;SharedAccessKey=" + rnd(43) + "="),
    ("EVENTGRID", "SharedAccessSignature sr=https%3a%2f%2fx&sig=" + rnd(43) + "%3d&se=1&skn=k"),
    (
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + rnd(86) + "==",
    ),
    ("WEBSITE_RUN_FROM_PACKAGE", "https://s.blob.core.windows.net/p/a.zip?sv=2022-11-02&sr=b&sig=" + rnd(43) + "%3D"),
    ("FUNCTION_URL", "https://app.azurewebsites.net/api/go?code=" + rnd(54) + "=="),
    ("WEBSITE_AUTH_ENCRYPTION_KEY", rnd(64, HEX).upper()),
    (
        "LOGIC_APP",
        "https://prod-1.westeurope.logic.azure.com/workflows/x/triggers/manual/paths/invoke?api-version=1&sig="
        + rnd(43),
    ),
    ("GCP_CREDENTIALS_B64", b64(json.dumps({"type": "service_account", "private_key": pem("PRIVATE" + " KEY")}))),
    ("GOOGLE_REFRESH", "1//" + "0" + rnd(60)),
    ("OAUTH", "ya" + "29." + rnd(80)),
    ("CHAT", "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=" + rnd(39) + "&token=" + rnd(43)),
    ("DATABASE_URL", "mysql2://root:" + PW + "@127.0.0.1/app"),
    ("DATABASE_URL", "postgresql://u:p%40ss" + rnd(6) + "@h/db?sslmode=require"),
    ("RABBIT", "amqp://guest:guest@rabbit:5672/"),
    ("CELERY_BROKER_URL", "redis://:" + rnd(24) + "@h:6379/0"),
    ("REDIS_TLS_URL", "rediss://default:" + rnd(30) + "@x.upstash.io:6379"),
    ("CLOUDINARY_URL", "cloudinary://123456789012345:" + rnd(27) + "@name"),
    ("SENTRY_DSN", "https://" + rnd(32, HEX) + ":" + rnd(32, HEX) + "@sentry.io/1"),
    ("REPO", "https://oauth2:" + rnd(20) + "@gitlab.example.com/g/r.git"),
    ("GIT_REMOTE", "https://" + rnd(40, HEX) + "@github.com/o/r.git"),
    ("PIP_INDEX_URL", "https://build:" + rnd(16) + "@pypi.example.com/simple"),
    ("HTTPS_PROXY", "http://svc:" + PW + "@proxy.example.com:8080"),
    ("JDBC_URL", "jdbc:sqlserver://h:1433;databaseName=d;user=sa;password=" + PW + ";encrypt=true"),
    ("JDBC", "jdbc:postgresql://h/d?user=u&password=" + rnd(10)),
    ("ORACLE", "jdbc:oracle:thin:scott/" + rnd(10) + "@//host:1521/orcl"),
    ("ORA", "scott/" + "tiger99" + "@db.example.com:1521/orcl"),
    ("MSSQL", "Driver={ODBC Driver 18 for SQL Server};Server=h;Uid=sa;Pwd=" + rnd(12) + ";"),
    ("LIBPQ", "host=h port=5432 dbname=d user=u password=" + rnd(12)),
    ("MYSQL_DSN", "root:" + rnd(12) + "@tcp(127.0.0.1:3306)/app?parseTime=true"),
    ("PGPASS_LINE", "db.example.com:5432:app:svc:" + rnd(14)),
    ("NETRC", "machine api.example.com login bob password " + rnd(14)),
    ("NPMRC", "//registry.npmjs.org/:_auth" + "Token=" + uuid()),
    ("DOCKER_AUTH_CONFIG", json.dumps({"auths": {"r.example.com": {"auth": b64("bob:" + rnd(12))}}})),
    ("JAVA_TOOL_OPTIONS", "-Xmx256m -Djavax.net.ssl.trustStorePassword=" + rnd(10)),
    ("JAVA_OPTS", "-Dspring.datasource.password=" + rnd(12) + " -Xms1g"),
    ("CMD", "mysqldump --user=root --password=" + rnd(12) + " db"),
    ("STARTUP", "redis-server --requirepass " + rnd(16)),
    ("HEALTH", "curl -u admin:" + rnd(12) + " https://x.example.com"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=" + rnd(40, HEX)),
    ("OTEL_EXPORTER_OTLP_HEADERS", "x-honeycomb-team=" + rnd(32)),
    ("HEADERS", json.dumps({"Authorization": "Bearer " + rnd(40)})),
    ("DEFAULT_HEADERS", "Authorization: Bearer " + rnd(40)),
    ("DEFAULTS", json.dumps([{"name": "db_password", "value": rnd(12)}])),
    ("YAML", "db:\n  host: h\n  password: " + rnd(12) + "\n"),
    ("XMLCONF", "<conn><user>u</user><password>" + rnd(12) + "</password></conn>"),
    ("B64CONF", b64("db_host: h\ndb_password: " + rnd(14) + "\n")),
    ("BASIC", b64("admin:" + PW)),
    ("API_AUTH", "Basic " + b64("svc:" + PW)),
    ("BASIC_AUTH", "admin:" + PW),
    ("CREDENTIALS", "deploy:" + rnd(12)),
    ("JENKINS_CREDS", "bot:11" + rnd(32, HEX)),
    ("HTPASSWD", "admin:" + "$apr1$" + rnd(8) + "$" + rnd(22)),
    ("JWK_SET", json.dumps({"keys": [{"kty": "EC", "crv": "P-256", "d": rnd(43), "x": rnd(43)}]})),
    ("JWK", json.dumps({"kty": "oct", "k": rnd(43)})),
    ("SSH_KEY", pem("OPENSSH " + "PRIVATE" + " KEY")),
    ("TLS", pem("PRIVATE" + " KEY").replace("\n", "\\n")),
    ("ENC", pem("ENCRYPTED " + "PRIVATE" + " KEY")),
    ("PPK", "PuTTY-User-" + "Key-File-2: ssh-rsa\nEncryption: none\n" + rnd(60)),
    ("RAW_DER", "MIIEvQ" + "IBADAN" + "BgkqhkiG9w0BAQEFAASC" + rnd(200)),
    ("AGE", "AGE-SECRET-" + "KEY-1" + rnd(58, UPPER)),
    ("WG_PRIVATE_KEY", rnd(43) + "="),
    ("VAPID_PRIVATE_KEY", rnd(43)),
    ("ETH_PRIVATE_KEY", "0x" + rnd(64, HEX)),
    ("WALLET_MNEMONIC", "legal winner thank year wave sausage worth useful legal winner thank yellow"),
    ("FERNET_KEY", rnd(43) + "="),
    ("DJANGO_SECRET_KEY", "django-insecure-" + rnd(50, ALNUM + "!@#$%^&*(-_=+)")),
    ("APP_KEY", "base64:" + rnd(43) + "="),
    ("RAILS_MASTER_KEY", rnd(32, HEX)),
    ("SECRET_KEY_BASE", rnd(128, HEX)),
    ("NEXTAUTH_SECRET", rnd(43) + "="),
    ("PASSWORD_SALT", rnd(16)),
    ("PGPASSWORD", rnd(12)),
    ("MYSQLPASSWORD", "hunter" + "22"),
    ("dbPassword", "tiger" + "lily9"),
    ("Db:Password", PW),
    ("Values__Smtp__Password", PW),
    ("DB_PASSWORD_PROD", PW),
    ("DB_PASSWORD_2", PW),
    ("PASSWORD_B64", b64("super" + "secret99")),
    ("ROOT_PASSWORD", "123" + "456"),
    ("KEYSTORE_PASS", "change" + "it"),
    ("DB_PASS", "post" + "gres"),
    ("userPassword", "пароль" + "123"),
    ("DB_PASSWORD", "${DB_PASS:-" + "hunter" + "22}"),
    ("ADMIN_PASSWORD", "@Microsoft.KeyVault(" + PW + ")"),
    ("DB_URL", "postgres://app:" + rnd(12) + "@${DB_HOST}/db"),
    ("DB_PASSWORD", '"' + PW + '"'),
    ("HEROKU_API_KEY", uuid()),
    ("OPSGENIE_API_KEY", uuid()),
    ("POSTMARK_SERVER_TOKEN", uuid()),
    ("CONSUL_HTTP_TOKEN", uuid()),
    ("VAULT_SECRET_ID", uuid()),
    ("AZURE_CLIENT_SECRET", uuid()),
    ("ALGOLIA_ADMIN_KEY", rnd(32, HEX)),
    ("DATADOG", rnd(32, HEX)),
    ("PAGERDUTY_TOKEN", rnd(20)),
    ("SEGMENT_WRITE_KEY", rnd(32)),
    ("RECAPTCHA_SECRET_KEY", "6L" + rnd(38)),
    ("SUBSCRIPTION_KEY", rnd(32, HEX)),
    ("COGNITO_CLIENT_SECRET", rnd(51, string.ascii_lowercase + string.digits)),
    ("TOKEN_GITHUB", rnd(40, HEX)),
    ("MISC", rnd(48)),
    ("SETTING_A", "P" + "@ss" + "w0rd" + "1!"),
    ("STRIPE", "sk_" + "test_" + rnd(24)),
    ("SLACK_APP", "xapp-" + "1-A0-123-" + rnd(40, HEX)),
    ("X", "glpat" + "-" + rnd(20)),
    ("X", "shp" + "ss_" + rnd(32, HEX)),
    ("X", "gs" + "k_" + rnd(52)),
    ("X", "xai" + "-" + rnd(80)),
    ("X", "r8" + "_" + rnd(37)),
    ("X", "sk-" + "or-v1-" + rnd(64, HEX)),
    ("X", "dp." + "st.prd." + rnd(43)),
    ("X", "tskey" + "-auth-" + rnd(17) + "-" + rnd(30)),
    ("X", "pul" + "-" + rnd(40, HEX)),
    ("X", "nfp" + "_" + rnd(36)),
    ("X", "pscale" + "_tkn_" + rnd(43)),
    ("X", "sntry" + "s_" + rnd(60)),
    ("X", "dt0" + "c01." + rnd(24, UPPER) + "." + rnd(64, UPPER)),
    ("X", "ntn" + "_" + rnd(46)),
    ("X", "figd" + "_" + rnd(40)),
    ("X", "pat" + rnd(14) + "." + rnd(64, HEX)),
    ("X", "pat-" + "na1-" + uuid()),
    ("X", "sdk" + "-" + uuid()),
    ("X", "SSWS " + rnd(42)),
    ("X", rnd(32, HEX) + "-us" + "14"),
    ("X", "xkeysib" + "-" + rnd(64, HEX) + "-" + rnd(16)),
    ("X", "re" + "_" + rnd(8) + "_" + rnd(24)),
    ("X", "hvb" + "." + rnd(100)),
    ("X", rnd(14) + ".atlas" + "v1." + rnd(67)),
    ("X", "sbp" + "_" + rnd(40, HEX)),
    ("X", "rubygems" + "_" + rnd(48, HEX)),
    ("X", "dckr" + "_pat_" + rnd(27)),
    ("X", "AKCp" + rnd(69)),
    ("X", "squ" + "_" + rnd(40, HEX)),
    ("X", "NRAK" + "-" + rnd(27, UPPER)),
    ("X", "LTAI" + rnd(20)),
    ("X", "FLWSECK" + "_TEST-" + rnd(32)),
    ("X", "access_token" + "$production$" + rnd(16, HEX) + "$" + rnd(32, HEX)),
    ("BOT", "https://api.telegram.org/bot" + "123456789:" + "AA" + rnd(33) + "/sendMessage"),
    ("NOTIFY_URL", "https://hooks.zapier.com/" + "hooks/catch/123456/" + rnd(8)),
    ("MATTERMOST", "https://chat.example.com/" + "hooks/" + rnd(26)),
    ("RPC", "https://mainnet.infura.io/" + "v3/" + rnd(32, HEX)),
    ("LOGS", "https://logs-01.loggly.com/" + "inputs/" + uuid() + "/tag/http/"),
    ("API", "https://api.example.com/v1?api_key=" + rnd(32, HEX)),
    ("CALLBACK", "https://example.com/in?token=" + rnd(24)),
    ("FILE_URL", "https://b.s3.amazonaws.com/k?X-Amz-Credential=x&X-Amz-Signature=" + rnd(64, HEX)),
    ("SERVICE_ROLE", jwt({"role": "service_role"})),
    ("ADMIN_TOKEN", "my-super-" + "secret-token"),
]


@pytest.mark.parametrize(("name", "value"), SECRETS, ids=[f"{i}-{name}" for i, (name, _) in enumerate(SECRETS)])
def test_credential_is_judged_secret(name: str, value: str) -> None:
    judgement = judge(name, value)
    assert judgement.verdict is SecretVerdict.SECRET, name
    assert judgement.confidence is not None
    assert judgement.detector
    assert judgement.reference is None
