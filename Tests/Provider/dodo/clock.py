"""The stand-in's clock: it stands still unless it is moved, or follows the machine's when told to."""

import re
import time
from datetime import datetime, timedelta, timezone

_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
START = datetime(2026, 11, 23, 10, 0, 0, tzinfo=timezone.utc)


def parse_time(text):
    """The moment that an RFC 3339 time names, in UTC, or nothing if it names none."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return None
    text = re.sub(r"(\.\d{1,6})\d*", r"\1", text.upper())
    try:
        return datetime.fromisoformat(text).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def write_time(moment):
    """A moment the way the provider writes it: microseconds and Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None


def unix_seconds(moment):
    """Whole seconds since 1970."""
    return int(moment.timestamp())


def add_interval(moment, count, interval):
    """So many days, weeks, months or years later; the 31st becomes the last day of a shorter month."""
    if interval in ("Day", "Week"):
        return moment + timedelta(days=count * (7 if interval == "Week" else 1))
    months = moment.month - 1 + count * (12 if interval == "Year" else 1)
    year, month = moment.year + months // 12, months % 12 + 1
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month)


class Clock:
    """Tells the time. Frozen, it keeps what it was set to; following, it runs along from there."""

    def __init__(self, start=START, following=False):
        self._set_to = start
        self._since = time.monotonic()
        self.following = following

    def now(self):
        if not self.following:
            return self._set_to
        return self._set_to + timedelta(seconds=time.monotonic() - self._since)

    def set(self, moment):
        self._set_to = moment
        self._since = time.monotonic()

    def follow(self, following):
        self.set(self.now())
        self.following = following

    def __getstate__(self):
        return {"_set_to": self.now(), "_since": 0, "following": self.following}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._since = time.monotonic()
