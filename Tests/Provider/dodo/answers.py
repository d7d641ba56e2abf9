"""Answers as bytes, and the ways in which a fault spoils them."""

import os
import select
import socket
import struct
import time
from dataclasses import dataclass, field

from dodo.exact import render

HTML = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>\n"


@dataclass
class Answer:
    """A status, headers and a body; `spoiled` names what is done to it on the way."""

    status: int
    body: object = None
    headers: dict = field(default_factory=dict)
    fault: object = None

    def content(self):
        return b"" if self.body is None else render(self.body).encode()


# Kinds that leave a request without effect unless `effect` says otherwise.
WITHOUT_EFFECT = ("status",)


def has_effect(fault):
    """Whether the request is carried out before its answer is spoiled."""
    return fault.get("effect", fault.kind not in WITHOUT_EFFECT)


def send(handler, answer, is_over):
    """Writes an answer to a client, as its fault has it. `is_over` ends a silence."""
    fault = answer.fault
    kind = fault.kind if fault else None
    if kind == "reset":
        return reset(handler)
    if kind == "silence":
        _keep_silent(handler, is_over)
        return reset(handler)
    content, headers = answer.content(), dict(answer.headers)
    status = fault.get("status", answer.status) if fault else answer.status
    media_type = "application/json"
    if kind == "html":
        content, media_type = HTML, "text/html; charset=utf-8"
    elif kind == "empty":
        content = b""
    elif kind == "truncated":
        content = content[: len(content) // 2] or b'{"items":['
    elif kind == "wrong_types":
        content = render(wrong_types(answer.body or {"ingested_count": 1, "items": []})).encode()
    elif kind == "status":
        if fault.get("retry_after") is not None:
            headers["Retry-After"] = str(fault.get("retry_after"))
        content = render(
            {"code": "INTERNAL_SERVER_ERROR" if status >= 500 else "REFUSED", "message": "fault"}
        ).encode()
    if content:
        headers["Content-Type"] = media_type
    if status != 204:
        headers["Content-Length"] = str(len(content))
    head = f"HTTP/1.1 {status} Standin\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    whole = head.encode() + b"\r\n" + content
    if kind == "cut":
        handler.wfile.write(whole[: len(whole) - len(content) // 2 - 1])
        return reset(handler, gently=True)
    if kind == "trickle":
        return _trickle(handler, whole, fault.get("pause_milliseconds", 10) / 1000, is_over)
    handler.wfile.write(whole)


def wrong_types(value):
    """The same structure with every leaf of another type."""
    if isinstance(value, dict):
        return {name: wrong_types(item) for name, item in value.items()}
    if isinstance(value, list):
        return {"0": [wrong_types(item) for item in value]}
    if isinstance(value, bool):
        return "yes"
    if value is None:
        return []
    return 17 if isinstance(value, str) else "many"


def reset(handler, gently=False):
    """Closes the connection in the middle: with an RST, or as if the peer had just finished."""
    handler.close_connection = True
    if not gently:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(handler.connection.detach())


def _keep_silent(handler, is_over):
    """Waits until the client gives up or the silence is over."""
    while not is_over():
        readable, _, _ = select.select([handler.connection], [], [], 0.05)
        if readable:
            try:
                if not handler.connection.recv(1, socket.MSG_PEEK):
                    return
            except OSError:
                return
            time.sleep(0.05)


def _trickle(handler, whole, pause, is_over):
    for index in range(len(whole)):
        handler.wfile.write(whole[index : index + 1])
        if not is_over():
            time.sleep(pause)
