"""Delivers webhooks over HTTP, and again on the provider's schedule until they are taken."""

import http.client
import ssl
import urllib.parse

from dodo import payloads, webhooks
from dodo.clock import unix_seconds, write_time
from dodo.exact import render
from dodo.signature import sign


def deliver(world, index, endpoint_id, attempt):
    """One attempt. The world is not locked while the endpoint takes its time to answer."""
    with world.lock:
        endpoint = world.endpoints.get(endpoint_id)
        if endpoint is None or endpoint["disabled"]:
            return
        message = world.messages[index]
        now = world.clock.now()
        body = render(payloads.payload(world, message)).encode()
        seconds = unix_seconds(now)
        signatures = [
            sign(secret, message["id"], seconds, body) for secret in webhooks.secrets(endpoint, now)
        ]
        headers = {
            **endpoint["headers"],
            "Content-Type": "application/json",
            "User-Agent": "Svix-Webhooks/stand-in",
            "webhook-id": message["id"],
            "webhook-timestamp": str(seconds),
            "webhook-signature": " ".join(signatures),
        }
        timeout = world.settings["webhook_timeout_seconds"]
        url = endpoint["url"]
    status, error = send(url, headers, body, timeout)
    with world.lock:
        taken = status is not None and 200 <= status < 300
        world.deliveries.append(
            {
                "webhook_id": message["id"],
                "type": message["type"],
                "endpoint_id": endpoint_id,
                "attempt": attempt,
                "at": write_time(now),
                "status": status,
                "error": error,
                "taken": taken,
            }
        )
        if not taken and attempt <= len(webhooks.RETRIES):
            world.schedule_in(
                webhooks.RETRIES[attempt - 1], "deliver", index, endpoint_id, attempt + 1
            )


def send(url, headers, body, timeout):
    """Posts a body; answers the status, or nothing and what went wrong. Follows no redirection."""
    parts = urllib.parse.urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
    try:
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        try:
            connection.request("POST", target, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status, None
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        return None, f"{type(error).__name__}: {error}"
