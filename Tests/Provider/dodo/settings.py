"""What can be set while the stand-in runs: mostly the readings of questions the facts leave open.

The first of the listed values is the default. README.md says what each is for.
"""

CHOICES = {
    # How long an accepted event waits for the worker that deducts credits.
    "usage_delay_seconds": 60,
    # Whether `ingested_count` counts the events that were ignored because their id was known.
    "ingested_count": ("new", "all"),
    "unknown_customer_status": (400, 404, 422),
    "unknown_fields": ("refuse", "ignore"),
    # Whether a summed number keeps its digits or goes through a double, as the field's format hints.
    "numbers": ("exact", "double"),
    "sum_strings": (False, True),
    "free_threshold": ("ignored", "applied"),
    "grant_order": ("oldest", "earliest_expiring"),
    "balance_low": ("crossing", "every_deduction"),
    "balance_low_data": ("delivery", "event"),
    "webhook_amounts": ("strings", "numbers"),
    "api_debit_type": ("manual_adjustment", "credit_deducted"),
    "renewal_order": ("renewed_first", "credits_first"),
    "change_usage_based_plan": ("refuse", "allow"),
    # Requests in any second and in any minute; null for no limit.
    "requests_per_second": 40,
    "requests_per_minute": 240,
    "rate_limit_reset": ("seconds", "unix"),
    # Seconds, or null for a 429 without Retry-After.
    "retry_after": None,
    "max_body_bytes": 5 * 1024 * 1024,
    # Of the machine's time, not of the stand-in's clock.
    "webhook_timeout_seconds": 15,
}


class Settings(dict):
    """The present choices."""

    def __init__(self):
        super().__init__(
            (name, choice[0] if isinstance(choice, tuple) else choice)
            for name, choice in CHOICES.items()
        )

    def change(self, changes):
        """Takes over all changes or, raising ValueError, none."""
        for name, value in changes.items():
            if name not in CHOICES:
                raise ValueError(f"there is no setting {name}")
            choice = CHOICES[name]
            if isinstance(choice, tuple) and value not in choice:
                raise ValueError(f"{name} is one of {', '.join(map(str, choice))}")
            if not isinstance(choice, tuple) and not (value is None or isinstance(value, int)):
                raise ValueError(f"{name} is a number or null")
        self.update(changes)
