"""Products: prices, the meters of a usage-based price, and the credits that come with them."""

import uuid
from decimal import Decimal

from dodo import entitlements, paging
from dodo.clock import write_time
from dodo.exact import plain
from dodo.refusal import Refusal, missing, unprocessable
from dodo.world import BRAND, BUSINESS

# What a product may say differently from the entitlement it attaches.
OVERRIDES = (
    "expires_after_days", "rollover_enabled", "rollover_percentage", "rollover_timeframe_count",
    "rollover_timeframe_interval", "max_rollover_count", "overage_enabled", "overage_limit", "overage_behavior",
    "price_per_unit", "currency",
)  # fmt: skip
MOST_INTEGER_DIGITS = 5
MOST_DECIMALS = 12


def create(world, call):
    body = call.body
    now = write_time(world.clock.now())
    product = {
        "product_id": world.ids.make("pdt"),
        "business_id": BUSINESS,
        "brand_id": body.get("brand_id") or BRAND,
        "name": body["name"],
        "description": body.get("description"),
        "is_recurring": body["price"]["type"] != "one_time_price",
        "tax_category": body["tax_category"],
        "price": _price(world, body["price"]),
        "license_key_enabled": False,
        "metadata": body.get("metadata") or {},
        "addons": body.get("addons"),
        "image": None,
        "credit_entitlements": _attached(world, body.get("credit_entitlements") or []),
        "entitlements": [],
        "created_at": now,
        "updated_at": now,
        "archived": False,
    }
    _check_addons(product)
    world.products[product["product_id"]] = product
    return answer(product)


def _check_addons(product):
    if product["price"]["type"] == "usage_based_price" and product["addons"]:
        raise unprocessable(
            "add-ons in usage based billing are not supported",
            "ADDONS_IN_USAGE_BASED_BILLING_NOT_SUPPORTED",
        )


def _price(world, price):
    for link in price.get("meters") or []:
        meter = world.meters.get(link["meter_id"])
        if meter is None:
            raise unprocessable("a meter does not exist", "MISSING_METER_IDS")
        if meter["archived"]:
            raise unprocessable("a meter is deleted", "METER_IS_DELETED")
        units = link.get("meter_units_per_credit")
        if link.get("credit_entitlement_id") is not None:
            entitlements.find(world, link["credit_entitlement_id"])
            if units is None or Decimal(units) <= 0:
                raise unprocessable("meter_units_per_credit is required with credit_entitlement_id")
        elif units is not None:
            raise unprocessable("meter_units_per_credit needs a credit_entitlement_id")
        else:
            _check_unit_price(link.get("price_per_unit"))
    return price


def _check_unit_price(text):
    if text is None or Decimal(text) <= 0:
        raise unprocessable("price_per_unit of a meter must be more than 0")
    whole, _, decimals = text.partition(".")
    if len(whole.lstrip("0")) > MOST_INTEGER_DIGITS or len(decimals) > MOST_DECIMALS:
        raise unprocessable("price_per_unit has up to 5 integer digits and 12 decimals")


def _attached(world, requests):
    """The entitlements of a product, each with what the product says differently put in."""
    seen, mappings = set(), []
    for request in requests:
        entitlement = entitlements.find(world, request["credit_entitlement_id"])
        if entitlement["id"] in seen:
            raise unprocessable("a credit entitlement is attached twice")
        seen.add(entitlement["id"])
        if Decimal(request["credits_amount"]) <= 0:
            raise unprocessable("credits_amount must be more than 0")
        terms = {}
        for name in OVERRIDES:
            given = request.get(name)
            terms[name] = entitlement[name] if given is None else given
        if terms["overage_limit"] is not None:
            terms["overage_limit"] = str(terms["overage_limit"])
        entitlements.check_terms(terms)
        mappings.append(
            {
                "id": str(uuid.UUID(int=world.ids.random.getrandbits(128), version=4)),
                "credit_entitlement_id": entitlement["id"],
                "credit_entitlement_name": entitlement["name"],
                "credit_entitlement_unit": entitlement["unit"],
                "credits_amount": request["credits_amount"],
                "low_balance_threshold_percent": request.get("low_balance_threshold_percent"),
                **terms,
                "proration_behavior": request.get("proration_behavior") or "prorate",
                "trial_credits": request.get("trial_credits"),
                "trial_credits_expire_after_trial": bool(
                    request.get("trial_credits_expire_after_trial")
                ),
            }
        )
    return mappings


def answer(product):
    return {name: value for name, value in product.items() if name != "archived"}


def find(world, identifier):
    product = world.products.get(identifier)
    if product is None:
        raise missing("product")
    return product


def read(world, call):
    return answer(find(world, call.params["id"]))


def listing(world, call):
    paging.known_only(call.query, {"archived", "recurring", "brand_id", "page_number", "page_size"})
    archived = paging.flag(call.query, "archived")
    recurring = paging.flag(call.query, "recurring") if "recurring" in call.query else None
    found = [
        product
        for product in world.products.values()
        if product["archived"] == archived
        and recurring in (None, product["is_recurring"])
        and call.query.get("brand_id", product["brand_id"]) == product["brand_id"]
    ]
    return paging.page(found, call.query, _listed)


def _listed(product):
    price = product["price"]
    shown = (
        "product_id",
        "business_id",
        "name",
        "description",
        "is_recurring",
        "tax_category",
        "image",
        "metadata",
        "entitlements",
    )
    return {
        **{name: product[name] for name in shown},
        "currency": price["currency"],
        "price": price.get("price", price.get("fixed_price")),
        "price_detail": price,
        "tax_inclusive": price.get("tax_inclusive"),
        "created_at": product["created_at"],
        "updated_at": product["updated_at"],
    }


def patch(world, call):
    """Changes what is given. Subscriptions sold before keep what they were sold with."""
    product = find(world, call.params["id"])
    given = {name: value for name, value in call.body.items() if value is not None}
    if "price" in given:
        if given["price"]["type"] != product["price"]["type"]:
            raise unprocessable("a product's type of price cannot be changed")
        given["price"] = _price(world, given["price"])
    if "credit_entitlements" in given:
        given["credit_entitlements"] = _attached(world, given["credit_entitlements"])
    changed = {**product, **given}
    _check_addons(changed)
    product.update(changed, updated_at=write_time(world.clock.now()))


def archive(world, call):
    product = find(world, call.params["id"])
    if product["archived"]:
        raise Refusal(410, "NOT_FOUND", "product is deleted")
    product["archived"] = True


def unarchive(world, call):
    find(world, call.params["id"])["archived"] = False


def bought_credits(product, item):
    """The product's credits, by the quantity and with what the cart says differently."""
    amounts = {
        override["credit_entitlement_id"]: override["credits_amount"]
        for override in item.get("credit_entitlements") or []
    }
    bought = []
    for mapping in product["credit_entitlements"]:
        amount = Decimal(amounts.get(mapping["credit_entitlement_id"], mapping["credits_amount"]))
        bought.append({**mapping, "credits_amount": plain(amount * item["quantity"])})
    return bought
