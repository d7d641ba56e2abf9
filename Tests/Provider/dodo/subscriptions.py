"""Subscriptions: how they start, renew, change and end, and what their credits do meanwhile."""

from datetime import timedelta
from decimal import Decimal

from dodo import accounts, customers, paging, payments, products, usage, webhooks
from dodo.clock import add_interval, parse_time, write_time
from dodo.exact import divide, plain, round_down
from dodo.refusal import missing, unprocessable
from dodo.shape import fields
from dodo.world import BRAND

GRACE = timedelta(days=3)
NOWHERE = {"country": "US", "city": None, "state": None, "street": None, "zipcode": None}


def start(world, customer, product, quantity, mappings, metadata, request, trial_days):
    """Begins a subscription that is paid for; answers the payment and the subscription."""
    now = world.clock.now()
    price = product["price"]
    trial_days = trial_days if trial_days is not None else price.get("trial_period_days") or 0
    anchor = now + timedelta(days=trial_days)
    subscription = {
        "subscription_id": world.ids.make("sub"),
        "customer_id": customer["customer_id"],
        "status": "active",
        "quantity": quantity,
        "metadata": metadata,
        "billing": {**NOWHERE, **(request.get("billing_address") or {})},
        "trial_period_days": trial_days,
        "addons": [],
        "created_at": now,
        "anchor": anchor,
        "cycle": 0,
        "previous_billing_date": now,
        "expires_at": add_interval(
            anchor, price["subscription_period_count"], price["subscription_period_interval"]
        ),
        "cancel_at_next_billing_date": False,
        "cancelled_at": None,
        "paused_at": None,
        "past_due_ends_at": None,
        **_sold(world, product, mappings),
    }
    subscription["next_billing_date"] = anchor if trial_days else _next_date(subscription)
    world.subscriptions[subscription["subscription_id"]] = subscription
    payment = _bill(world, subscription, 0 if trial_days else None)
    webhooks.emit(world, "payment.succeeded", ("payment", payment["payment_id"]))
    _tell(world, subscription, "active")
    for mapping in mappings:
        amount, until = Decimal(mapping["credits_amount"]), accounts.expiry(world, mapping)
        if trial_days and mapping["trial_credits"] is not None:
            amount = Decimal(mapping["trial_credits"])
        if trial_days and mapping["trial_credits_expire_after_trial"]:
            until = anchor
        _allot(world, subscription, mapping, amount, until)
    _schedule(world, subscription)
    return payment, subscription


def _sold(world, product, mappings):
    """What a subscription keeps of its product: later changes of the product do not reach it."""
    price = product["price"]
    links = []
    for link in price.get("meters") or []:
        meter = world.meters[link["meter_id"]]
        links.append(
            {
                "meter_id": meter["id"],
                "name": link.get("name") or meter["name"],
                "measurement_unit": link.get("measurement_unit") or meter["measurement_unit"],
                "description": link.get("description"),
                "currency": price["currency"],
                "free_threshold": link.get("free_threshold") or 0,
                "price_per_unit": link.get("price_per_unit"),
                "credit_entitlement_id": link.get("credit_entitlement_id"),
                "meter_units_per_credit": link.get("meter_units_per_credit"),
            }
        )
    return {
        "product_id": product["product_id"],
        "usage_based": price["type"] == "usage_based_price",
        "recurring_pre_tax_amount": price.get("price", price.get("fixed_price")),
        "currency": price["currency"],
        "tax_inclusive": bool(price.get("tax_inclusive")),
        "payment_frequency_count": price["payment_frequency_count"],
        "payment_frequency_interval": price["payment_frequency_interval"],
        "subscription_period_count": price["subscription_period_count"],
        "subscription_period_interval": price["subscription_period_interval"],
        "cart": mappings,
        "meters": links,
    }


def _next_date(subscription):
    count = (subscription["cycle"] + 1) * subscription["payment_frequency_count"]
    return add_interval(subscription["anchor"], count, subscription["payment_frequency_interval"])


def _schedule(world, subscription):
    due = subscription["next_billing_date"]
    world.schedule(due, "renew", subscription["subscription_id"], due)


def _bill(world, subscription, amount=None):
    customer = world.customers[subscription["customer_id"]]
    if amount is None:
        amount = subscription["recurring_pre_tax_amount"] * subscription["quantity"]
    return payments.pay(
        world, customer, amount, subscription["currency"], subscription["metadata"],
        subscription_id=subscription["subscription_id"],
    )  # fmt: skip


def _allot(world, subscription, mapping, amount, until):
    if amount > 0:
        account = accounts.open_account(
            world, subscription["customer_id"], mapping["credit_entitlement_id"]
        )
        source = ("subscription", subscription["subscription_id"])
        accounts.grant(
            world,
            account,
            amount,
            source,
            mapping,
            subscription["metadata"],
            until,
            reference=source,
        )


