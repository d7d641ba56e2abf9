"""Compares the service's speed with other servers' on this machine: ratios, each within one run.

    Scripts/bench service    installs what it compares with, and runs this
    Tests/Service/speed.py .build/release/ratecard [--laps 5] [--seconds 4] [--only decide,usage,…]

wrk loads each server in turn over 64 connections on the loopback, with requests that name 100,000
known customers (load.lua): nginx answering a static 200 of the same size, Node's http server and FastAPI
making the same decision, FastAPI with sqlite3 committing each report. Every server has one worker; the
servers run on one processor and wrk on another. Answers are compared first. Laps are interleaved, and each
ratio is the median of its laps. CPU time is the server's own, from /proc.

Prints a table, writes .build/bench/service.json, and fails when a ratio misses its aim.
"""
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

from service import (
    ROOT, Client, Failed, Ledger, Service, arguments, check, folder, free_port, run, wrk)

CUSTOMERS = 100_000
VENV = ROOT / ".build/bench/service-venv/bin"
PEERS = ROOT / "Tests/Service/Peers"
SERVERS, LOADER = ("taskset", "-c", "0"), ("taskset", "-c", "1")
# What two servers need not agree on.
FREE = {"version", "at", "decision"}


class Peer:
    """Another server, with one worker."""

    def __init__(self, name, command, port, environment=()):
        self.name, self.port = name, port
        # Its own session, so that its workers end with it.
        self.process = subprocess.Popen(
            [*SERVERS, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=PEERS, env={**os.environ, **dict(environment)},
            start_new_session=True)

    def __enter__(self):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            check(self.process.poll() is None, f"{self.name} does not start")
            try:
                with closing(Client(self.port, 5)) as client:
                    client.ask("GET", "/")
                return self
            except OSError:
                time.sleep(0.05)
        raise Failed(f"{self.name} does not answer")

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(10)


class Ratecard(Service):
    name = "ratecard"

    def __init__(self, program, card, store, wrapper=SERVERS):
        super().__init__(program, card, store, "--threads", "1", wrapper=wrapper)


def nginx(answer):
    """nginx, which answers everything with the same bytes."""
    place, port = Path(folder()), free_port()
    (place / "nginx.conf").write_text(f"""
        daemon off; worker_processes 1; pid {place}/pid; error_log /dev/null crit;
        events {{ worker_connections 1024; multi_accept on; }}
        http {{
          access_log off; keepalive_requests 1000000000; default_type application/json;
          client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
          fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi;
          scgi_temp_path {place}/scgi;
          server {{ listen 127.0.0.1:{port}; location / {{ return 200 '{answer}'; }} }}
        }}""")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return Peer("nginx", [program, "-p", str(place), "-c", str(place / "nginx.conf")], port)


def node():
    port = free_port()
    program = shutil.which("node") or str(ROOT / ".build/bench/node")
    return Peer("Node", [program, str(PEERS / "decisions.js"), str(port)], port)


def fastapi(store):
    port = free_port()
    return Peer(
        "FastAPI", [str(VENV / "uvicorn"), "decisions:app", "--port", str(port), "--log-level",
                    "error", "--no-access-log"], port,
        {"RATECARD_USAGE": store, "PYTHONDONTWRITEBYTECODE": "1"})


def cpu(process):
    """The seconds that a process and its children have used, and how many of them in the kernel."""
    pids, total, kernel = [process.pid], 0, 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
        kernel += int(fields[12])
    ticks = os.sysconf("SC_CLK_TCK")
    return total / ticks, kernel / ticks


def lap(server, seconds, load, number):
    """One lap: requests a second; microseconds of CPU a request, and of them in the kernel; in ms p50,
    p99 and the longest."""
    before = cpu(server.process)
    found = wrk(server.port, seconds, load, number, threads=1, prefix=LOADER)
    total, kernel = (after - start for after, start in zip(cpu(server.process), before))
    check(found["requests"] > 0 and found["failed"] == 0,
          f"{server.name} fails {found['failed']} of {found['requests']} requests")
    return {"rate": found["requests"] / found["microseconds"] * 1e6,
            "cpu": total / found["requests"] * 1e6,
            "kernel": kernel / found["requests"] * 1e6, "p50": found["p50"] / 1000,
            "p99": found["p99"] / 1000, "max": found["max"] / 1000}


def laps(servers, options, load):
    """Interleaved laps of some servers: a list of laps for each name."""
    found = {server.name: [] for server in servers}
    for server in servers:
        wrk(server.port, 1, load, f"warm-{server.name}", threads=1, prefix=LOADER)
    for number in range(options.laps):
        # Each goes first as often as the others, nearly.
        for server in servers[number % len(servers):] + servers[:number % len(servers)]:
            found[server.name].append(lap(server, options.seconds, load, number))
    return found


def medians(found):
    return {name: {key: round(statistics.median(one[key] for one in laps), 3) for key in laps[0]}
            for name, laps in found.items()}


def ratio(found, ours, theirs, key):
    """The median of the laps' ratios."""
    return statistics.median(a[key] / b[key] for a, b in zip(found[ours], found[theirs]))


def compare_decisions(ours, others):
    """All answer the same, whoever asks for whatever; one of our answers."""
    shapes = [("agent", "o1"), ("chat", "gpt-4o"), ("composer", "claude-sonnet"),
              ("tab_completion", "gpt-4o-mini"), ("agent", "gpt-4o"), ("edit", "o3")]
    for number, (kind, model) in enumerate(shapes * 4):
        request = {"customer": f"customer {number * 7:06}", "request_type": kind, "model": model}
        answers = {}
        for server in (ours, *others):
            with closing(Client(server.port)) as client:
                status, body = client.ask("POST", "/v1/decide", request)
            check(status == 200, f"{server.name} answers {status} {body}")
            answers[server.name] = {
                key: value for key, value in json.loads(body).items() if key not in FREE}
        wanted = answers[ours.name]
        for name, answer in answers.items():
            check(answer == wanted, f"{name} answers {answer}, and {ours.name} {wanted}")


def measure_decide(options, ours, results):
    with ExitStack() as stack:
        with closing(Client(ours.port)) as client:
            sample = client.ask("POST", "/v1/decide", {
                "customer": "customer 000001", "request_type": "agent", "model": "o1"})[1]
        static = stack.enter_context(nginx(sample.decode()))
        others = [stack.enter_context(node()),
                  stack.enter_context(fastapi(f"{folder()}/unused.db"))]
        compare_decisions(ours, others)
        found = laps([static, ours, *others], options, "decide")
    results["decide"] = medians(found)
    aim = results["aims"].append
    aim(("decide: requests/s against nginx", ratio(found, "ratecard", "nginx", "rate"), ">=", 0.85))
    aim(("decide: CPU a request against nginx", ratio(found, "ratecard", "nginx", "cpu"), "<=", 1.35))
    aim(("decide: p99 against nginx", ratio(found, "ratecard", "nginx", "p99"), "<=", 1.5))
    aim(("decide: requests/s against Node", ratio(found, "ratecard", "Node", "rate"), ">=", 3))
    aim(("decide: requests/s against FastAPI", ratio(found, "ratecard", "FastAPI", "rate"), ">=", 12))


def measure_usage(options, ours, results):
    """Durable usage, on the disk on which the store lies."""
    place = Path(options.place)
    with fastapi(str(place / "fastapi.db")) as peer:
        report = {"id": "compared", "customer": "customer 000001", "request_type": "agent",
                  "model": "o1"}
        answers = []
        for server in (ours, peer):
            with closing(Client(server.port)) as client:
                answers.append([client.ask("POST", "/v1/usage", report) for _ in range(2)])
                changed = client.ask("POST", "/v1/usage", {**report, "model": "gpt-4o"})[0]
                check(changed == 409, f"{server.name} answers {changed} to other content")
        parsed = [[(status, json.loads(body)) for status, body in pair] for pair in answers]
        check(parsed[0] == parsed[1], f"ratecard answers {parsed[0]}, FastAPI {parsed[1]}")
        before = buckets(ours)
        found = laps([ours, peer], options, "usage")
        results["longest commit"] = longest(before, buckets(ours))
        found["decide"] = [lap(ours, options.seconds, "decide", n) for n in range(options.laps)]
    results["usage"] = medians(found)
    aim = results["aims"].append
    aim(("usage: requests/s against decide", ratio(found, "ratecard", "decide", "rate"), ">=", 0.30))
    aim(("usage: requests/s against FastAPI", ratio(found, "ratecard", "FastAPI", "rate"), ">=", 15))


def buckets(server):
    """The histogram of commits: how many took at most so many seconds."""
    pattern = re.compile(r'ratecard_commit_seconds_bucket\{le="([^"]+)"\}')
    return {float(match[1]): count for name, count in server.metrics().items()
            if (match := pattern.fullmatch(name))}


def longest(before, after):
    """The bound, in milliseconds, below which all commits between two readings lie."""
    total = after[float("inf")] - before[float("inf")]
    bound = min(bound for bound in after if after[bound] - before[bound] == total)
    return {"commits": int(total), "at most ms": round(bound * 1000, 3)}


def measure_commits(options, ours, results):
    """A hundred events a commit against appending a hundred times 300 bytes and fdatasync."""
    def commits():
        samples = ours.metrics()
        return samples["ratecard_commit_seconds_sum"], samples["ratecard_commit_seconds_count"]

    ratios, theirs, rates = [], [], []
    file = os.open(f"{options.place}/raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    piece = b"x" * 30_000
    number = 0
    with closing(Client(ours.port)) as client:
        for _ in range(options.laps):
            before = commits()
            for _ in range(200):
                batch = []
                for _ in range(100):
                    number += 1
                    batch.append({"id": f"group {number}", "request_type": "agent", "model": "o1",
                                  "customer": f"customer {number * 7919 % CUSTOMERS:06}"})
                status, body = client.ask("POST", "/v1/usage", batch)
                check(status == 200, f"a batch is answered {status} {body}")
            after = commits()
            each = (after[0] - before[0]) / (after[1] - before[1])
            began = time.monotonic()
            for _ in range(200):
                os.write(file, piece)
                os.fdatasync(file)
            raw = (time.monotonic() - began) / 200
            theirs.append(raw)
            rates.append(each)
            ratios.append(raw / each)
    os.close(file)
    results["commits of 100 events"] = {
        "ratecard us": round(statistics.median(rates) * 1e6),
        "append + fdatasync us": round(statistics.median(theirs) * 1e6)}
    results["aims"].append(
        ("commit of 100 events: speed against append + fdatasync", statistics.median(ratios),
         ">=", 0.5))


def large_card(extra):
    """A card of ten thousand rules."""
    lines = ["ratecard: 1", "name: ten thousand rules", "credit: {unit: credit, decimals: 4}",
             "plans:", "  pro: {product: p, price: 20 USD per month, credits: 500}",
             "tiers: [{tier: premium}, {tier: slow, when: {balance: {at_most: 0}}}]", "models:"]
    lines += [f"  model-{n:05}: {{}}" for n in range(2_500)]
    lines += ["costs:", "  - {name: anything else, credits: %d}" % (1 + extra)]
    for n in range(2_500):
        for k, kind in enumerate(("chat", "agent", "composer", "edit")):
            lines.append(f"  - {{name: rule {n} {kind}, credits: {n % 97 + k + 1}.5, "
                         f"when: {{model: model-{n:05}, request_type: {kind}}}}}")
    return "\n".join(lines) + "\n"


def replace_card(path, text):
    """Writes a card at once, as an editor does."""
    (path / "next").write_text(text)
    (path / "next").rename(path / "card.yaml")


def measure_reloads(options, results):
    """Decisions while a card of ten thousand rules changes once a second, and while it does not."""
    place = Path(folder())
    store = f"sqlite:{place}/reload.db"
    card = place / "card"
    card.mkdir()
    replace_card(card, large_card(0))
    quiet, changing = [], []
    # A reload has the other processor, as far as wrk leaves it.
    with Ratecard(options.program, card, store, wrapper=()) as service:
        service.start()
        service.stop()
        Ledger(store).add_customers(CUSTOMERS)
        service.start()
        wrk(service.port, 1, "decide", "warm", threads=1, prefix=LOADER)
        loaded = 'ratecard_reloads_total{result="loaded"}'
        before = service.metrics()[loaded]
        seconds = max(options.seconds, 4)
        for number in range(options.laps):
            quiet.append(lap(service, seconds, "decide", number))
            # Made before, for who writes them is not to take the processor from who reads them.
            cards = [large_card(number * 1000 + change + 1) for change in range(seconds)]
            child = os.fork()
            if child == 0:
                for text in cards:
                    replace_card(card, text)
                    time.sleep(1)
                os._exit(0)
            changing.append(lap(service, seconds, "decide", number))
            os.waitpid(child, 0)
            time.sleep(1.2)
        reloads = service.metrics()[loaded] - before
        service.stop()
    check(reloads >= options.laps * (seconds - 1), f"only {reloads} reloads were seen")
    results["reloads"] = medians({"quiet": quiet, "changing": changing})
    results["reloads"]["reloads"] = reloads
    results["aims"].append(
        ("p99 while 10,000 rules are reloaded against p99", statistics.median(
            a["p99"] / b["p99"] for a, b in zip(changing, quiet)), "<=", 2))


def table(results):
    for kind in ("decide", "usage", "reloads"):
        if kind not in results:
            continue
        print(f"\n{kind:<10}{'requests/s':>12}{'CPU us':>9}{'kernel':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
        for name, found in results[kind].items():
            if isinstance(found, dict):
                print(f"{name:<10}{found['rate']:>12,.0f}{found['cpu']:>9.1f}"
                      f"{found['kernel']:>9.1f}{found['p50']:>9.2f}"
                      f"{found['p99']:>9.2f}{found['max']:>9.1f}")
    for kind in ("commits of 100 events", "longest commit"):
        if kind in results:
            print(f"\n{kind}: " + ", ".join(f"{k} {v}" for k, v in results[kind].items()))
    print()
    for name, value, sign, aim in results["aims"]:
        print(f"{'ok ' if met(value, sign, aim) else 'MISS'} {name:<58}{value:>8.2f} {sign} {aim}")


def met(value, sign, aim):
    return value >= aim if sign == ">=" else value <= aim


def main(options):
    results = {"aims": []}
    parts = options.only.split(",")
    ledger = Ledger(options.store)
    with Ratecard(options.program, ROOT / "pricing", options.store) as ours:
        ours.start()
        time.sleep(1)
        idle = ours.memory()[0] / 1024
        results["aims"].append(("idle memory in MiB", round(idle, 1), "<=", 40))
        ours.stop()
        ledger.add_customers(CUSTOMERS)
        ours.start()
        if "decide" in parts:
            measure_decide(options, ours, results)
        if "usage" in parts:
            measure_usage(options, ours, results)
        if "commits" in parts:
            measure_commits(options, ours, results)
        ours.stop()
    if "reloads" in parts:
        measure_reloads(options, results)
    table(results)
    out = ROOT / ".build/bench"
    out.mkdir(parents=True, exist_ok=True)
    results["aims"] = [
        {"what": name, "value": round(value, 3), "is": sign, "aim": aim, "met": met(value, sign, aim)}
        for name, value, sign, aim in results["aims"]]
    (out / "service.json").write_text(json.dumps(results, indent=1) + "\n")
    missed = [one["what"] for one in results["aims"] if not one["met"]]
    check(not missed, f"{len(missed)} of {len(results['aims'])} aims are missed: {'; '.join(missed)}")
    return f"{len(results['aims'])} aims are met"


if __name__ == "__main__":
    options = arguments(
        __doc__, laps=dict(type=int, default=5), seconds=dict(type=int, default=4),
        only=dict(default="decide,usage,commits,reloads"))
    # Beside the build, for /tmp may be memory.
    options.place = folder(ROOT / ".build")
    options.store = options.store or f"sqlite:{options.place}/store.db"
    run(lambda: main(options))
