"""Does what the world has scheduled, in order, as the clock reaches it."""

import threading

from dodo import accounts, delivery, subscriptions, usage
from dodo.clock import write_time


def _expire_grant(world, grant_id):
    # Usage of the time before is charged to the credits that were there then.
    usage.run(world)
    accounts.expire(world, grant_id)


LOCKED = {"usage": usage.run, "expire_grant": _expire_grant, "renew": subscriptions.renew}


class Agenda:
    """One thread at a time does what is due, so that the order is the same in every run.

    Webhooks are delivered in turn with the rest: a receiver that is slow to answer holds up what
    comes later on the clock, never a request to the API.
    """

    def __init__(self, world):
        self.world = world
        self._turn = threading.RLock()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="agenda", daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        with self.world.lock:
            self._stopped = True
            self.world.changed.notify_all()
        self._thread.join(timeout=30)

    def settle(self):
        """Does everything that is due now; returns when nothing is."""
        with self._turn:
            while self._step(None):
                pass

    def advance(self, target):
        """Moves the clock to a moment, stopping at whatever is due on the way."""
        with self._turn:
            while self._step(target):
                pass
            with self.world.lock:
                self.world.clock.set(max(target, self.world.clock.now()))
            self.settle()

    def _step(self, target):
        world = self.world
        with world.lock:
            now = world.clock.now()
            taken = world.take_due(now if target is None else max(now, target))
            if taken is None:
                return False
            when, action, arguments = taken
            if target is not None and when > now:
                world.clock.set(when)
            if action != "deliver":
                LOCKED[action](world, *arguments)
                return True
        delivery.deliver(world, *arguments)
        return True

    def _run(self):
        world = self.world
        while True:
            with world.lock:
                if self._stopped:
                    return
                due = world.next_due()
                wait = None
                if due is not None:
                    wait = (due - world.clock.now()).total_seconds()
                    if not world.clock.following and wait > 0:
                        wait = None
                if wait is None or wait > 0:
                    world.changed.wait(wait)
                    continue
            self.settle()

    def description(self):
        """What is to come, for a test to look at."""
        with self.world.lock:
            entries = []
            for action in ("usage", "expire_grant", "renew", "deliver"):
                entries += [
                    {"at": write_time(when), "action": action}
                    for when, _ in self.world.scheduled(action)
                ]
            return sorted(entries, key=lambda entry: entry["at"])
