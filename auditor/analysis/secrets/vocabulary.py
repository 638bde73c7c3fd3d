"""The words that names of variables are made of, by what kind of value they promise.

Password words are those that configuration of many languages is written in: a name is not English only because the
program is. Accents are taken off before a word is looked up here.
"""

from collections.abc import Mapping
from typing import Final


def word_set(text: str) -> frozenset[str]:
    """Return the words of a space-separated list."""
    return frozenset(text.split())


PASSWORD: Final = word_set(
    "password passwords passwd passwort passwoerter kennwort kennwoerter losungswort passphrase pwd pswd psswd pw "
    "psw passw pass passcode pin passkey pword passwrd pasword paswd passowrd motdepasse mdp passe contrasena "
    "contrasenia contrasenya senha palavrapasse wachtwoord haslo heslo losenord passord clave adgangskode kodeord "
    "salasana sifre parola parolachiave jelszo parol lozinka geslo katasandi matkhau mima "
    "slaptazodis slaptazodi parole parool lykilord fjalekalim fjalekalimi pasahitza contrasinal contrasenya cyfrinair "
    "pasfhocal zaporka sifra sandi katalaluan nenosiri wagwoord wagtwurd pasvorto passwuert passwordi salasona"
)
SECRET: Final = word_set(
    "secret secrets pepper salt mnemonic seed psk otpseed geheimnis geheim secreto segreto segredo hemlighet sekret "
    "tajemstvi gizli clientsecret"
)
TOKEN: Final = word_set(
    "token tokens apikey apikeys authkey secretkey accesskey privatekey masterkey accountkey sharedkey signingkey "
    "encryptionkey licensekey functionkey hostkey servicekey apitoken authtoken accesstoken bottoken pat jwt bearer "
    "apisecret hmac sas cookie session sessionid hec licence license pkcs12 pfx keystore signature sig jeton"
)
LOGIN: Final = word_set(
    "auth credential credentials cred creds login basicauth htpasswd authorization netrc pgpass npmrc pypirc "
    "kubeconfig dockerconfig sasl zugangsdaten identifiants credenciales credenciais credenziali"
)
CONNECTION: Final = word_set(
    "dsn url uri connection conn connectionstring connstr connstring connect jdbc broker amqp endpoint"
)
KEY: Final = word_set(
    "key keys clef cle chave chiave llave schluessel schlussel sleutel klucz klic kluc nyckel nokkel noegle avain "
    "anahtar cheie kulcs klyuch kljuc cipher aes encryption crypto crypt dek"
)
LOOSE_TOKEN: Final = word_set("session sessionid cookie licence license signature sig pat hec keystore hmac tokens")
"""Tokens' words that other things are called by too: only what chance made is a credential under them."""

PAGE_TOKENS: Final = word_set("page pagination next continuation skip sync resume change idempotency")
"""Words before `token` that make it a place in a list."""

KEY_OF_SECRET: Final = word_set(
    "api app application access acces acceso accesso secret secrete secreta segreta secreto private privee privada "
    "privata auth account shared signing sign encryption encrypt enc priv decryption crypto cipher master license "
    "licence function host service storage admin hmac aes rsa ec ssh tls ssl pgp gpg jwt session cookie token "
    "webhook integration bot server ingest ingestion write aws s3 stripe sendgrid openai datadog dd azure data "
    "validation machine security client root deploy consumer subscription fernet flask django rails laravel "
    "nextauth ses smtp sas management system user backup connection sdk cosmos cosmosdb documentdb eventgrid "
    "eventhub servicebus iothub signalr batch cognitive"
)
KEY_OF_DATA: Final = word_set(
    "partition sort primary cache object routing dedup deduplication foreign hash range idempotency group feature "
    "tag tags lookup index map field file bucket prefix row item record metadata label json dict sequence order "
    "composite natural surrogate search_index dynamo dynamodb ddb gsi lsi redis blob path project i18n translation "
    "message locale flag toggle query sharding shard bind kms cmk pair secondary deterministic primaire primaria "
    "primario"
)
PASSWORD_OWNERS: Final = word_set(
    "db pg sa my os mq sql ftp adm usr svc srv app rds sys vpn ora svn git web api key smtp user root ldap mail "
    "imap sftp auth bind wifi prod test mysql admin redis proxy email store login mongo nexus maria rabbit oracle "
    "dbuser keystore postgres"
)
"""What `pass` and `pw` are written onto (`dbpass`): other words end in them too (`compass`, `bypass`)."""

