"""The stand-in as a program, and what it forgets when it is stopped: nothing."""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

PROGRAM = pathlib.Path(__file__).with_name("standin.py")


class ProcessTests(unittest.TestCase):
    def start(self, *arguments):
        process = subprocess.Popen(
            [sys.executable, PROGRAM, "--port", "0", *arguments], stdout=subprocess.PIPE, text=True
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, process.stdout.readline().strip()

    def ask(self, address, path, body=None, key="dodo_test_standin"):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address + path, data, {"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def test_a_stopped_stand_in_goes_on_where_it_was(self):
        with tempfile.TemporaryDirectory() as folder:
            state = ("--state", f"{folder}/state", "--seed", "7")
            first, address = self.start(*state)
            self.assertRegex(address, r"^http://127\.0\.0\.1:\d+$")
            self.ask(
                address, "/__control/customers", {"customer_id": "cus_1", "email": "a@example.com"}
            )
            self.ask(address, "/__control/clock", {"advance_seconds": 90})
            event = {
                "event_id": "a",
                "customer_id": "cus_1",
                "event_name": "e",
                "metadata": {"credit_cost": 5},
            }
            self.ask(address, "/events/ingest", {"events": [event]})
            first.send_signal(signal.SIGTERM)
            self.assertEqual(first.wait(10), 0)
            _, address = self.start(*state)
            self.assertEqual(self.ask(address, "/events/a")["metadata"], {"credit_cost": 5})
            self.assertEqual(
                self.ask(address, "/events/ingest", {"events": [event]}), {"ingested_count": 0}
            )
            self.assertEqual(
                self.ask(address, "/__control/clock")["now"], "2026-11-23T10:01:30.000000Z"
            )

    def test_the_same_seed_makes_the_same_ids(self):
        body = {"email": "a@example.com", "name": "a"}
        made = {}
        for seed in ("1", "1", "2"):
            _, address = self.start("--seed", seed, "--mode", "live")
            made.setdefault(seed, set()).add(
                self.ask(address, "/customers", body, "dodo_live_standin")["customer_id"]
            )
        self.assertEqual(len(made["1"]), 1)
        self.assertNotEqual(made["1"], made["2"])

    def test_a_clock_that_runs(self):
        _, address = self.start("--follow", "--now", "2026-01-01T00:00:00Z")
        first, second = (self.ask(address, "/__control/clock")["now"] for _ in range(2))
        self.assertTrue(first.startswith("2026-01-01T00:00:0"))
        self.assertLess(first, second)


if __name__ == "__main__":
    unittest.main()
