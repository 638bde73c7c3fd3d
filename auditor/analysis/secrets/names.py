"""Reads a variable's name: what kind of value its last words promise."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final


class Promise(Enum):
    """The kind of value a name promises."""

    PASSWORD = "password"  # noqa: S105 - a word of names, not a credential
    SECRET = "secret"  # noqa: S105 - the same
    TOKEN = "token"  # noqa: S105 - the same
    KEY = "key"
    LOGIN = "login"
    CONNECTION = "connection"
    DESCRIPTION = "description"
    """It tells something about a credential or names a thing (`…_TTL`, `…_HEADER`, `…_ID`)."""
    PUBLIC = "public"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class NameView:
    """One reading of a name. `words` are lower-case; `mentions` says a credential's word stands anywhere in it."""

    promise: Promise
    words: tuple[str, ...]
    mentions: bool
    names_reference: bool
    """The value is declared to be the name, path or ARN of something kept elsewhere."""
    vendor: bool
    """The name is nothing but the name of a service that issues credentials."""
    public: bool


def word_set(text: str) -> frozenset[str]:
    """Return the words of a space-separated list."""
    return frozenset(text.split())


_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SUFFIXES: Final = word_set(
    "prod production dev development stage staging test testing qa uat sandbox live local old new "
    "current previous prev next "
    "backup primary secondary main default value val plain plaintext clear cleartext decrypted str "
    "string raw json "
    "b base64 b64 encoded 64 v1 v2 env var v a x plaintxt text"
)
_PASSWORD: Final = word_set(
    "password passwd passwort passphrase pwd pw pass passcode pin motdepasse contrasena senha passkey"
)
_SECRET: Final = word_set("secret secrets pepper salt mnemonic seed psk otpseed")
_TOKEN: Final = word_set(
    "token tokens apikey apikeys authkey secretkey accesskey privatekey masterkey accountkey "
    "sharedkey signingkey encryptionkey licensekey "
    "functionkey hostkey servicekey apitoken authtoken accesstoken bottoken pat jwt bearer apisecret"
    " hmac sas cookie session sessionid hec "
    "licence license pkcs12 pfx keystore signature sig"
)
_LOGIN: Final = word_set(
    "auth credential credentials cred creds login userpass basicauth htpasswd authorization netrc "
    "pgpass npmrc pypirc kubeconfig dockerconfig"
)
_CONNECTION: Final = word_set(
    "dsn url uri connection conn connectionstring connstr connstring connect jdbc broker amqp endpoint"
)
_KEY: Final = word_set("key keys")
_KEY_OF_SECRET: Final = word_set(
    "api app application access secret private auth account shared signing sign encryption encrypt "
    "decryption crypto cipher master license licence "
    "function host service storage admin hmac aes rsa ec ssh tls ssl pgp gpg jwt session cookie "
    "token webhook integration bot server "
    "ingest ingestion write aws s3 stripe sendgrid openai datadog dd azure data validation machine "
    "security client root "
    "deploy consumer subscription fernet flask django rails laravel nextauth ses smtp sas management"
    " system user backup connection sdk"
)
_KEY_OF_DATA: Final = word_set(
    "partition sort primary cache object routing dedup deduplication foreign hash range idempotency "
    "group feature tag tags lookup index map field file bucket "
    "prefix row item record metadata label json dict sequence order composite natural surrogate "
    "search_index dynamo dynamodb ddb gsi lsi "
    "redis blob path project i18n translation message locale flag toggle query sharding shard bind kms cmk pair"
)
_DESCRIBES: Final = word_set(
    "id ids name names arn arns path paths file files filename dir directory folder ttl expiry "
    "expires expiration exp length len size days hours minutes seconds "
    "secs ms timeout interval age count limit limits max min quota type types kind mode format "
    "header headers field fields column columns table tables "
    "prefix suffix alias version versions algorithm algo alg issuer audience aud scope scopes "
    "provider providers endpoint endpoints host hosts hostname port "
    "region zone enabled disabled enable disable required optional allow allowed policy pattern "
    "regex regexp rotation hash digest sha sha1 sha256 md5 checksum etag fingerprint "
    "thumbprint bucket queue topic stream store vault backend source manager engine strategy method "
    "flow grant param params parameter parameters ssm ref reference "
    "usage cost budget index namespace user username users owner email subject title label "
    "description desc message msg hint prompt placeholder template "
    "url uri urls uris domain realm tenant account project org organization team channel group role "
    "service svc class handler plugin module extension language locale "
    "status state date time timestamp at in on validity duration window cron schedule retries "
    "attempts bits rounds iterations encoding charset strength "
    "validator validation verification checker reset rule rules list set map color env environment "
    "stage level cache pool layer bundle cert certificate crt ca "
    "leeway skew refresh_interval sha512 commit revision build nonce cursor marker location subnet "
    "vpc cluster database db schema function lambda image tag tags "
    "iss sub kid jwks jwk wellknown callback redirect page route resource action sender recipient "
    "from to cc bcc support through "
    "generator lookup resolver reuse history complexity attribute claim claims property selector "
    "separator delimiter mechanism "
    "extractor location param query_param cookie_name lifetime persist storage_type authority thumb ip ips cidr"
)
_PUBLIC: Final = word_set(
    "public publishable pub site anon anonymous search browser frontend clientside clientid "
    "publickey sitekey measurement pubkey readonly_search"
)
_PUBLIC_HEADS: Final = (
    ("next", "public"),
    ("vite",),
    ("react", "app"),
    ("expo", "public"),
    ("nuxt", "public"),
    ("gatsby",),
    ("vue", "app"),
)
_REFERENCE_TAILS: Final = word_set(
    "name names arn arns id ids path paths param params parameter parameters ref reference ssm uri"
)
_STORES: Final = word_set("vault kv keyvault ssm secretsmanager secretmanager asm parameterstore k8s kubernetes")
_VENDORS: Final = word_set(
    "datadog dd twilio mailgun sendgrid stripe github gh gitlab slack openai anthropic huggingface "
    "hf pagerduty opsgenie algolia segment mixpanel amplitude sentry "
    "newrelic rollbar bugsnag honeycomb splunk loggly logdna papertrail postmark mailchimp mandrill "
    "hubspot salesforce zendesk intercom jira "
    "atlassian bitbucket circleci travis codecov sonar snyk jfrog artifactory docker npm pypi heroku"
    " netlify vercel cloudflare fastly digitalocean "
    "linode vultr hetzner okta auth0 telegram discord zoom dropbox box notion airtable figma asana "
    "trello monday shopify square "
    "paypal braintree adyen plaid coinbase binance mapbox google maps firebase facebook twitter "
    "linkedin instagram twitch spotify "
    "grafana databricks snowflake confluent elastic pinecone cohere replicate linear postman "
    "contentful launchdarkly vault consul nomad terraform pulumi doppler"
)
_VENDOR_PARTS: Final = word_set("signing consumer webhook bot admin api app access")
_ATTACHED: Final = re.compile(
    r"(?:password|passwd|passphrase|pwd|secret|token|apikey|authkey|accesskey|secretkey|privatekey"
    r"|masterkey|accountkey|sharedkey|signingkey|encryptionkey"
    r"|licensekey|functionkey|credentials?|connectionstring|(?:db|smtp|pg|user|root|admin|my|mysql"
    r"|sql|ftp|ldap|proxy|redis|mail|key|store)pass)$"
)
_MENTIONING: Final = _PASSWORD | _SECRET | _TOKEN | _LOGIN


