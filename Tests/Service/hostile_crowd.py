"""Lets a crowd of bad clients at the service, and asks it something in between.

    Tests/Service/hostile_crowd.py .build/release/ratecard [--seconds 45] [--idle 10000] [--seed N]

All at once: thousands of connections that send nothing, clients that send a head or a body a byte at a
time, bodies of 100 MB announced and not announced, JSON nested as deep as a body is long, heads without
an end and with thousands of lines, connections that are dropped in the middle. Meanwhile an honest
client decides and records usage, on a connection that stays and on new ones. It must be served within a
second every time, and slower clients be gone by their deadlines; memory stays below what connections
and bodies may take together, and falls to what it was before a second crowd of the same kind.
"""
import json
import multiprocessing
import os
import random
import resource
import selectors
import socket
import statistics
import sys
import time
from contextlib import closing

from service import ROOT, Failed, Service, arguments, check, folder, run

# What the service allows, as HTTPLimits.swift has it.
HEAD_SECONDS, BODY_SECONDS = 30, 10
HEAD_BYTES, ALL_BODIES = 16 << 10, 64 << 20
SLACK_SECONDS = 3
HEAD = b"POST %s HTTP/1.1\r\nHost: service\r\nContent-Type: application/json\r\n"


def connect(port):
    client = socket.create_connection(("127.0.0.1", port), 10)
    client.settimeout(10)
    return client


def answer(client):
    """The status of an answer, 0 when the connection ends without one."""
    try:
        line = client.recv(4096).split(b"\r\n")[0].split(b" ")
    except ConnectionError:
        return 0
    return int(line[1]) if len(line) > 1 else 0


def expect(client, statuses):
    status = answer(client)
    check(status in statuses, f"the answer is {status}, and not one of {statuses}")


def idle(port, end, count, _):
    """Holds connections that say nothing; one that is closed in time is opened again.

    They come a few thousand a second: a flood of beginnings is the kernel's to bear, not the service's.
    """
    waiting = selectors.DefaultSelector()
    closed = 0
    while time.monotonic() < end:
        for _ in range(min(100, count - len(waiting.get_map()))):
            client = connect(port)
            client.setblocking(False)
            waiting.register(client, selectors.EVENT_READ, time.monotonic())
        for key, _ in waiting.select(0.02):
            lasted = time.monotonic() - key.data
            check(lasted < HEAD_SECONDS + SLACK_SECONDS,
                  f"a connection that says nothing stays for {lasted:.0f} s")
            waiting.unregister(key.fileobj)
            key.fileobj.close()
            closed += 1
        time.sleep(0.02)
    now = time.monotonic()
    held = list(waiting.get_map().values())
    late = [key for key in held if now - key.data > HEAD_SECONDS + SLACK_SECONDS]
    check(not late, f"{len(late)} connections that say nothing stay too long")
    return {"idle": len(held), "idle closed": closed}


def dribble(port, end, count, _):
    """Sends heads and bodies a byte at a time; each must be ended by its deadline."""
    forms = {
        "head": (HEAD % b"/v1/decide" + b"X-Slow: ", b"a", HEAD_SECONDS),
        "body": (HEAD % b"/v1/usage" + b"Content-Length: 4000\r\n\r\n", b" ", BODY_SECONDS),
        "chunk": (HEAD % b"/v1/usage" + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n",
                  BODY_SECONDS),
    }
    clients, ended = [], 0
    while time.monotonic() < end:
        while len(clients) < count:
            name = list(forms)[(len(clients) + ended) % 3]
            client = connect(port)
            client.sendall(forms[name][0])
            client.setblocking(False)
            clients.append((client, name, time.monotonic()))
        time.sleep(1)
        for entry in list(clients):
            client, name, began = entry
            lasted = time.monotonic() - began
            try:
                client.send(forms[name][1])
                gone = client.recv(4096) == b""
            except BlockingIOError:
                gone = False
            except ConnectionError:
                gone = True
            check(gone or lasted < forms[name][2] + SLACK_SECONDS,
                  f"a {name} a byte a second goes on for {lasted:.0f} s")
            if gone:
                client.close()
                clients.remove(entry)
                ended += 1
    return {"dribbling": count, "dribbling ended": ended}


