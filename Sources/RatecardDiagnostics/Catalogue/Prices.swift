/// RC070 and RC071: prices that are probably not meant.
extension DiagnosticCode {
  static let priceCodes: [DiagnosticCode] = [
    .unpricedRequests, .cheapFallback, .defaultKey, .unpricedModel, .planWithoutCredits,
    .priceCliff, .globTakesModel, .unpricedRoute, .unreachablePrice, .voidRefusal,
  ]

  /// Requests of named values for which no rule of `costs` holds.
  public static let unpricedRequests = DiagnosticCode(
    "RC0701", "unpriced-requests", .warning,
    summary: "For some requests of known values there is no price.",
    reason: """
      A request without a price is an error to the caller. Texts that no rule of the card names are \
      not counted, since an open set has no end; neither is a text that is not carried.
      """,
    wrong: """
      attributes: {request_type: [chat, agent]}
      models: {small: {}, large: {}}
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {small: 1, large: 2}
            agent: {large: 10}
      """,
    right: """
      attributes: {request_type: [chat, agent]}
      models: {small: {}, large: {}}
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {small: 1, large: 2}
            agent: {small: 5, large: 10}
      """)

  /// A rule that costs less than what beats it.
  public static let cheapFallback = DiagnosticCode(
    "RC0702", "cheap-fallback", .warning,
    summary: "A fallback costs less than the rules it stands behind.",
    reason: """
      What nobody thought of, such as a model that came out today, is sold at the fallback's price. \
      It is found where it is below every other price, or at most a third of the cheapest other \
      price of a request type. Free rules are not counted, and prices that cannot be compared, as \
      a flat one with a rate, keep it quiet.
      """,
    wrong: """
      costs:
        - {name: agents, when: {request_type: agent}, credits: 10}
        - {name: chats, when: {request_type: chat}, credits: 4}
        - {name: anything else, credits: 1}
      """,
    right: """
      costs:
        - {name: agents, when: {request_type: agent}, credits: 10}
        - {name: chats, when: {request_type: chat}, credits: 4}
        - {name: anything else, credits: 10}
      """)

  /// A word for "all others" that is text.
  public static let defaultKey = DiagnosticCode(
    "RC0703", "default-key", .warning,
    summary: "A word such as `default` or `other` stands where `any` is probably meant.",
    reason: """
      Only `any` holds for every value. Any other word is a text like all texts, so that only a \
      request that carries just this text meets it, and all others go to another rule.
      """,
    wrong: """
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {gpt-4o: 2, default: 3}
            agent: {any: 10}
      """,
    right: """
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {gpt-4o: 2, any: 3}
            agent: {any: 10}
      """)

  /// A listed model for which no request has a price.
  public static let unpricedModel = DiagnosticCode(
    "RC0704", "unpriced-model", .warning,
    summary: "A model of the `models` section has no price.",
    reason: """
      Whoever asks for it gets an error. A model that `costs` refuses by name, or that never serves \
      a request because `routes` always give another, needs no price.
      """,
    wrong: """
      models: {small: {}, large: {}}
      costs:
        - {name: small, when: {model: small}, credits: 1}
      """,
    right: """
      models: {small: {}, large: {}}
      costs:
        - {name: small, when: {model: small}, credits: 1}
        - {name: large, when: {model: large}, credits: 5}
      """)

  /// A plan with a product and no grant.
  public static let planWithoutCredits = DiagnosticCode(
    "RC0705", "plan-without-credits", .warning,
    summary: "A plan that is sold does not say what it grants.",
    reason: """
      Without `credits` nothing is granted to who buys it, and `granted` and `balance_percent` are \
      not known.
      """,
    wrong: """
      plans:
        pro: {product: prod_pro, price: 20 USD per month}
      costs:
        - {name: everything, credits: 1}
      """,
    right: """
      plans:
        pro: {product: prod_pro, price: 20 USD per month, credits: 500}
      costs:
        - {name: everything, credits: 1}
      """)