KEY_OWNERS: Final = word_set(
    "api enc encrypt crypt cipher aes rsa priv jwt hmac sas sign storage cosmos cosmosdb search iothub eventhub "
    "servicebus ssh pgp gpg auth app admin client func token session cookie webhook stripe openai sendgrid datadog "
    "azure aws gcp google maps"
)
"""What `key` is written onto (`enckey`)."""

ORDINAL_KEY: Final = word_set("primary secondary routing deterministic query")
"""Words before `key` that name a column as often as one of a service's two keys: the value decides."""

DESCRIBES: Final = word_set(
    "id ids name names arn arns path paths file files filename dir directory folder ttl expiry expires expiration "
    "exp length len size days hours minutes seconds secs ms timeout interval age count limit limits max min quota "
    "type types kind mode format header headers field fields column columns table tables tabelle spalte tabla "
    "columna prefix suffix alias version versions algorithm algo alg issuer audience aud scope scopes provider "
    "providers endpoint endpoints host hosts hostname port region zone enabled disabled enable disable required "
    "optional allow allowed policy pattern regex regexp rotation hash digest sha sha1 sha256 md5 checksum etag "
    "fingerprint thumbprint bucket queue topic stream store vault backend source manager engine strategy method "
    "flow grant param params parameter parameters ssm ref reference usage cost budget index namespace user username "
    "users owner email subject title label description desc message msg hint prompt placeholder template url uri "
    "urls uris domain realm tenant account project org organization team channel group role service svc class "
    "handler plugin module extension language locale status state date time timestamp at in on validity duration "
    "window cron schedule retries attempts bits rounds iterations encoding charset strength validator validators "
    "validation verification checker reset rule rules list set map color env environment stage level cache pool "
    "layer bundle cert certificate crt ca leeway skew refresh_interval sha512 commit revision build nonce cursor "
    "marker location subnet vpc cluster database db schema function lambda image tag tags iss sub kid jwks jwk "
    "wellknown callback redirect page route resource action sender recipient from to cc bcc support through "
    "generator lookup resolver reuse history complexity attribute claim claims property selector separator "
    "delimiter mechanism hasher hashers digits extractor query_param cookie_name lifetime persist storage_type "
    "authority thumb ip ips cidr"
)
HOLDERS: Final = word_set(
    "db database banco base bd bdd sql mysql mariadb postgres postgresql pg mongo mongodb redis rabbit rabbitmq "
    "kafka elastic elasticsearch oracle mssql ldap smtp mail email ftp sftp ssh proxy vpn wifi root admin sa app "
    "api bot web server service servidor dienst user usuario utilisateur benutzer account cuenta conta konto jwt "
    "jenkins registry"
)
"""What has a password or token: after the telling word, a name of it (`PASSWORD_DB`, `SENHA_BANCO`)."""

GUARDED: Final = word_set(
    "db bd bdd sql mysql mariadb postgres postgresql pg mongo mongodb redis rabbit rabbitmq oracle mssql smtp ftp sftp "
    "ssh vpn wifi root sa admin banco"
)
"""Holders that are nothing but what a password opens: right after its word they say whose it is."""

QUANTITY: Final = word_set(
    "max maximum min minimum num number count total limit size len length ttl timeout expiry expires expire "
    "expiration lifetime age day days hour hours minute minutes second seconds secs sec ms millis week weeks month "
    "months interval period rate per rpm tpm quota budget cost price threshold retry retries attempts rounds "
    "iterations bits bytes kb mb version index idx port rotation rotate history validity leeway skew digits "
    "strength percent ratio weight priority level depth width height concurrency workers threads batch page offset "
    "window duration delay prompt context output input completion gpio led bucket grace"
)
FLAG: Final = word_set(
    "enable enabled disable disabled use uses using allow allowed require required requires show hide has have is "
    "should must can skip ignore force with without no verify validate check need needs support supports random "
    "empty secure"
)
PUBLIC: Final = word_set(
    "public publishable pub site anon anonymous browser frontend clientside clientid publickey sitekey measurement "
    "pubkey readonly_search"
)
SEARCH_PRODUCTS: Final = word_set("algolia meilisearch meili typesense instantsearch only")
"""With one of these, a search key is the one that pages carry; the cloud services' search keys are not."""