def _split(name: str) -> list[str]:
    words: list[str] = []
    for word in _WORDS.findall(name[:256]):
        lowered = word.lower()
        if lowered not in _MENTIONING and len(lowered) > 5:
            attached = _ATTACHED.search(lowered)
            if attached and attached.start():
                words.append(lowered[: attached.start()])
                lowered = attached.group()
        words.append(lowered)
    return words


def _head(words: list[str]) -> int:
    """Return the place of the last word that says something: environment names and ordinals are stepped over."""
    place = len(words) - 1
    while place > 0 and (words[place].isdigit() or words[place] in _SUFFIXES):
        place -= 1
    return place


def _promise(words: list[str], place: int) -> Promise:
    head = words[place]
    before = words[place - 1] if place else ""
    if head.endswith("pass") and head not in {"pass", "bypass", "compass"} and _ATTACHED.search(head):
        return Promise.PASSWORD
    if head in {"pin", "pass", "pw"} and before in {"boarding", "by", "season", "map", "drop"}:
        return Promise.DESCRIPTION
    if head in {"credential", "credentials"}:
        return Promise.LOGIN
    for kinds, promise in (
        (_PASSWORD, Promise.PASSWORD),
        (_SECRET, Promise.SECRET),
        (_TOKEN, Promise.TOKEN),
        (_LOGIN, Promise.LOGIN),
    ):
        if head in kinds:
            return promise
    if head == "base" and before == "key":
        return Promise.TOKEN
    if head.endswith("connectionstring"):
        return Promise.CONNECTION
    if head in _KEY:
        return _key_promise(words[:place], before)
    if head in _CONNECTION:
        return Promise.CONNECTION
    return Promise.DESCRIPTION if head in _DESCRIBES else Promise.NOTHING


def _key_promise(earlier: list[str], before: str) -> Promise:
    if before in _KEY_OF_DATA:
        return Promise.DESCRIPTION
    if before in _KEY_OF_SECRET or before in _VENDORS or before in {"wg", "wireguard", "vapid", "devise", "host"}:
        return Promise.TOKEN
    return Promise.DESCRIPTION if any(word in _KEY_OF_DATA for word in earlier) else Promise.KEY


@lru_cache(maxsize=8192)
def read_name(name: str) -> NameView:
    """Read `name`, written in any convention (`DB_PASSWORD`, `dbPassword`, `Db:Password`, `PGPASSWORD`)."""
    words = _split(name) or [""]
    place = _head(words)
    promise = _promise(words, place)
    mentions = any(word in _MENTIONING or word in _KEY for word in words)
    public = any(word in _PUBLIC for word in words) or any(tuple(words[: len(head)]) == head for head in _PUBLIC_HEADS)
    if public and promise in {Promise.TOKEN, Promise.KEY}:
        promise = Promise.PUBLIC
    store = any(word in _STORES for word in words) or ("secret" in words and "manager" in words)
    return NameView(
        promise=promise,
        words=tuple(words),
        mentions=mentions,
        names_reference=(words[place] in _REFERENCE_TAILS and (mentions or store))
        or (store and promise is not Promise.TOKEN),
        vendor=all(word in _VENDORS or word in _VENDOR_PARTS or word.isdigit() or word in _SUFFIXES for word in words),
        public=public,
    )
