// Generated from pricing/ by the tests of RatecardCommand: run them with RATECARD_RECORD=1.
// swift-format-ignore-file

extension Starter {
  /// The shipped card: requests weighed by type and model, tiers and routes.
  static let cursor = Starter(
    name: "cursor", summary: "requests weighed by type and model, with tiers, routes and plans",
    files: [
      File(
        path: "card.yaml",
        text: #"""
          # What a credit is, and which models this card knows.
          #
          # The card is the whole folder: costs.yaml says what a request costs, tiers.yaml and routes.yaml who
          # is served by which model, plans.yaml what customers buy. tests/ and guards.yaml keep it honest.
          #
          #   ratecard test pricing                                          run the tests
          #   ratecard eval pricing request_type=agent model=o1 balance=120  try a request

          ratecard: 1
          name: cursor

          credit:
            unit: premium request
            decimals: 0                       # whole requests only
            expires_after_days: 30            # a month's credits are gone with the month ...
            rollover: {percent: 0}            # ... and none is carried over
            overage:                          # use beyond the plan's credits goes on the next invoice
              rate: 0.04 USD
              settle: invoice_at_billing

          # A model that a rule names must stand here, so that a slip of the pen is an error and not a price.
          # Requests may ask for any other model too: see "anything else" in costs.yaml.
          models:
            gpt-4o-mini: {class: small}
            gpt-4o: {class: standard}
            claude-sonnet: {class: standard}
            o1: {class: reasoning}

          """#),
      File(
        path: "costs.yaml",
        text: #"""
          # What one request costs, in premium requests: by what is asked for and by the model that serves.

          costs:
            - name: request weights
              table: [request_type, model]
              cells:
                tab_completion: {any: 0}      # free, whatever the model
                chat:           {gpt-4o-mini: 1, gpt-4o: 1, claude-sonnet: 1}
                composer:       {gpt-4o-mini: 2, gpt-4o: 5, claude-sonnet: 5}
                agent:          {gpt-4o: 10, claude-sonnet: 10, o1: 25}

            # Everything the table does not name costs 1: a model that came out this morning, a request type
            # of a newer editor. An agent usually costs ten times that, so `ratecard lint` would take this
            # price for a mistake. It is none; `accept` says so, and why.
            - name: anything else
              credits: 1
              accept:
                cheap-fallback: we would rather undercharge the first requests of something new than lose them

          """#),
      File(
        path: "guards.yaml",
        text: #"""
          # Promises about every request there can be. The tests beside this file only look at examples.
          #
          # They bound the prices and do not repeat them: a new price in costs.yaml passes, one that slipped from
          # somebody's pen (250 for 25, 0 for 10) does not.

          guards:
            - name: tab completions are free
              when: {request_type: tab_completion}
              credits: 0

            - name: only tab completions are free
              when: {request_type: {not: tab_completion}}
              credits: {at_least: 1}

            - name: no request costs more than the smallest plan grants
              credits: {at_most: 50}

            - name: every request has a price
              priced: true

          """#),
      File(
        path: "plans.yaml",
        text: #"""
          # What customers buy, and how use is counted at the billing provider.
          #
          # `credits` are granted anew each month. At `low_balance_percent` of them the provider reports
          # credit.balance_low, and tiers.yaml says what happens then.

          plans:
            hobby:
              product: prod_cursor_hobby
              price: 0 USD per month
              credits: 50
              low_balance_percent: 10
            pro:
              product: prod_cursor_pro
              price: 20 USD per month
              credits: 500
              low_balance_percent: 10
            pro+:
              product: prod_cursor_pro_plus
              price: 60 USD per month
              credits: 5_000
              low_balance_percent: 10
            ultra:
              product: prod_cursor_ultra
              price: 200 USD per month
              credits: 50_000
              low_balance_percent: 10

          meter:
            event: ai.request
            aggregation: sum
            property: credit_cost
            units_per_credit: 1
            properties: [request_type, model]       # copied into each event, for reports
            zero_cost: skip                         # a free tab completion sends no event

          """#),
      File(
        path: "routes.yaml",
        text: #"""
          # Which model serves a request, whatever model it asked for.
          #
          # The cost in costs.yaml is that of the model chosen here: a premium agent request that asks for o1
          # is served by claude-sonnet and costs what claude-sonnet costs.

          routes:
            - name: premium
              model: claude-sonnet
              queue: priority
              fallbacks: [gpt-4o, gpt-4o-mini]      # tried in this order when claude-sonnet does not answer

            - name: out of premium requests
              when: {tier: slow}
              model: gpt-4o-mini
              queue: standard

          """#),
      File(
        path: "tests/costs.yaml",
        text: #"""
          # Which price a request gets, with the model that serves: each cell of the table, and what lies
          # outside it. The amounts stand in costs.yaml alone, so that changing one takes one edit; what they
          # must keep to, whoever edits them, is in guards.yaml. A test without a name is called by its request.

          tests:
            # Tab completions are free whatever the model, even one that nobody listed.
            - price:  {request_type: tab_completion, model: gpt-4o}
              expect: {credits: 0}
            - price:  {request_type: tab_completion, model: default}
              expect: {credits: 0}
            - price:  {request_type: tab_completion}
              expect: {credits: 0, rule: request weights/tab_completion/any}

            - price:  {request_type: chat, model: gpt-4o-mini}
              expect: {rule: request weights/chat/gpt-4o-mini}
            - price:  {request_type: chat, model: gpt-4o}
              expect: {rule: request weights/chat/gpt-4o}
            - price:  {request_type: chat, model: claude-sonnet}
              expect: {rule: request weights/chat/claude-sonnet}

            - price:  {request_type: composer, model: gpt-4o-mini}
              expect: {rule: request weights/composer/gpt-4o-mini}
            - price:  {request_type: composer, model: gpt-4o}
              expect: {rule: request weights/composer/gpt-4o}
            - price:  {request_type: composer, model: claude-sonnet}
              expect: {rule: request weights/composer/claude-sonnet}

            - price:  {request_type: agent, model: gpt-4o}
              expect: {rule: request weights/agent/gpt-4o}
            - price:  {request_type: agent, model: claude-sonnet}
              expect: {rule: request weights/agent/claude-sonnet}
            - price:  {request_type: agent, model: o1}
              expect: {rule: request weights/agent/o1}

            # The one price for anything else.
            - price:  {request_type: agent, model: gpt-4o-mini}
              expect: {rule: anything else}
            - price:  {request_type: chat, model: o1}
              expect: {rule: anything else}
            - name: o1-preview is not o1
              price:  {request_type: agent, model: o1-preview}
              expect: {rule: anything else}
            - name: a request type nobody has heard of
              price:  {request_type: voice, model: gpt-4o}
              expect: {rule: anything else}
            - name: capitals make another word
              price:  {request_type: Agent, model: o1}
              expect: {rule: anything else}
            - name: nothing known at all
              price:  {}
              expect: {rule: anything else}

          """#),
      File(
        path: "tests/decisions.yaml",
        text: #"""
          # Whole decisions: tier, then route, then the price of the model that the route chose.

          tests:
            - name: a premium customer is served by claude-sonnet
              request: {request_type: agent, model: o1, balance: 120}
              expect:
                rule: request weights/agent/claude-sonnet
                tier: premium
                tier_rule: premium
                model: claude-sonnet
                requested_model: o1
                queue: priority
                fallbacks: [gpt-4o, gpt-4o-mini]
                route: premium

            - name: a new customer is premium
              request: {request_type: chat, model: gpt-4o}
              expect:
                tier: premium
                model: claude-sonnet
                queue: priority
                rule: request weights/chat/claude-sonnet

            - name: without credits the small model serves
              request: {request_type: composer, model: claude-sonnet, plan: pro, balance: 0}
              expect:
                rule: request weights/composer/gpt-4o-mini
                tier: slow
                tier_rule: no credits left
                model: gpt-4o-mini
                queue: standard
                fallbacks: []

            - name: a slow agent request is priced as one of the small model
              request: {request_type: agent, model: o1, plan: hobby, balance: -3}
              expect:
                tier: slow
                model: gpt-4o-mini
                route: out of premium requests
                rule: anything else

            - name: tab completions stay free for premium customers
              request: {request_type: tab_completion, model: gpt-4o, plan: ultra, balance: 50_000}
              expect: {tier: premium, model: claude-sonnet, credits: 0}

            - name: tab completions stay free for slow customers
              request: {request_type: tab_completion, plan: ultra, balance: -1}
              expect: {tier: slow, model: gpt-4o-mini, credits: 0}

            # Down at nothing (or at the provider's notice), up again at a fifth of the plan.
            - name: the last credit is still a premium one
              request: {request_type: chat, plan: pro, balance: 1, current_tier: premium}
              expect: {tier: premium}
            - name: just below a fifth, slow stays slow
              request: {request_type: chat, plan: pro, balance: 99, current_tier: slow}
              expect: {tier: slow, tier_rule: slow until topped up}
            - name: at a fifth, slow becomes premium
              request: {request_type: chat, plan: pro, balance: 100, current_tier: slow}
              expect: {tier: premium}
            - name: below a fifth, premium stays premium
              request: {request_type: chat, plan: pro, balance: 99, current_tier: premium}
              expect: {tier: premium}
            - name: a fifth of another plan
              request: {request_type: chat, plan: pro+, balance: 999, current_tier: slow}
              expect: {tier: slow}
            - name: a grant of its own counts before the plan's
              request: {request_type: chat, plan: pro, granted: 200, balance: 40, current_tier: slow}
              expect: {tier: premium}
            - name: slow while the balance is unknown
              request: {request_type: chat, plan: pro, current_tier: slow}
              expect: {tier: slow, tier_rule: slow while unknown}
            - name: slow while the plan is unknown
              request: {request_type: chat, balance: 120, current_tier: slow}
              expect: {tier: slow, tier_rule: slow while unknown}

            # What a request may not say.
            - name: a plan nobody sells
              request: {request_type: chat, plan: prro}
              expect: {error: invalid_request}
            - name: a balance in words
              request: {request_type: chat, balance: plenty}
              expect: {error: invalid_request}
            - name: an attribute nobody declared
              request: {request_type: chat, modle: o1}
              expect: {error: invalid_request}
            - name: the tier is for the card to say
              request: {request_type: chat, tier: premium}
              expect: {error: invalid_request}

          """#),
      File(
        path: "tests/events.yaml",
        text: #"""
          # What the billing provider's messages do.

          tests:
            - name: a low balance makes slow, and says so
              event: {on: credit.balance_low, plan: pro, balance: 50, current_tier: premium}
              expect:
                tier: slow
                notify: You have used most of your premium requests. Switching to standard models.

            - name: and slow it is from then on
              request: {request_type: chat, model: gpt-4o, plan: pro, balance: 50, current_tier: slow}
              expect: {tier: slow, model: gpt-4o-mini, queue: standard}

            - name: a top-up brings premium back
              event: {on: credit.added, plan: pro, balance: 500, current_tier: slow}
              expect:
                tier: premium
                notify: Your premium requests are back. Switching to premium models.

            - name: a top-up to exactly a fifth is enough
              event: {on: credit.added, plan: pro, balance: 100, current_tier: slow}
              expect: {tier: premium}

            - name: a small top-up is not
              event: {on: credit.added, plan: pro, balance: 99, current_tier: slow}
              expect: {tier: absent, notify: absent}

            - name: a top-up of an unknown plan is
              event: {on: credit.added, balance: 10, current_tier: slow}
              expect: {tier: premium}

            - name: premium customers hear nothing of a top-up
              event: {on: credit.added, plan: pro, balance: 500, current_tier: premium}
              expect: {tier: absent, notify: absent}

            - name: a new month begins premium
              event: {on: subscription.renewed, plan: pro, balance: 500, current_tier: slow}
              expect: {tier: premium, notify: absent}

            - name: other messages change nothing
              event: {on: credit.deducted, plan: pro, balance: 20, current_tier: premium}
              expect: {tier: absent, notify: absent}

          """#),
      File(
        path: "tiers.yaml",
        text: #"""
          # Who is premium and who is slow.
          #
          # The rule with the more particular condition wins, so the order of the lines means nothing, and
          # *premium* is simply what holds when no other rule does.

          tiers:
            - tier: premium

            - name: no credits left
              tier: slow
              when: {balance: {at_most: 0}}

            # Whoever became slow stays slow until a fifth of the plan's credits is there again. Without this
            # distance between the way down (10 %, in plans.yaml) and the way up, a customer near the edge
            # would change models with every request.
            - name: slow until topped up
              tier: slow
              when: {current_tier: slow, balance_percent: {below: 20}}

            - name: slow while unknown        # we cannot tell how much is left: change nothing
              tier: slow
              when: {current_tier: slow, balance_percent: absent}

          # What the billing provider's messages do to a customer.
          events:
            - name: running low
              on: credit.balance_low
              tier: slow
              notify: You have used most of your premium requests. Switching to standard models.

            - name: topped up
              on: credit.added
              when:                           # one of these two must hold
                - {current_tier: slow, balance_percent: {at_least: 20}}
                - {current_tier: slow, balance_percent: absent, balance: {above: 0}}
              tier: premium
              notify: Your premium requests are back. Switching to premium models.

            - name: new month
              on: subscription.renewed
              tier: premium

          """#),
    ])
}