PUBLIC_HEADS: Final = (
    ("next", "public"),
    ("vite",),
    ("react", "app"),
    ("expo", "public"),
    ("nuxt", "public"),
    ("gatsby",),
    ("vue", "app"),
)
SUFFIXES: Final = word_set(
    "prod production dev development stage staging test testing qa uat sandbox live local old new current previous "
    "prev next backup primary secondary main default value val plain plaintext clear cleartext decrypted str string "
    "raw json hex gcm cbc b base64 b64 encoded 64 v1 v2 env var v a x plaintxt text content contents data"
)
REFERENCE_TAILS: Final = word_set(
    "name names arn arns id ids path paths param params parameter parameters ref reference ssm uri"
)
STORES: Final = word_set(
    "vault kv keyvault ssm secretsmanager secretmanager asm gsm parameterstore k8s kubernetes consul etcd"
)
VENDORS: Final = word_set(
    "datadog dd twilio mailgun sendgrid stripe github gh gitlab slack openai anthropic huggingface hf pagerduty "
    "opsgenie algolia segment mixpanel amplitude sentry newrelic rollbar bugsnag honeycomb splunk loggly logdna "
    "papertrail postmark mailchimp mandrill hubspot salesforce zendesk intercom jira atlassian bitbucket circleci "
    "travis codecov sonar snyk jfrog artifactory docker npm pypi heroku netlify vercel cloudflare fastly "
    "digitalocean linode vultr hetzner okta auth0 telegram discord zoom dropbox box notion airtable figma asana "
    "trello monday shopify square paypal braintree adyen plaid coinbase binance mapbox google maps firebase "
    "facebook twitter linkedin instagram twitch spotify grafana databricks snowflake confluent elastic pinecone "
    "cohere replicate linear postman contentful launchdarkly vault consul nomad terraform pulumi doppler"
)
VENDOR_PARTS: Final = word_set("signing consumer webhook bot admin api app access encrypt unseal")

PHRASES: Final[Mapping[tuple[str, ...], str]] = {
    ("pass", "word"): "password",
    ("pass", "phrase"): "passphrase",
    ("pass", "code"): "passcode",
    ("pass", "key"): "passkey",
    ("pin", "code"): "passcode",
    ("access", "code"): "passcode",
    ("security", "code"): "passcode",
    ("unlock", "code"): "passcode",
    ("recovery", "code"): "passcode",
    ("recovery", "codes"): "passcode",
    ("backup", "code"): "passcode",
    ("backup", "codes"): "passcode",
    ("scratch", "codes"): "passcode",
    ("redis", "auth"): "password",
    ("valkey", "auth"): "password",
    ("recovery", "phrase"): "mnemonic",
    ("seed", "phrase"): "mnemonic",
    ("wallet", "phrase"): "mnemonic",
    ("mot", "de", "passe"): "motdepasse",
    ("mots", "de", "passe"): "motdepasse",
    ("mot", "passe"): "motdepasse",
    ("palavra", "passe"): "palavrapasse",
    ("palavra", "de", "passe"): "palavrapasse",
    ("parola", "chiave"): "parolachiave",
    ("parola", "ordine"): "parolachiave",
    ("kata", "sandi"): "katasandi",
    ("mat", "khau"): "matkhau",
    ("clave", "acceso"): "contrasena",
    ("kata", "laluan"): "katalaluan",
    ("neno", "siri"): "nenosiri",
    ("snmp", "community"): "passphrase",
    ("community", "string"): "passphrase",
    ("ro", "community"): "passphrase",
    ("rw", "community"): "passphrase",
}
"""Words that are one word written apart."""

OTHER_SCRIPTS: Final[Mapping[str, str]] = {
    "пароль": "password",
    "парола": "password",
    "лозинка": "password",
    "секрет": "secret",
    "токен": "token",
    "ключ": "key",
    "κωδικός": "password",
    "κωδικος": "password",
    "密码": "password",
    "密碼": "password",
    "口令": "password",
    "密钥": "secretkey",
    "密鑰": "secretkey",
    "秘钥": "secretkey",
    "令牌": "token",
    "パスワード": "password",
    "暗証番号": "password",
    "シークレット": "secret",
    "トークン": "token",
    "비밀번호": "password",
    "암호": "password",
    "비밀": "secret",
    "토큰": "token",
    "كلمة المرور": "password",
    "كلمة_المرور": "password",
    "סיסמה": "password",
    "סיסמא": "password",
    "รหัสผ่าน": "password",
    "पासवर्ड": "password",
    "পাসওয়ার্ড": "password",
    "கடவுச்சொல்": "password",
    "პაროლი": "password",
    "գաղտնաբառ": "password",
    "گذرواژه": "password",
    "رمز عبور": "password",
    "رمز_عبور": "password",
    "құпиясөз": "password",
}
"""Telling words that are not written in Latin letters, and what they are read as."""