def huge(port, end, _, seed):
    """Bodies of 100 MB: announced, in pieces, and of many clients that each stay below the limit."""
    piece = b"[" + b" " * 65_535
    counts = {"huge bodies": 0, "bodies that hold memory": 0}
    while time.monotonic() < end:
        with closing(connect(port)) as client:
            client.sendall(HEAD % b"/v1/usage" + b"Content-Length: 104857600\r\n\r\n")
            expect(client, (413,))
        with closing(connect(port)) as client:
            # Little more than is taken: there is an answer to be read.
            client.sendall(HEAD % b"/v1/decide" + b"Transfer-Encoding: chunked\r\n\r\n")
            client.sendall((b"8000\r\n" + b" " * 0x8000 + b"\r\n") * 4 + b"0\r\n\r\n")
            expect(client, (413, 503))
        with closing(connect(port)) as client:
            client.sendall(HEAD % b"/v1/usage" + b"Transfer-Encoding: chunked\r\n\r\n")
            sent = 0
            try:
                while sent < 100 << 20:
                    client.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
                    sent += len(piece)
            except (ConnectionError, socket.timeout):
                pass
            check(sent < 16 << 20, f"{sent} bytes of a body are taken")
        counts["huge bodies"] += 3
        # Together they want more than all bodies may have.
        holders = [connect(port) for _ in range(24)]
        for client in holders:
            try:
                client.sendall(HEAD % b"/v1/usage" + b"Content-Length: 4000000\r\n\r\n")
                client.sendall(b" " * 3_900_000)
            except (ConnectionError, socket.timeout):
                pass
        counts["bodies that hold memory"] += len(holders)
        time.sleep(0.5)
        for client in holders:
            client.close()
    return counts


def deep(port, end, _, seed):
    """JSON as deep as it is long, of every kind that opens something."""
    chance = random.Random(seed)
    asked = 0
    while time.monotonic() < end:
        path, limit = chance.choice(((b"/v1/decide", 60_000), (b"/v1/usage", 2_000_000)))
        opening = chance.choice((b"[", b'{"a":', b'[{"a":', b'[["a",'))
        body = opening * (limit // len(opening))
        with closing(connect(port)) as client:
            try:
                client.sendall(HEAD % path + b"Content-Length: %d\r\n\r\n" % len(body))
                client.sendall(body)
            except ConnectionError:
                pass
            # Refused for want of memory while it is still being sent, it may not get to read why.
            expect(client, (400, 503, 0))
        asked += 1
        time.sleep(0.02)
    return {"deep bodies": asked}


def flood(port, end, _, seed):
    """Heads without an end, with a line of a megabyte, with thousands of lines; and half requests."""
    chance = random.Random(seed)
    asked = 0
    while time.monotonic() < end:
        head = HEAD % b"/v1/decide"
        form = chance.randrange(4)
        if form == 0:
            data = head + b"X-Long: " + b"a" * (1 << 20)
        elif form == 1:
            data = head + b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(20_000)) + b"\r\n"
        elif form == 2:
            data = b"POST /" + b"a" * (1 << 20) + b" HTTP/1.1\r\nHost: a\r\n\r\n"
        else:
            data = head + b"Content-Length: 300\r\n\r\n" + b'{"model":'
        with closing(connect(port)) as client:
            try:
                client.sendall(data)
                if form != 3:
                    status = answer(client)
                    check(status in (0, 400, 413, 414, 431, 494), f"a flood is answered {status}")
            except (ConnectionError, socket.timeout):
                pass
        asked += 1
        time.sleep(0.02)
    return {"floods": asked}


