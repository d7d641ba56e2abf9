"""The stand-in over HTTP: keys, rate limits and faults around the published API, and the control calls."""

import hmac
import socketserver
import sys
import threading
import traceback
import urllib.parse
from http.server import BaseHTTPRequestHandler

from dodo import answers, control, routes
from dodo.agenda import Agenda
from dodo.answers import Answer
from dodo.clock import write_time
from dodo.limits import UNAUTHENTICATED, Limits
from dodo.refusal import Refusal
from dodo.shape import Misfit

CONTROL = "/__control/"


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Listens on loopback; a thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, world, port=0, key=None):
        self.world = world
        self.agenda = Agenda(world)
        self.key = key or f"dodo_{world.mode}_standin"
        self.read_only_key = f"dodo_{world.mode}_readonly"
        self.silences_ended = 0
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", port), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"

    def start(self):
        """Serves in the background."""
        self.agenda.start()
        threading.Thread(
            target=self.serve_forever, args=(0.05,), name="server", daemon=True
        ).start()

    def stop(self):
        self.stopping.set()
        self.shutdown()
        self.agenda.stop()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that goes away is no news; anything else is a mistake of ours and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    # One request

    def answer(self, method, target, headers, body, peer):
        """What to answer to a request of the published API."""
        world = self.world
        path, _, query = target.partition("?")
        with world.lock:
            now = world.clock.now()
            fault = limit_headers = None
            name = f"{method} {path}"
            try:
                role = self._role(headers)
                limit_headers = self._admit(role, headers, peer, now)
                if role is None:
                    raise Refusal(401, "UNAUTHORIZED", "Invalid or missing API key")
                if role == "viewer" and method != "GET":
                    raise Refusal(403, "FORBIDDEN", "The key is read-only")
                fault = world.faults.for_request(method, urllib.parse.unquote(path), body, now)
                if fault is not None and not answers.has_effect(fault):
                    result = Answer(fault.get("status", 200))
                else:
                    if len(body) > world.settings["max_body_bytes"]:
                        raise Refusal(413, "PAYLOAD_TOO_LARGE", "The request is too large")
                    route, params = routes.find(method, path)
                    name = route.name
                    params = {key: urllib.parse.unquote(value) for key, value in params.items()}
                    fields = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
                    call = routes.Call(method, path, params, fields)
                    status, content = routes.answer(world, route, call, body)
                    result = Answer(status, content)
            except Refusal as refusal:
                result = self._refused(refusal, name, now)
            except Misfit as misfit:
                print(f"the stand-in's own answer is wrong: {misfit}", file=sys.stderr)
                result = Answer(500, {"code": "INTERNAL_SERVER_ERROR", "message": str(misfit)})
            except Exception:  # noqa: BLE001 - a mistake of ours must not look like a dropped connection
                traceback.print_exc()
                result = Answer(
                    500, {"code": "INTERNAL_SERVER_ERROR", "message": "a mistake of the stand-in"}
                )
            result.fault = fault
            result.headers.update(limit_headers or {})
            status = fault.get("status", result.status) if fault else result.status
            world.calls.append(
                {
                    "at": write_time(now),
                    "call": name,
                    "status": status,
                    "fault": fault.kind if fault else None,
                }
            )
        return result

    def _refused(self, refusal, name, now):
        self.world.refusals.append(
            {
                "at": write_time(now),
                "call": name,
                "status": refusal.status,
                "code": refusal.code,
                "why": refusal.detail,
            }
        )
        return Answer(refusal.status, refusal.body(), dict(getattr(refusal, "headers", {})))

    def _role(self, headers):
        scheme, _, key = (headers.get("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        for known, role in ((self.key, "editor"), (self.read_only_key, "viewer")):
            if hmac.compare_digest(known.encode(), key.strip().encode()):
                return role
        return None

    def _admit(self, role, headers, peer, now):
        settings = self.world.settings
        if role is None:
            client, per_second, per_minute = peer, *UNAUTHENTICATED
        else:
            client, per_second, per_minute = (
                "keys",
                settings["requests_per_second"],
                settings["requests_per_minute"],
            )
        admitted, figures = self.world.limits.admit(client, now, per_second, per_minute)
        shown = Limits.headers(figures, now, settings["rate_limit_reset"])
        if not admitted:
            refusal = Refusal(429, "TOO_MANY_REQUESTS", "Too many requests")
            refusal.headers = dict(shown)
            if settings["retry_after"] is not None:
                refusal.headers["Retry-After"] = str(settings["retry_after"])
            raise refusal
        return shown


class Handler(BaseHTTPRequestHandler):
    """Reads a request, has it answered, writes the answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _handle(self):
        try:
            body = self._body()
        except ValueError:
            self.close_connection = True
            return
        if self.path.startswith(CONTROL):
            result = control.answer(self.server, self.command, self.path[len(CONTROL) :], body)
        else:
            result = self.server.answer(
                self.command, self.path, self.headers, body, self.client_address[0]
            )
        ended = self.server.silences_ended
        answers.send(
            self,
            result,
            lambda: self.server.stopping.is_set() or self.server.silences_ended != ended,
        )

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _handle

    def _body(self):
        """The body; ValueError if the client hung up in the middle of it."""
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return b"".join(parts)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            raise ValueError("the body is not whole")
        return body

    def log_message(self, *arguments):
        """Says nothing: the control ledger has every call."""