  /// A glob that takes a model with a price of its own elsewhere.
  public static let globTakesModel = DiagnosticCode(
    "RC0707", "glob-takes-model", .warning,
    summary: "A glob also takes a model that the card prices apart from the glob's others.",
    reason: """
      Where a model is left out by name, a glob that fits it takes it, at the price of the models \
      that were meant.
      """,
    wrong: """
      models: {gpt-4o: {}, gpt-4o-mini: {}}
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {gpt-4o*: 5, gpt-4o-mini: 1}
            agent: {gpt-4o*: 25}
      """,
    right: """
      models: {gpt-4o: {}, gpt-4o-mini: {}}
      costs:
        - name: weights
          table: [request_type, model]
          cells:
            chat: {gpt-4o*: 5, gpt-4o-mini: 1}
            agent: {gpt-4o*: 25, gpt-4o-mini: 5}
      """)

  /// A route to a model that has no price.
  public static let unpricedRoute = DiagnosticCode(
    "RC0708", "unpriced-route", .warning,
    summary: "A route gives requests to a model for which there is no price.",
    reason: """
      The request was well-formed and the route sent it there itself; the answer is an error all \
      the same. Sides of a split and fallbacks count.
      """,
    wrong: """
      models: {small: {}, large: {}}
      routes:
        - {name: hobby, when: {plan: hobby}, model: small}
      costs:
        - {name: large, when: {model: large}, credits: 5}
      """,
    right: """
      models: {small: {}, large: {}}
      routes:
        - {name: hobby, when: {plan: hobby}, model: small}
      costs:
        - {name: large, when: {model: large}, credits: 5}
        - {name: small, when: {model: small}, credits: 1}
      """)

  /// A price for models that routes always replace.
  public static let unreachablePrice = DiagnosticCode(
    "RC0709", "unreachable-price", .warning,
    summary: "A price is for a model that never serves a request.",
    reason: """
      A decision prices the model that serves, not the one asked for. Where usage can name the \
      model all the same, a test with `price:` says so and keeps this quiet.
      """,
    wrong: """
      models: {small: {}, large: {}, huge: {}}
      routes:
        - {name: usual, model: small, fallbacks: [large]}
      costs:
        - {name: huge, when: {model: huge}, credits: 25}
        - {name: the others, credits: 25}
      """,
    right: """
      models: {small: {}, large: {}, huge: {}}
      routes:
        - {name: usual, model: small, fallbacks: [large, huge]}
      costs:
        - {name: huge, when: {model: huge}, credits: 25}
        - {name: the others, credits: 25}
      """)

  /// A refusal of models that routes always replace.
  public static let voidRefusal = DiagnosticCode(
    "RC0710", "void-refusal", .warning,
    summary: "A refusal of `costs` is for a model that `routes` always replace.",
    reason: """
      Costs see the model that serves as `model`. When routes give another, who asks for the refused \
      model is not refused but served.
      """,
    wrong: """
      models: {small: {}, large: {}}
      routes:
        - {name: usual, model: small}
      costs:
        - {name: not sold, when: {plan: hobby, model: large}, deny: Please upgrade.}
        - {name: everything, credits: 1}
      """,
    right: """
      models: {small: {}, large: {}}
      routes:
        - {name: usual, model: small}
      costs:
        - {name: not sold, when: {plan: hobby, requested_model: large}, deny: Please upgrade.}
        - {name: everything, credits: 1}
      """)

  /// One unit more of something costs less.
  public static let priceCliff = DiagnosticCode(
    "RC0706", "price-cliff", .warning,
    summary: "One unit more of a quantity costs less.",
    reason: """
      Where all units are charged at the rate of the band that they reach, or where another rule \
      holds from some number of units on, the price falls at that number: whoever needs a little \
      less does well to ask for more. `graduated` bands have no cliff.
      """,
    wrong: """
      attributes: {images: count}
      costs:
        - name: images
          rates:
            images: {volume: [{up_to: 100, rate: 5}, {rate: 4}]}
      """,
    right: """
      attributes: {images: count}
      costs:
        - name: images
          rates:
            images: {graduated: [{up_to: 100, rate: 5}, {rate: 4}]}
      """)
}