def attack(body, port, end, count, seed, results):
    try:
        results.put((body.__name__, body(port, end, count, seed)))
    except Exception as failure:
        results.put((body.__name__, f"{type(failure).__name__}: {failure}"))


def honest(service, end, name):
    """Asks as a client in good faith does; how long each answer took."""
    took, number = [], 0
    client = service.connect(10)
    while time.monotonic() < end:
        number += 1
        request = {"customer": f"customer {number % 100}", "request_type": "agent", "model": "o1"}
        path = "/v1/decide"
        if number % 2:
            path, request = "/v1/usage", {**request, "id": f"{name} {number}"}
        began = time.monotonic()
        if number % 10 == 0:
            status, body = service.ask("POST", path, request, seconds=10)
        else:
            status, body = client.ask("POST", path, request)
        took.append(time.monotonic() - began)
        check(status == 200, f"the honest client is answered {status} {body}")
        time.sleep(0.01)
    client.close()
    return took


def crowd(service, options, idlers, name):
    """All of them for a while; how long the honest client waited, and what the others did."""
    results = multiprocessing.Queue()
    end = time.monotonic() + options.seconds
    bodies = [(idle, idlers), (dribble, 90), (huge, 0), (deep, 0), (flood, 0)]
    others = [
        multiprocessing.Process(
            target=attack, args=(body, service.port, end, count, options.seed, results),
            daemon=True)
        for body, count in bodies]
    for process in others:
        process.start()
    took = honest(service, end, name)
    counts = {}
    for _ in others:
        body, found = results.get(timeout=60)
        check(isinstance(found, dict), f"{body}: {found}")
        counts.update(found)
    for process in others:
        process.join(10)
    check(service.process.poll() is None, f"the service ended: {service.log()}")
    return took, counts


def main(options):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    idlers = min(options.idle, hard - 500)
    if idlers < options.idle:
        print(f"hostile crowd: only {idlers} idle connections: this system allows {hard} files")
    with Service(options.program, ROOT / "pricing", options.store) as service:
        service.start()
        honest(service, time.monotonic() + 1, "before")
        first = service.memory()[0]
        took, counts = crowd(service, options, idlers, "first")
        once = service.memory()
        more, _ = crowd(service, options, idlers, "second")
        twice = service.memory()
        after = honest(service, time.monotonic() + 1, "after")
        # Who never sends the rest of a request does not keep the service from ending.
        with closing(connect(service.port)) as client:
            client.sendall(HEAD % b"/v1/usage" + b"Content-Length: 300\r\n\r\n[")
            time.sleep(0.1)
            service.stop()
    slowest = max(took + more)
    # A body that grows is there twice for a moment, and what is given back leaves holes.
    bound = first + (idlers * (HEAD_BYTES + 4096) + 3 * ALL_BODIES + (32 << 20)) // 1024
    said = (f"slowest answer {slowest * 1000:.0f} ms, median "
            f"{statistics.median(took + more) * 1000:.1f} ms of {len(took + more)}; memory "
            f"{first >> 10} MiB before, at most {twice[1] >> 10} (bound {bound >> 10}), after one "
            f"crowd {once[0] >> 10} and after two {twice[0] >> 10}; "
            + ", ".join(f"{count} {name}" for name, count in counts.items()))
    print(said, file=sys.stderr)
    check(slowest < 1, f"the honest client waited for {slowest:.2f} s; {said}")
    check(twice[1] <= bound, f"the service took {twice[1] >> 10} MiB; {said}")
    check(twice[1] <= once[1] * 1.15 + 8192, f"a second crowd takes more than the first; {said}")
    check(counts["dribbling ended"] > 0, f"no slow client was ended; {said}")
    check(max(after) < 0.5, "the service is slow after the crowd has left")
    return said


if __name__ == "__main__":
    options = arguments(
        __doc__, seconds=dict(type=int, default=45), idle=dict(type=int, default=10_000))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    print(f"seed {options.seed}", file=sys.stderr)
    run(lambda: main(options))
