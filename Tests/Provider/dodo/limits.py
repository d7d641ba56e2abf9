"""How many requests a client may send: so many in any second and so many in any minute."""

import math
from collections import deque
from datetime import timedelta

from dodo.clock import unix_seconds

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
# A client without a valid key, by its address.
UNAUTHENTICATED = (20, 100)


class Limits:
    """Remembers when each client's admitted requests came. Requests turned away do not count."""

    def __init__(self):
        self._seen = {}
        self.turned_away = 0

    def admit(self, client, now, per_second, per_minute):
        """Whether the request may pass; with the headers to answer, the tighter limit's figures.

        The windows slide, which is stricter than windows that start afresh: a client that passes
        here obeys any reading of "40 a second, 240 a minute".
        """
        seen = self._seen.setdefault(client, deque())
        while seen and now - seen[0] >= MINUTE:
            seen.popleft()
        recent = 0
        for moment in reversed(seen):
            if now - moment >= SECOND:
                break
            recent += 1
        windows = []
        if per_second is not None:
            first = seen[-recent] if recent else now
            windows.append((per_second - recent, per_second, first + SECOND))
        if per_minute is not None:
            windows.append(
                (per_minute - len(seen), per_minute, (seen[0] if seen else now) + MINUTE)
            )
        if not windows:
            return True, None
        admitted = all(left > 0 for left, _, _ in windows)
        if admitted:
            seen.append(now)
        else:
            self.turned_away += 1
        left, limit, reset = min(windows, key=lambda window: (window[0], -window[2].timestamp()))
        return admitted, (limit, max(0, left - 1) if admitted else 0, reset)

    @staticmethod
    def headers(figures, now, unit):
        """The three published headers; what Reset is measured in is not published."""
        if figures is None:
            return {}
        limit, left, reset = figures
        value = unix_seconds(reset) if unit == "unix" else math.ceil((reset - now).total_seconds())
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": str(value),
        }
