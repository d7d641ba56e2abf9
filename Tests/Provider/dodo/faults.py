"""Faults that a test asks for: in answers to requests, in deliveries of webhooks, and outages."""

import random

from dodo.clock import parse_time

ANSWER_KINDS = (
    "status",
    "reset",
    "silence",
    "trickle",
    "html",
    "truncated",
    "cut",
    "wrong_types",
    "empty",
)
WEBHOOK_KINDS = ("drop", "duplicate", "delay", "hold")

_ANSWER_FIELDS = {
    "kind", "method", "path", "contains", "times", "skip", "probability", "from", "until",
    "effect", "status", "retry_after", "pause_milliseconds",
}  # fmt: skip
_WEBHOOK_FIELDS = {
    "kind",
    "type",
    "times",
    "skip",
    "probability",
    "from",
    "until",
    "seconds",
    "copies",
}


class Fault:
    """One fault and what it applies to: a request or webhook that fits, while its count lasts."""

    def __init__(self, identifier, fields, kinds, known):
        unknown = sorted(set(fields) - known)
        if unknown:
            raise ValueError(f"a fault has no {', '.join(unknown)}")
        if fields.get("kind") not in kinds:
            raise ValueError(f"kind is one of {', '.join(kinds)}")
        for side in ("from", "until"):
            if fields.get(side) is not None and parse_time(fields[side]) is None:
                raise ValueError(f"{side} is a time")
        self.id = identifier
        self.fields = fields
        self.kind = fields["kind"]
        self.start = parse_time(fields.get("from"))
        self.end = parse_time(fields.get("until"))
        self.left = fields.get("times")
        self.to_skip = fields.get("skip", 0)
        self.met = 0

    def get(self, name, default=None):
        value = self.fields.get(name)
        return default if value is None else value

    def strikes(self, now, chance):
        """Whether it applies to a thing that fits it; counts the thing."""
        if self.left == 0 or (self.start and now < self.start) or (self.end and now >= self.end):
            return False
        if self.to_skip > 0:
            self.to_skip -= 1
            return False
        if chance.random() >= float(self.get("probability", 1)):
            return False
        if self.left is not None:
            self.left -= 1
        self.met += 1
        return True

    def description(self):
        return {"id": self.id, "met": self.met, "left": self.left, **self.fields}


class Faults:
    """The faults in force; the first that fits and strikes is the one."""

    def __init__(self, seed):
        self.answers = []
        self.webhooks = []
        self._chance = random.Random(f"faults {seed}")
        self._made = 0

    def add_answer(self, fields):
        return self._add(self.answers, fields, ANSWER_KINDS, _ANSWER_FIELDS)

    def add_webhook(self, fields):
        return self._add(self.webhooks, fields, WEBHOOK_KINDS, _WEBHOOK_FIELDS)

    def clear(self):
        self.answers.clear()
        self.webhooks.clear()

    def for_request(self, method, path, body, now):
        """The fault for a request. `path` in a fault ending in * means the paths that start so."""
        for fault in self.answers:
            if fault.get("method", method) != method or not _fits(path, fault.get("path")):
                continue
            if fault.get("contains", "").encode() not in body:
                continue
            if fault.strikes(now, self._chance):
                return fault
        return None

    def for_webhook(self, kind, now):
        """The fault for a webhook of a type, which a fault may name whole or as `credit.*`."""
        for fault in self.webhooks:
            if _fits(kind, fault.get("type")) and fault.strikes(now, self._chance):
                return fault
        return None

    def delay(self, fault):
        """Seconds to wait: the fault's number, or something between the two it gives."""
        seconds = fault.get("seconds", [0, 600])
        return self._chance.randint(*seconds) if isinstance(seconds, list) else seconds

    def _add(self, faults, fields, kinds, known):
        self._made += 1
        faults.append(Fault(self._made, fields, kinds, known))
        return self._made


def _fits(text, pattern):
    if pattern is None:
        return True
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern
