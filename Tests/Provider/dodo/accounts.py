"""A customer's credits: grants, the ledger of everything that moved them, and overage."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from dodo import webhooks
from dodo.clock import add_interval, write_time
from dodo.exact import plain, round_down
from dodo.world import BRAND, BUSINESS

ZERO = Decimal(0)
FOREVER = datetime.max

WEBHOOK_OF = {
    "credit_added": "credit.added",
    "credit_deducted": "credit.deducted",
    "credit_expired": "credit.expired",
    "credit_rolled_over": "credit.rolled_over",
    "rollover_forfeited": "credit.rollover_forfeited",
    "overage_charged": "credit.overage_charged",
    "overage_reset": "credit.overage_reset",
    "manual_adjustment": "credit.manual_adjustment",
}


@dataclass
class Grant:
    """Credits that came at once and expire at once. `terms` say how they roll over."""

    id: str
    customer_id: str
    entitlement_id: str
    source_type: str
    source_id: str | None
    initial: Decimal
    remaining: Decimal
    terms: dict
    created_at: datetime
    expires_at: datetime | None
    metadata: dict
    parent_id: str | None = None
    rollover_count: int = 0
    expired: bool = False
    rolled_over: bool = False
    updated_at: datetime | None = None

    @property
    def status(self):
        return "expired" if self.expired else "active" if self.remaining else "depleted"


@dataclass
class Account:
    """A customer's balance of one credit entitlement."""

    id: str
    customer_id: str
    entitlement_id: str
    created_at: datetime
    overage: Decimal = ZERO
    grants: list = field(default_factory=list)
    last_transaction_at: datetime | None = None

    @property
    def balance(self):
        return sum((grant.remaining for grant in self.grants), ZERO)


def open_account(world, customer_id, entitlement_id):
    """The customer's account, made at its first use."""
    key = (customer_id, entitlement_id)
    if key not in world.accounts:
        world.accounts[key] = Account(
            world.ids.make("ccb"), customer_id, entitlement_id, world.clock.now()
        )
    return world.accounts[key]


def terms(world, subscription, entitlement_id):
    """What holds for a subscription's credits: what its product says, else the entitlement itself."""
    for item in subscription["cart"]:
        if item["credit_entitlement_id"] == entitlement_id:
            return item
    return world.entitlements[entitlement_id]


def grant(
    world,
    account,
    amount,
    source,
    terms,
    metadata,
    expires_at,
    kind="credit_added",
    parent=None,
    **words,
):
    """Adds credits. `source` is the type and id of what they come from."""
    now = world.clock.now()
    before, overage_before = account.balance, account.overage
    repaid = ZERO
    if terms["overage_behavior"] == "carry_deficit_auto_repay":
        repaid = min(amount, account.overage)
    added = Grant(
        world.ids.make("cgr"), account.customer_id, account.entitlement_id, *source, amount, amount - repaid, terms,
        now, expires_at, metadata, updated_at=now,
    )  # fmt: skip
    if parent is not None:
        added.parent_id, added.rollover_count = parent.id, parent.rollover_count + 1
    account.overage -= repaid
    account.grants.append(added)
    world.grants[added.id] = added
    if expires_at is not None:
        world.schedule(expires_at, "expire_grant", added.id)
    return post(
        world, account, kind, amount, True, before, overage_before, added, metadata, **words
    )


def expiry(world, terms):
    days = terms["expires_after_days"]
    return None if days is None else world.clock.now() + timedelta(days=days)


def charge(world, account, amount, terms, subscription):
    """Takes credits for usage, then overage as far as the terms allow; answers what nobody pays."""
    before = account.balance
    words = {"reference": ("subscription", subscription["subscription_id"])}
    metadata = subscription["metadata"]
    for source, part in _sources(world, account, amount):
        balance = account.balance
        _reduce(world, source, part)
        post(
            world,
            account,
            "credit_deducted",
            part,
            False,
            balance,
            account.overage,
            source,
            metadata,
            **words,
        )
        amount -= part
    if amount and terms["overage_enabled"]:
        limit = terms["overage_limit"]
        over = amount if limit is None else min(amount, max(ZERO, Decimal(limit) - account.overage))
        if over:
            balance, overage = account.balance, account.overage
            account.overage += over
            post(
                world,
                account,
                "overage_charged",
                over,
                False,
                balance,
                overage,
                None,
                metadata,
                **words,
            )
            amount -= over
    watch(world, account, before)
    return amount


def debit(world, account, amount, kind, metadata, **words):
    """Takes credits that are there at once, as one entry of the ledger."""
    before = account.balance
    parts = _sources(world, account, amount)
    for source, part in parts:
        _reduce(world, source, part)
    only = parts[0][0] if len(parts) == 1 else None
    entry = post(
        world, account, kind, amount, False, before, account.overage, only, metadata, **words
    )
    watch(world, account, before)
    return entry


def _sources(world, account, amount):
    """Which grants give how much: the oldest first, or the one that expires first."""
    grants = [grant for grant in account.grants if grant.remaining]
    if world.settings["grant_order"] == "earliest_expiring":
        grants.sort(
            key=lambda grant: grant.expires_at.replace(tzinfo=None) if grant.expires_at else FOREVER
        )
    parts = []
    for source in grants:
        part = min(source.remaining, amount)
        if part:
            parts.append((source, part))
            amount -= part
    return parts


