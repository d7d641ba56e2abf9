"""Fills the disk under the service's store, and gives the space back.

    Tests/Service/full_disk.py .build/release/ratecard [--seed N]

The store lies on a small tmpfs in a mount namespace of its own, for which no rights are needed where
the kernel lets users have one (`unshare --map-root-user --mount`); elsewhere this says so and is skipped.
The disk is filled twice: by the store itself, and by another file. Each time:

- usage is refused with 503, `storage_full` and Retry-After, a batch as a whole;
- decisions, customers and the outbox are still answered, and the service is ready;
- a process that is killed on the full disk, or ended, either comes up again or says that there is no
  space, and comes up once there is;
- when space returns usage is taken again within a second, and all that was acknowledged is there once.
"""
import json
import os
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

from service import ROOT, Failed, Ledger, Service, arguments, check, folder, run

SIZE = 6 << 20


class Filling:
    """The disk, what lies on it beside the store, and what was acknowledged."""

    def __init__(self, program, disk):
        self.disk = Path(disk)
        self.store = f"sqlite:{disk}/store.db"
        self.service = Service(program, ROOT / "pricing", self.store, log="error")
        self.acknowledged = {}
        self.refused = 0
        self.sent = 0

    def fill(self, name, room=0):
        """Makes a file that leaves so much room."""
        with open(self.disk / name, "wb") as file:
            state = os.statvfs(self.disk)
            os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - room)

    def usage(self):
        self.sent += 1
        return {"id": f"event {self.sent}", "customer": f"customer {self.sent % 7}",
                "request_type": "agent", "model": "gpt-4o"}

    def record(self, count=1):
        """Records usage; whether it was acknowledged."""
        batch = [self.usage() for _ in range(count)]
        status, body = self.service.ask("POST", "/v1/usage", batch if count > 1 else batch[0])
        answer = json.loads(body)
        if status == 503:
            check(answer["error"]["code"] == "storage_full", f"usage is answered 503 {answer}")
            self.refused += count
            return False
        check(status == 200, f"usage is answered {status} {answer}")
        for usage, one in zip(batch, answer if count > 1 else [answer]):
            check(one["recorded"] is True, f"usage is answered {one}")
            self.acknowledged[usage["id"]] = Decimal(one["credits"])
        return True

    def record_until_full(self, count):
        for _ in range(20_000):
            if not self.record(count):
                return
        raise Failed("the disk does not fill")

    def others(self):
        """What needs no space is answered all the while."""
        for method, path, body in [
                # One whom the store knows, and one whose first tier it cannot keep.
                ("POST", "/v1/decide", {"model": "o1", "customer": "customer 1"}),
                ("POST", "/v1/decide", {"model": "o1", "customer": f"nobody {self.sent}"}),
                ("GET", "/v1/customers/customer%201", None), ("GET", "/v1/outbox?limit=1", None),
                ("GET", "/readyz", None), ("GET", "/metrics", None)]:
            status, answer = self.service.ask(method, path, body)
            check(status == 200, f"on a full disk {path} is answered {status} {answer}")

    def recover(self):
        """Usage is taken again soon."""
        began = time.monotonic()
        while not self.record():
            check(time.monotonic() - began < 1, "there is space, and usage is refused after 1 s")
            time.sleep(0.02)
        check(self.record(50), "a batch is refused, and there is space")

    def restart(self):
        """Kills the process and starts it on the full disk; whether it comes up."""
        self.service.kill()
        try:
            self.service.start()
        except Failed:
            text = self.service.log()
            check("no space" in text.lower(), f"on a full disk it does not start, and says: {text}")
            return False
        return True

    def compare(self):
        """What was acknowledged, and what may be, is in the store once."""
        rows = Ledger(self.store).usage()
        stored = {name: credits for _, name, _, credits in rows}
        check(len(rows) == len(stored), "an event is in the store twice")
        lost = [name for name, credits in self.acknowledged.items() if stored.get(name) != credits]
        check(not lost, f"{len(lost)} acknowledged events are lost, {lost[:5]} among them")
        extra = len(stored) - len(self.acknowledged)
        check(extra == 0, f"{extra} events that were refused are in the store")
        check(sum(stored.values()) == sum(Ledger(self.store).pending().values()),
              "what is pending is not the sum of the events")


def main(options):
    disk = folder()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", disk], check=True)
    filling = Filling(options.program, disk)
    came_up = []
    try:
        with filling.service as service:
            service.start()
            for count in (1, 40):
                for name, room in (("ballast", 300_000), ("wall", 0)):
                    filling.fill(name, room)
                    filling.record_until_full(count)
                    filling.others()
                    check(not filling.record(200), "a batch is recorded on a full disk")
                    filling.compare()
                    came_up.append(filling.restart())
                    if came_up[-1]:
                        filling.others()
                    (filling.disk / name).unlink()
                    if not came_up[-1]:
                        service.start()
                    filling.recover()
                    filling.compare()
            service.stop()
        filling.compare()
    finally:
        subprocess.run(["umount", "-l", disk], check=False)
    return (f"{len(filling.acknowledged)} events acknowledged and there, {filling.refused} refused; "
            f"killed on the full disk {len(came_up)} times, came up {sum(came_up)} times there "
            "and every time once there was space")


if __name__ == "__main__":
    if "RATECARD_OWN_MOUNTS" not in os.environ:
        command = ["unshare", "--map-root-user", "--mount"]
        if subprocess.run([*command, "true"], capture_output=True).returncode:
            print("full disk: SKIPPED: this kernel does not let us have a mount namespace")
            sys.exit(0)
        os.environ["RATECARD_OWN_MOUNTS"] = "1"
        os.execvp(command[0], [*command, sys.executable, *sys.argv])
    options = arguments(__doc__)
    run(lambda: main(options))
