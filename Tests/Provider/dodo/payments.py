"""Payments: every one succeeds unless a test lets a checkout fail."""

from dodo import customers
from dodo.clock import write_time
from dodo.world import BRAND, BUSINESS


def pay(world, customer, amount, currency, metadata, status="succeeded", subscription_id=None):
    """A payment on record; whoever asks for it tells the webhooks."""
    payment = {
        "payment_id": world.ids.make("pay"),
        "business_id": BUSINESS,
        "brand_id": BRAND,
        "status": status,
        "total_amount": amount,
        "settlement_amount": amount,
        "currency": currency,
        "settlement_currency": currency,
        "customer": customers.brief(customer),
        "metadata": metadata,
        "subscription_id": subscription_id,
        "subscription_ids": [subscription_id] if subscription_id else [],
        "is_multi_subscription": False,
        "is_update_payment_method": False,
        "includes_usage": False,
        "service_periods": [],
        "payment_provider": "dodo",
        "retry_attempt": 0,
        "billing": {"country": "US", "city": None, "state": None, "street": None, "zipcode": None},
        "digital_products_delivered": False,
        "disputes": [],
        "refunds": [],
        "product_cart": None,
        "created_at": write_time(world.clock.now()),
    }
    world.payments[payment["payment_id"]] = payment
    return payment
