"""The service as the checks beside this file run it: started, asked, killed, and its store read.

Not a check of its own.
"""
import argparse
import atexit
import http.client
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
# Eight decimals and no rounding: sums of many prices are exact.
TINY = ROOT / "Examples/puzzles/p31-tiny-requests"

# When customers were made known, in nanoseconds, and what those have who are not out of credits.
ADDED, PLENTY = 1_700_000_000_000_000_000, 1_000_000_000_000


class Failed(Exception):
    """The service did what it must not."""


def check(condition, message):
    if not condition:
        raise Failed(message)


def arguments(description, **more):
    """The command line that all checks have: the program, and where it is to keep its store."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="ratecard, from a release build")
    parser.add_argument(
        "--store", help="sqlite:FILE or postgres://…, empty; a file of its own when left out")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    for name, options in more.items():
        parser.add_argument("--" + name, **options)
    found = parser.parse_args()
    found.program = os.path.abspath(found.program)
    return found


def run(body):
    """Runs a check; its last line says what came of it, and so does its exit code."""
    name = Path(sys.argv[0]).stem.replace("_", " ")
    try:
        print(f"{name}: fine: {body()}")
    except (Failed, OSError) as failure:
        print(f"{name}: FAILED: {failure}")
        sys.exit(1)


def folder(place=None):
    """A folder that goes with this process."""
    path = tempfile.mkdtemp(prefix="ratecard-service-", dir=place)
    # A fork must not take its parent's folder away.
    owner = os.getpid()
    atexit.register(lambda: os.getpid() == owner and shutil.rmtree(path, ignore_errors=True))
    return path


def database(server):
    """The address of a new database on a PostgreSQL server, which goes with this process."""
    name = f"ratecard_{os.getpid()}_{random.SystemRandom().randrange(1 << 32)}"
    address = urlsplit(server)._replace(path="/" + name).geturl()

    def order(sql):
        subprocess.run(["psql", "-XAtq", "-c", sql, server], check=True, capture_output=True)

    order(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    owner = os.getpid()
    atexit.register(lambda: os.getpid() == owner and order(f"DROP DATABASE {name} (FORCE)"))
    return address


class Service:
    """One process that serves a card."""

    def __init__(self, program, card, store, *options, log="warning", environment=(), wrapper=()):
        self.store = store
        self.port = None
        self._command = [*wrapper, program, "serve", str(card), "--store", store, *options]
        self._environment = {**os.environ, **dict(environment)}
        self._log_level = log
        self._log = tempfile.TemporaryFile(dir=os.environ.get("TMPDIR"))
        self.process = None

    def spawn(self):
        """Starts the process, on the port it had, without waiting until it answers."""
        if self.port is None:
            self.port = free_port()
        self._log.seek(0)
        self._log.truncate()
        command = [*self._command, "--listen", f"127.0.0.1:{self.port}", "--log", self._log_level]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            env=self._environment)
        return self

    def start(self, seconds=30):
        """Starts the process and waits until it is ready."""
        self.spawn()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            check(self.process.poll() is None, f"the service ended by itself: {self.log()}")
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.005)
        raise Failed(f"the service is not ready after {seconds} s: {self.log()}")

    def log(self):
        return self.whole_log()[-2000:]

    def whole_log(self):
        """All that it wrote since it was started."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def kill(self):
        self.process.kill()
        return self.process.wait()

    def stop(self, seconds=5):
        """Ends it as an operator does; it must end cleanly and in time."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"the service did not end within {seconds} s of SIGTERM: {self.log()}")
        check(code == 0, f"the service ended with {code}: {self.log()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill()

    def connect(self, seconds=30):
        return Client(self.port, seconds)

    def ask(self, method, path, body=None, seconds=30, **headers):
        """One request on a connection of its own: its status and body."""
        with closing(self.connect(seconds)) as client:
            return client.ask(method, path, body, **headers)

    def memory(self):
        """Resident memory in KiB: what there is now, and the most there has been."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return int(fields["VmRSS"].split()[0]), int(fields["VmHWM"].split()[0])

    def metrics(self):
        """Every sample of /metrics by its name and labels."""
        text = self.ask("GET", "/metrics")[1].decode()
        lines = (line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
        return {name: float(value) for name, value in lines}


class Client:
    """A connection that stays open."""

    def __init__(self, port, seconds=30):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)

    def ask(self, method, path, body=None, **headers):
        """A status and a body; raises OSError when the service goes away before the answer's end."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error

    def close(self):
        self._connection.close()


def free_port():
    import socket
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wrk(port, seconds, load="decide", lap=0, threads=2, connections=64, prefix=()):
    """Loads a server with requests of known customers; what load.lua says came of it."""
    out = subprocess.run(
        [*prefix, "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
         "-s", str(ROOT / "Tests/Service/load.lua"), f"http://127.0.0.1:{port}"],
        check=True, capture_output=True, text=True,
        env={**os.environ, "RATECARD_LOAD": load, "RATECARD_LAP": str(lap)}).stdout
    return json.loads(out.splitlines()[-1])


class Ledger:
    """The store's tables, read beside the service, and not through it."""

    def __init__(self, address):
        self._address = address

    def rows(self, sql):
        kind, _, rest = self._address.partition(":")
        if kind == "sqlite":
            # A process that was killed leaves a log that takes write access to be read.
            with closing(sqlite3.connect(rest, timeout=30)) as database:
                database.execute("PRAGMA query_only = ON")
                return database.execute(sql).fetchall()
        out = subprocess.run(
            ["psql", "-XAtq", "-F", "\x1f", "-R", "\x1e", "-c", sql, self._address], check=True,
            capture_output=True, text=True).stdout.rstrip("\n")
        return [tuple(row.split("\x1f")) for row in out.split("\x1e")] if out else []

    def settle(self):
        """Waits until the database is done with what a killed process had sent it."""
        if self._address.startswith("sqlite:"):
            return
        busy = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND state <> 'idle'")
        end = time.monotonic() + 30
        while self.rows(busy) != [("0",)] and time.monotonic() < end:
            time.sleep(0.02)

    def add_customers(self, count):
        """Makes customers known, of whom every tenth is out of credits; nothing may serve the store."""
        sql = f"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})
            INSERT INTO ratecard_customer (id, plan, plan_at, plan_source, tier, balance, balance_at,
              balance_source, pending, held, updated_at)
            SELECT 'customer ' || substr('' || (1000000 + i), 2), 'pro', {ADDED}, 'operator',
              CASE WHEN i % 10 = 0 THEN 'slow' ELSE 'premium' END,
              CAST(CASE WHEN i % 10 = 0 THEN '0' ELSE '{PLENTY}' END AS numeric), {ADDED},
              'operator', CAST('0' AS numeric), CAST('0' AS numeric), {ADDED} FROM n"""
        if self._address.startswith("sqlite:"):
            with closing(sqlite3.connect(self._address.removeprefix("sqlite:"))) as database:
                database.execute(sql)
                database.commit()
        else:
            self.rows(sql)

    def usage(self, after=0):
        """(sequence, id, customer, credits) of the events recorded after one of them."""
        found = self.rows(
            "SELECT sequence, id, customer, credits FROM ratecard_usage "
            f"WHERE sequence > {after} ORDER BY sequence")
        return [(int(sequence), name, customer, Decimal(credits))
                for sequence, name, customer, credits in found]

    def letters(self):
        """The ids of usage that no rule priced."""
        return [name for (name,) in self.rows("SELECT id FROM ratecard_dead_letter")]

    def pending(self):
        """What is pending, by customer."""
        found = self.rows("SELECT id, pending FROM ratecard_customer")
        return {name: Decimal(pending) for name, pending in found}

    def waiting(self):
        """How many events are in the outbox."""
        return int(self.rows("SELECT count(*) FROM ratecard_outbox")[0][0])
