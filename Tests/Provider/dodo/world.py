"""Everything the stand-in knows, in one place, and how it is kept in a file."""

import heapq
import os
import pickle
import random
import string
import threading
from datetime import timedelta

from dodo.clock import Clock
from dodo.faults import Faults
from dodo.limits import Limits
from dodo.settings import Settings

BUSINESS = "bus_standin"
BRAND = "brd_standin"


class Identifiers:
    """Makes ids that look like the provider's and are the same for the same seed."""

    _LETTERS = string.ascii_letters + string.digits

    def __init__(self, seed):
        self.random = random.Random(seed)
        self._made = 0

    def make(self, prefix):
        self._made += 1
        tail = "".join(self.random.choices(self._LETTERS, k=14))
        return f"{prefix}_{self._made:06d}{tail}"


class World:
    """The tables, the clock and what is to happen later. Hold `lock` to read or change any of it."""

    def __init__(self, seed=0, mode="test", clock=None):
        self.seed = seed
        self.mode = mode
        self.clock = clock or Clock()
        self._start = self.clock.now()
        self._make_locks()
        self.forget()

    def forget(self):
        """Starts again with nothing, as after the start with this seed."""
        self.clock.set(self._start)
        self.settings = Settings()
        self.ids = Identifiers(self.seed)
        self.faults = Faults(self.seed)
        self.limits = Limits()
        self.customers = {}
        self.meters = {}
        self.entitlements = {}
        self.products = {}
        self.sessions = {}
        self.payments = {}
        self.subscriptions = {}
        self.events = {}
        self.waiting_events = []
        self.tallies = {}
        self.charges = []
        self.accounts = {}
        self.grants = {}
        self.entries = []
        self.idempotency_keys = set()
        self.invoices = []
        self.endpoints = {}
        self.messages = []
        self.held_deliveries = []
        self.deliveries = []
        self.calls = []
        self.refusals = []
        self._agenda = []
        self._agenda_order = 0

    def _make_locks(self):
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)

    # The agenda: what is to happen at which moment. Entries due at one moment keep their order.

    def schedule(self, when, action, *arguments):
        """Notes that `action`, a name that agenda.py knows, is to be done at a moment."""
        with self.lock:
            self._agenda_order += 1
            heapq.heappush(self._agenda, (when, self._agenda_order, action, arguments))
            self.changed.notify_all()

    def schedule_in(self, seconds, action, *arguments):
        self.schedule(self.clock.now() + timedelta(seconds=seconds), action, *arguments)

    def next_due(self):
        """When the next entry is due, or nothing."""
        return self._agenda[0][0] if self._agenda else None

    def take_due(self, moment):
        """Takes the next entry that is due by a moment: when, action and arguments; or nothing."""
        if not self._agenda or self._agenda[0][0] > moment:
            return None
        when, _, action, arguments = heapq.heappop(self._agenda)
        return when, action, arguments

    def scheduled(self, action):
        """The moments at which an action is to be done, with its arguments."""
        return [
            (entry[0], entry[3])
            for entry in sorted(self._agenda, key=lambda e: e[:2])
            if entry[2] == action
        ]

    # Keeping it in a file, so that a stand-in that is stopped and started has forgotten nothing.

    def save(self, path):
        """Writes everything to a file, which is either the old or the new one, whole."""
        with self.lock:
            content = pickle.dumps(self)
        with open(f"{path}.part", "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{path}.part", path)

    @staticmethod
    def load(path):
        """The world that `save` wrote. The file must be one's own: it is a pickle."""
        with open(path, "rb") as file:
            return pickle.load(file)

    def __getstate__(self):
        return {
            name: value for name, value in self.__dict__.items() if name not in ("lock", "changed")
        }

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._make_locks()