def _tell(world, subscription, event, **extra):
    webhooks.emit(
        world, f"subscription.{event}", ("subscription", subscription["subscription_id"], extra)
    )


def renew(world, identifier, due):
    """The end of a billing period: the next one begins, or the subscription ends."""
    subscription = world.subscriptions[identifier]
    if subscription["status"] not in usage.PAYING or subscription["next_billing_date"] != due:
        return
    usage.run(world)
    if subscription["cancel_at_next_billing_date"]:
        subscription.update(status="cancelled", cancelled_at=world.clock.now())
        _tell(world, subscription, "cancelled")
    elif due >= subscription["expires_at"]:
        subscription["status"] = "expired"
        _tell(world, subscription, "expired")
    else:
        _begin_period(world, subscription, due)


def _begin_period(world, subscription, due):
    if due > subscription["anchor"]:
        subscription["cycle"] += 1
    subscription.update(previous_billing_date=due, status="active", past_due_ends_at=None)
    subscription["next_billing_date"] = _next_date(subscription)
    for mapping in subscription["cart"]:
        account = accounts.open_account(
            world, subscription["customer_id"], mapping["credit_entitlement_id"]
        )
        accounts.reset_overage(world, account, mapping, subscription)
    payment = _bill(world, subscription)
    webhooks.emit(world, "payment.succeeded", ("payment", payment["payment_id"]))
    if world.settings["renewal_order"] == "renewed_first":
        _tell(world, subscription, "renewed", payment_id=payment["payment_id"])
    for mapping in subscription["cart"]:
        _allot(
            world,
            subscription,
            mapping,
            Decimal(mapping["credits_amount"]),
            accounts.expiry(world, mapping),
        )
    if world.settings["renewal_order"] == "credits_first":
        _tell(world, subscription, "renewed", payment_id=payment["payment_id"])
    _schedule(world, subscription)


