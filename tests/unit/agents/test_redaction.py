"""No secret is written anywhere: which variables hold one, and what one looks like."""

import json

import pytest
from callsheet.redaction import REDACTED, Redactor, is_secret_name, looks_secret, redact

SECRET_NAMES = (
    "OPENAI_API_KEY ANTHROPIC_API_KEY apikey GITHUB_TOKEN NPM_TOKEN MYTOKEN CLIENT_SECRET DB_PASSWORD PGPASSWORD",
    "AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN AWS_PROFILE GOOGLE_APPLICATION_CREDENTIALS SSH_AUTH_SOCK SENTRY_DSN DB_PWD",
    "SSHPASS HTTP_BEARER SLACK_WEBHOOK_URL PROXY_AUTHORIZATION",
    "SMTP_PASS SESSION_COOKIE JWT_PRIVATE DOCKER_AUTH_CONFIG AZURE_CLIENT_SECRET VAULT_ADDR",
)

PLAIN_NAMES = (
    "PATH HOME LANG TERM PWD OLDPWD SHELL USER EDITOR KEYBOARD MONKEY PASSENGER AUTHOR XDG_SESSION_ID COMPASS",
    "DBUS_SESSION_BUS_ADDRESS TOKENIZERS_PARALLELISM AWS_REGION CALLSHEET_RUN PYTHONPATH VIRTUAL_ENV",
)


@pytest.mark.parametrize("name", " ".join(SECRET_NAMES).split())
def test_secret_names(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", " ".join(PLAIN_NAMES).split())
def test_plain_names(name):
    assert not is_secret_name(name)


# Written in two parts, so that no scanner takes this file for a leak.
KEYS = [
    "sk-" + "proj-abcdefgh12345678ijklmnop",
    "sk-" + "ant-api03-abcdefgh12345678",
    "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "github_pat_" + "11ABCDEFG0abcdefghijklmnop",
    "glpat-" + "abcdefghij1234567890",
    "AKIA" + "ABCDEFGHIJ123456",
    "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "xoxb-" + "1234567890-abcdefghij",
    "sk_live_" + "abcdefghijklmnop1234",
    "https://hooks.slack.com/services/" + "T0000/B0000/abcdefghij",
    "hf_" + "abcdefghijklmnopqrstuvwxyz",
    "gsk_" + "abcdefghijklmnopqrstuvwxyz",
    "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl",
    "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----",
]

HARMLESS = [
    "",
    "a task-list of sk-eleton things, sk-",
    "class sk-loading-animation-container",
    "https://example.org:8080/a@b",
    "git@github.com:a/b.git",
    "see RFC 6750 on Bearer tokens",
    "AKIA is a prefix",
    "def sk_test_of_the_parser(): rk_live_",
    "sha256 db09c6ea0b7c7de034b6c8b628208b000b54e02ef557468f84c2e63fbd7c8560",
]


@pytest.mark.parametrize("key", KEYS)
def test_keys_are_found_by_their_form(key):
    assert looks_secret(key)
    text = redact(f"before {key} after")
    assert text == f"before {REDACTED} after"


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_texts_stay(text):
    assert redact(text) == text


def test_what_surrounds_a_secret_stays():
    assert redact("Authorization: Bearer abcdef123456789") == f"Authorization: Bearer {REDACTED}"
    assert redact("postgres://me:hunter22@host/db") == f"postgres://{REDACTED}@host/db"


def test_values_of_secret_variables_are_found_whatever_their_form(tmp_path):
    keyfile = tmp_path / "key"
    keyfile.touch()
    redactor = Redactor(
        {
            "MY_PASSWORD": 'corr"ect horse\nüber',
            "SHORT_KEY": "abc",
            "LONGER_TOKEN": "staple battery",
            "LONGEST_TOKEN": "staple battery plus",
            "NAME": "harmless value",
            "GOOGLE_APPLICATION_CREDENTIALS": str(keyfile),
            "BASE64_KEY": "/abc+def/ghi=",
        }
    )
    value = {"a": ['say corr"ect horse\nüber!', 1, None], "staple battery plus": "harmless value abc"}
    assert redactor.value(value) == {"a": [f"say {REDACTED}!", 1, None], REDACTED: "harmless value abc"}
    assert REDACTED in redactor.text(json.dumps(value))
    assert "über" not in redactor.text(json.dumps(value, ensure_ascii=False))
    assert redactor.text(f"{keyfile} /abc+def/ghi=") == f"{keyfile} {REDACTED}"


def test_the_process_environment_is_used(monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", "not a form at all")
    assert redact("x not a form at all y") == f"x {REDACTED} y"
    monkeypatch.delenv("SOME_API_KEY")
    assert redact("x not a form at all y") == "x not a form at all y"