def _reduce(world, source, part):
    source.remaining -= part
    source.updated_at = world.clock.now()


def expire(world, grant_id):
    """Ends a grant. What rolls over lives on in a new one; the rest is forfeited or just expires."""
    old = world.grants[grant_id]
    account = world.accounts[(old.customer_id, old.entitlement_id)]
    rest, old.expired = old.remaining, True
    if not rest:
        return
    start = account.balance
    carried = _carried(world, old)
    if carried:
        old.rolled_over = True
        after = old.terms["rollover_timeframe_count"]
        until = expiry(world, old.terms)
        if after is not None:
            until = add_interval(world.clock.now(), after, old.terms["rollover_timeframe_interval"])
        grant(
            world, account, carried, ("rollover", old.id), {**old.terms, "overage_behavior": "carry_deficit"},
            old.metadata, until, "credit_rolled_over", old, reference=("grant", old.id),
        )  # fmt: skip
    lost = rest - carried
    parts = [(lost, "rollover_forfeited"), (carried, "credit_expired")]
    if not old.terms["rollover_enabled"]:
        parts = [(lost, "credit_expired")]
    for part, kind in parts:
        if part:
            before = account.balance
            _reduce(world, old, part)
            post(
                world,
                account,
                kind,
                part,
                False,
                before,
                account.overage,
                old,
                old.metadata,
                reference=("grant", old.id),
            )
    watch(world, account, start)


def _carried(world, old):
    if not old.terms["rollover_enabled"]:
        return ZERO
    most = old.terms["max_rollover_count"]
    if most is not None and old.rollover_count >= most:
        return ZERO
    percent = old.terms["rollover_percentage"]
    share = old.remaining * (100 if percent is None else percent) * Decimal("0.01")
    return round_down(share, world.entitlements[old.entitlement_id]["precision"])


def reset_overage(world, account, terms, subscription):
    """At the start of a billing period: forgets or invoices overage, or carries it on."""
    behaviour = terms["overage_behavior"]
    if not account.overage or behaviour.startswith("carry_deficit"):
        return
    before, account.overage = account.overage, ZERO
    words = {"reference": ("subscription", subscription["subscription_id"])}
    post(
        world,
        account,
        "overage_reset",
        before,
        True,
        account.balance,
        before,
        None,
        subscription["metadata"],
        **words,
    )
    if behaviour == "invoice_at_billing":
        world.invoices.append(
            {
                "subscription_id": subscription["subscription_id"],
                "credit_entitlement_id": account.entitlement_id,
                "units": plain(before),
                "price_per_unit": terms["price_per_unit"],
                "amount": plain(before * Decimal(terms["price_per_unit"] or 0)),
            }
        )


def post(
    world, account, kind, amount, is_credit, balance_before, overage_before, source, metadata,
    reference=(None, None), description=None,
):  # fmt: skip
    """Writes an entry of the ledger and tells the webhooks."""
    now = world.clock.now()
    account.last_transaction_at = now
    entry = {
        "id": world.ids.make("cle"),
        "business_id": BUSINESS,
        "brand_id": BRAND,
        "customer_id": account.customer_id,
        "credit_entitlement_id": account.entitlement_id,
        "grant_id": source.id if source else None,
        "transaction_type": kind,
        "amount": plain(amount),
        "is_credit": is_credit,
        "balance_before": plain(balance_before),
        "balance_after": plain(account.balance),
        "overage_before": plain(overage_before),
        "overage_after": plain(account.overage),
        "description": description,
        "reference_type": reference[0],
        "reference_id": reference[1],
        "metadata": dict(metadata or {}),
        "created_at": write_time(now),
    }
    world.entries.append(entry)
    webhooks.emit(world, WEBHOOK_OF[kind], ("entry", entry))
    return entry


def watch(world, account, before):
    """Tells that the balance fell below a subscription's threshold."""
    after = account.balance
    if after >= before:
        return
    for subscription in world.subscriptions.values():
        if subscription["customer_id"] != account.customer_id or subscription["status"] not in (
            "active",
            "past_due",
        ):
            continue
        for item in subscription["cart"]:
            percent = item["low_balance_threshold_percent"]
            if item["credit_entitlement_id"] != account.entitlement_id or percent is None:
                continue
            threshold = Decimal(item["credits_amount"]) * percent * Decimal("0.01")
            crossed = before >= threshold or world.settings["balance_low"] == "every_deduction"
            if after < threshold and crossed:
                fields = {
                    "brand_id": BRAND,
                    "customer_id": account.customer_id,
                    "subscription_id": subscription["subscription_id"],
                    "credit_entitlement_id": account.entitlement_id,
                    "credit_entitlement_name": item["credit_entitlement_name"],
                    "available_balance": plain(after),
                    "subscription_credits_amount": item["credits_amount"],
                    "threshold_percent": percent,
                    "threshold_amount": plain(threshold),
                }
                webhooks.emit(world, "credit.balance_low", ("balance_low", fields))
