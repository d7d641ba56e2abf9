"""The bodies of webhooks: when something happened, and the data as they are at the delivery."""

from decimal import Decimal

from dodo import subscriptions
from dodo.clock import write_time
from dodo.exact import plain
from dodo.world import BUSINESS

_AMOUNTS = (
    "amount", "balance_before", "balance_after", "overage_before", "overage_after", "available_balance",
    "subscription_credits_amount", "threshold_amount",
)  # fmt: skip


def payload(world, message):
    """What a delivery of a message carries."""
    return {
        "business_id": BUSINESS,
        "type": message["type"],
        "timestamp": message["timestamp"],
        "data": _content(world, *message["source"]),
    }


def _content(world, kind, subject, extra=None):
    if kind == "raw":
        return subject
    if kind == "subscription":
        subscription = world.subscriptions[subject]
        return {
            "payload_type": "Subscription",
            **subscriptions.answer(world, subscription),
            "past_due_ends_at": write_time(subscription["past_due_ends_at"]),
            **extra,
        }
    if kind == "payment":
        return {"payload_type": "Payment", **world.payments[subject]}
    content = {
        "payload_type": "CreditBalanceLow" if kind == "balance_low" else "CreditLedgerEntry",
        **subject,
    }
    if kind == "balance_low" and world.settings["balance_low_data"] == "delivery":
        account = world.accounts[(subject["customer_id"], subject["credit_entitlement_id"])]
        content["available_balance"] = plain(account.balance)
    if world.settings["webhook_amounts"] == "numbers":
        content.update({name: Decimal(content[name]) for name in _AMOUNTS if name in content})
    return content