def change_product(world, subscription, product, quantity=1):
    """Another plan from now on, with its credits: in full, or for what is left of the period."""
    usage.run(world)
    mappings = products.bought_credits(product, {"quantity": quantity})
    now, end = world.clock.now(), subscription["next_billing_date"]
    length = end - subscription["previous_billing_date"]
    left = divide(
        Decimal((end - now) // timedelta(microseconds=1)),
        Decimal(length // timedelta(microseconds=1)),
    )
    subscription.update(_sold(world, product, mappings), quantity=quantity)
    _tell(world, subscription, "plan_changed")
    for mapping in mappings:
        amount = Decimal(mapping["credits_amount"])
        if mapping["proration_behavior"] == "prorate":
            places = world.entitlements[mapping["credit_entitlement_id"]]["precision"]
            amount = round_down(amount * left, places)
        _allot(world, subscription, mapping, amount, accounts.expiry(world, mapping))


def act(world, identifier, action, product_id=None):
    """What a payment that fails, an operator or the passing of time does to a subscription."""
    subscription = find(world, identifier)
    now = world.clock.now()
    if action == "renew":
        due = subscription["next_billing_date"] = now
        subscription.update(anchor=now, cycle=0)
        return renew(world, identifier, due)
    if action == "change_plan":
        return change_product(world, subscription, products.find(world, product_id))
    changes = {
        "hold": ({"status": "on_hold"}, "on_hold"),
        "past_due": ({"status": "past_due", "past_due_ends_at": now + GRACE}, "past_due"),
        "pause": ({"status": "paused", "paused_at": now}, "paused"),
        "unpause": ({"status": "active", "paused_at": None}, "unpaused"),
        "reactivate": ({"status": "active", "past_due_ends_at": None}, "active"),
        "cancel": ({"status": "cancelled", "cancelled_at": now}, "cancelled"),
        "fail": ({"status": "failed"}, "failed"),
        "expire": ({"status": "expired"}, "expired"),
        "update": ({}, "updated"),
    }
    if action not in changes:
        raise unprocessable(f"action is renew, change_plan, {', '.join(changes)}")
    change, event = changes[action]
    subscription.update(change)
    _tell(world, subscription, event)


# The published calls


def find(world, identifier):
    subscription = world.subscriptions.get(identifier)
    if subscription is None:
        raise missing("subscription")
    return subscription


def read(world, call):
    return answer(world, find(world, call.params["subscription_id"]))


def listing(world, call):
    query = call.query
    paging.known_only(
        query,
        {
            "created_at_gte",
            "created_at_lte",
            "customer_id",
            "status",
            "brand_id",
            "product_id",
            "page_number",
            "page_size",
        },
    )
    start, end = (paging.moment(query, name) for name in ("created_at_gte", "created_at_lte"))
    found = [
        subscription
        for subscription in world.subscriptions.values()
        if all(
            query.get(name, subscription[name]) == subscription[name]
            for name in ("customer_id", "status", "product_id")
        )
        and query.get("brand_id", BRAND) == BRAND
        and (start is None or subscription["created_at"] >= start)
        and (end is None or subscription["created_at"] <= end)
    ]
    shown = fields("SubscriptionListResponseItem")
    return paging.page(
        found,
        query,
        lambda item: {name: value for name, value in answer(world, item).items() if name in shown},
    )


def patch(world, call):
    subscription = find(world, call.params["subscription_id"])
    given = {name: value for name, value in call.body.items() if value is not None}
    status = given.pop("status", None)
    if status in ("paused", "active"):
        if given:
            raise unprocessable("status paused or active must be sent alone")
        if subscription["status"] != {"paused": "active", "active": "paused"}[status]:
            raise unprocessable(
                f"a subscription that is {subscription['status']} cannot become {status}"
            )
        act(world, subscription["subscription_id"], "pause" if status == "paused" else "unpause")
        return answer(world, subscription)
    if status not in (None, "cancelled"):
        raise unprocessable(f"a subscription cannot be made {status}")
    for name in ("cancel_at_next_billing_date", "metadata", "billing"):
        if name in given:
            subscription[name] = given[name]
    if "next_billing_date" in given:
        due = parse_time(given["next_billing_date"])
        if due <= world.clock.now():
            raise unprocessable("next_billing_date lies ahead")
        subscription.update(next_billing_date=due, anchor=due, cycle=0)
        _schedule(world, subscription)
    act(world, subscription["subscription_id"], "cancel" if status else "update")
    return answer(world, subscription)


def change_plan(world, call):
    subscription = find(world, call.params["subscription_id"])
    product = products.find(world, call.body["product_id"])
    if subscription["status"] not in usage.PAYING:
        raise unprocessable("the subscription is inactive", "SUBSCRIPTION_INACTIVE")
    usage_based = subscription["usage_based"] or product["price"]["type"] == "usage_based_price"
    if usage_based and world.settings["change_usage_based_plan"] == "refuse":
        raise unprocessable(
            "Changing plans for usage based subscriptions is not supported", "UNSUPPORTED_ACTION"
        )
    change_product(world, subscription, product, call.body["quantity"])


def credit_usage(world, call):
    """The best single read: balance, overage and what is left of it, for each of the credits."""
    subscription = find(world, call.params["subscription_id"])
    items = []
    for mapping in subscription["cart"]:
        account = accounts.open_account(
            world, subscription["customer_id"], mapping["credit_entitlement_id"]
        )
        limit = mapping["overage_limit"] if mapping["overage_enabled"] else None
        headroom = None if limit is None else max(Decimal(0), Decimal(limit) - account.overage)
        spent = not mapping["overage_enabled"] or headroom == 0
        items.append(
            {
                "credit_entitlement_id": mapping["credit_entitlement_id"],
                "credit_entitlement_name": mapping["credit_entitlement_name"],
                "unit": mapping["credit_entitlement_unit"],
                "balance": plain(account.balance),
                "overage_enabled": mapping["overage_enabled"],
                "overage": plain(account.overage),
                "overage_limit": limit,
                "remaining_headroom": None if headroom is None else plain(headroom),
                "limit_reached": account.balance == 0 and spent,
            }
        )
    return {"subscription_id": subscription["subscription_id"], "items": items}


def answer(world, subscription):
    """A subscription as it is now, its balances included."""
    kept = fields("SubscriptionResponse")
    shown = {name: value for name, value in subscription.items() if name in kept}
    for name, value in shown.items():
        if hasattr(value, "strftime"):
            shown[name] = write_time(value)
    links = subscription["meters"]
    meter_fields = fields("MeterCartResponseItem")
    shown["customer"] = customers.brief(world.customers[subscription["customer_id"]])
    shown.update(on_demand=False, brand_id=BRAND, has_payment_method=True, discounts=[])
    shown["meters"] = [{name: link[name] for name in meter_fields} for link in links]
    shown["credit_entitlement_cart"] = [
        _cart_item(world, subscription, mapping) for mapping in subscription["cart"]
    ]
    shown["meter_credit_entitlement_cart"] = [
        {
            "meter_id": link["meter_id"],
            "meter_name": link["name"],
            "credit_entitlement_id": link["credit_entitlement_id"],
            "product_id": subscription["product_id"],
            "meter_units_per_credit": link["meter_units_per_credit"],
        }
        for link in links
        if link["credit_entitlement_id"] is not None
    ]
    for name in (
        "discount_cycles_remaining",
        "discount_id",
        "payment_method_id",
        "tax_id",
        "custom_field_responses",
    ):
        shown[name] = None
    return shown


def _cart_item(world, subscription, mapping):
    key = (subscription["customer_id"], mapping["credit_entitlement_id"])
    account = world.accounts.get(key)
    own = {
        "unit": mapping["credit_entitlement_unit"],
        "product_id": subscription["product_id"],
        "remaining_balance": plain(account.balance) if account else "0",
        "overage_balance": plain(account.overage) if account else "0",
    }
    return {
        name: own[name] if name in own else mapping[name]
        for name in fields("CreditEntitlementCartResponse")
    }
