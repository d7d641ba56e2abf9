"""Signatures of webhooks the Standard Webhooks way: HMAC-SHA256 over id, time and body."""

import base64
import binascii
import hashlib
import hmac
import re

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300
_SECONDS = re.compile(r"-?[0-9]{1,15}")


class BadSignature(Exception):
    """The message is not from who it should be from, or too old; says why."""


def key_of(secret):
    """The bytes that a secret stands for."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("the secret is not base64") from None
    if not key:
        raise BadSignature("the secret is empty")
    return key


def sign(secret, identifier, seconds, body):
    """One item of the header `webhook-signature`."""
    content = f"{identifier}.{seconds}.".encode() + body
    return (
        "v1,"
        + base64.b64encode(hmac.new(key_of(secret), content, hashlib.sha256).digest()).decode()
    )


def verify(secret, headers, body, now):
    """Raises `BadSignature` unless one v1 signature of the header fits and the time is near `now`."""
    found = {name.lower(): value for name, value in headers.items()}
    try:
        identifier, seconds, signatures = (
            found[f"webhook-{part}"] for part in ("id", "timestamp", "signature")
        )
    except KeyError as error:
        raise BadSignature(f"there is no {error}") from None
    if not _SECONDS.fullmatch(seconds):
        raise BadSignature("the timestamp is no whole number of seconds")
    if abs(int(seconds) - now) > TOLERANCE_SECONDS:
        raise BadSignature("the timestamp is too far off")
    expected = sign(secret, identifier, seconds, body).encode()
    matches = [hmac.compare_digest(expected, item.encode()) for item in signatures.split(" ")]
    if not any(matches):
        raise BadSignature("no signature fits")
