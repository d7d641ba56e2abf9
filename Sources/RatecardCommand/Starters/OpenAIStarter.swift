// Generated from Examples/companies/openai/ by the tests of RatecardCommand: run them with RATECARD_RECORD=1.
// swift-format-ignore-file

extension Starter {
  /// Prepaid money, prices by tokens, and tiers by what was ever paid.
  static let openai = Starter(
    name: "openai", summary: "prepaid money, prices by tokens, refused at nothing left",
    files: [
      File(
        path: "access.yaml",
        text: #"""
          # Who may ask how often, and who answers.

          # By what the customer has ever paid, in cents.
          tiers:
            - tier: tier 1
            - tier: tier 2
              when: {spent: {at_least: 5_000}}
            - tier: tier 3
              when: {spent: {at_least: 25_000}}

          routes:
            - name: API, tier 1
              when: {request_type: api, tier: tier 1}
              params: {requests_per_minute: 3}
            - name: API, tier 2
              when: {request_type: api, tier: tier 2}
              params: {requests_per_minute: 10}
            - name: API, tier 3
              when: {request_type: api, tier: tier 3}
              params: {requests_per_minute: 50}

            # A refusal beats the routes above where both hold, so it needs no order and no override. A balance
            # that nobody knows refuses nobody.
            - name: no money left
              when: {request_type: api, balance: {at_most: 0}}
              deny: Your prepaid credit is used up. Buy a pack to go on.

            - name: ChatGPT
              when: {request_type: chatgpt}
              model: gpt-4o
              fallbacks: [gpt-4o-mini]
            - name: ChatGPT, past the soft cap
              when: {request_type: chatgpt, messages: {above: 80}}
              model: gpt-4o-mini

          events:
            - on: credit.balance_low
              notify: Little is left of your prepaid credit. At nothing, requests are refused.

          """#),
      File(
        path: "card.yaml",
        text: #"""
          # What a credit is, what a request carries, and which models are sold.

          ratecard: 1
          name: openai

          credit:
            unit: cent
            decimals: 6                     # a token of gpt-4o-mini is 0.000015 cents: nothing is rounded away
            worth: 0.01 USD                 # so that prices can be written in dollars
                                            # prepaid money never expires, and there is no overage

          attributes:
            request_type: [api, chatgpt]
            model: [gpt-4o, gpt-4o-mini, o1]        # a model that is not sold is refused before it is priced
            input_tokens: count
            output_tokens: count
            spent: {type: quantity, default: 0}     # cents the customer has ever paid
            messages: {type: count, default: 0}     # of ChatGPT, in the window of the soft cap

          models:
            gpt-4o: {aliases: [gpt-4o-2024-*], class: standard}
            gpt-4o-mini: {aliases: [gpt-4o-mini-2024-*], class: small}
            o1: {aliases: [o1-2024-*], class: reasoning}

          """#),
      File(
        path: "costs.yaml",
        text: #"""
          # What a request costs: tokens in and out for the API, nothing more for a subscriber's message.

          costs:
            - name: gpt-4o
              when: {request_type: api, model: gpt-4o}
              rates: {input_tokens: 2.50 USD per 1M, output_tokens: 10 USD per 1M}

            - name: gpt-4o-mini
              when: {request_type: api, model: gpt-4o-mini}
              rates: {input_tokens: 0.15 USD per 1M, output_tokens: 0.60 USD per 1M}

            - name: o1
              when: {request_type: api, model: o1}
              rates: {input_tokens: 15 USD per 1M, output_tokens: 60 USD per 1M}

            - name: ChatGPT is paid by the month
              when: {request_type: chatgpt}
              credits: 0

          """#),
      File(
        path: "guards.yaml",
        text: #"""
          # Promises about every request there can be.

          guards:
            - name: every model that is sold has a price
              when: {request_type: [api, chatgpt], model: present}
              priced: true

            - name: more tokens never cost less
              never_falls_in: [input_tokens, output_tokens]

            - name: a subscriber pays nothing for a message
              when: {request_type: chatgpt}
              credits: 0

          """#),
      File(
        path: "plans.yaml",
        text: #"""
          # What customers buy: packs of prepaid money (a credit is a cent), and ChatGPT by the month.

          plans:
            pack 5:
              product: prod_openai_pack_5
              price: 5 USD once
              credits: 500
              low_balance_percent: 10
            pack 10:
              product: prod_openai_pack_10
              price: 10 USD once
              credits: 1_000
              low_balance_percent: 10
            pack 50:
              product: prod_openai_pack_50
              price: 50 USD once
              credits: 5_000
              low_balance_percent: 10
            pack 100:
              product: prod_openai_pack_100
              price: 100 USD once
              credits: 10_000
              low_balance_percent: 10

            free:
              product: prod_openai_free
              price: 0 USD per month
              credits: 0                    # messages, not money
            plus:
              product: prod_openai_plus
              price: 20 USD per month
              credits: 0
            team:
              product: prod_openai_team
              price: 25 USD per seat per month
              credits: 0

          meter:
            event: ai.request
            aggregation: sum
            property: credit_cost
            units_per_credit: 1
            properties: [model, input_tokens, output_tokens]

          """#),
      File(
        path: "tests/access.yaml",
        text: #"""
          # Tiers by money paid, refusals by money left, and the soft cap.

          tests:
            - name: a new customer
              request: {request_type: api, model: gpt-4o, balance: 500}
              expect: {tier: tier 1, model: gpt-4o, route: "API, tier 1", credits: 0}
            - name: a cent below fifty dollars
              request: {request_type: api, model: gpt-4o, spent: 4_999}
              expect: {tier: tier 1}
            - name: fifty dollars
              request: {request_type: api, model: gpt-4o, spent: 5_000}
              expect: {tier: tier 2, route: "API, tier 2"}
            - name: a cent below 250 dollars
              request: {request_type: api, model: gpt-4o, spent: 24_999}
              expect: {tier: tier 2}
            - name: 250 dollars
              request: {request_type: api, model: gpt-4o, spent: 25_000}
              expect: {tier: tier 3, route: "API, tier 3"}

            - name: a millionth of a cent is still money
              request: {request_type: api, model: o1, balance: 0.000001, input_tokens: 1M}
              expect: {model: o1, credits: 1_500}
            - name: nothing left
              request: {request_type: api, model: o1, balance: 0}
              expect: {denied: Your prepaid credit is used up. Buy a pack to go on.}
            - name: less than nothing, after requests that ran side by side
              request: {request_type: api, model: gpt-4o-mini, balance: -0.5, spent: 30_000}
              expect: {denied: Your prepaid credit is used up. Buy a pack to go on.}

            - name: a subscriber needs no prepaid money
              request: {request_type: chatgpt, plan: plus, balance: 0}
              expect: {model: gpt-4o, fallbacks: [gpt-4o-mini], credits: 0}
            - name: the last message before the soft cap
              request: {request_type: chatgpt, plan: plus, messages: 80}
              expect: {model: gpt-4o, route: ChatGPT}
            - name: past the soft cap
              request: {request_type: chatgpt, plan: plus, messages: 81}
              expect: {model: gpt-4o-mini, route: "ChatGPT, past the soft cap"}

            - name: little left is said, and changes nothing
              event: {on: credit.balance_low, balance: 450}
              expect:
                tier: absent
                notify: Little is left of your prepaid credit. At nothing, requests are refused.

          """#),
      File(
        path: "tests/costs.yaml",
        text: #"""
          # Prices, exact to the last digit. A cent is a credit.

          tests:
            - price: {request_type: api, model: gpt-4o, input_tokens: 1_500, output_tokens: 800}
              expect: {credits: 1.175, rule: gpt-4o}
            - price: {request_type: api, model: gpt-4o-mini, input_tokens: 1_500, output_tokens: 800}
              expect: {credits: 0.0705, rule: gpt-4o-mini}
            - price: {request_type: api, model: o1, input_tokens: 1_500, output_tokens: 800}
              expect: {credits: 7.05, rule: o1}

            - name: one token of the cheapest model is not rounded away
              price: {request_type: api, model: gpt-4o-mini, input_tokens: 1}
              expect: {credits: 0.000015}
            - name: a dollar buys 400,000 tokens in
              price: {request_type: api, model: gpt-4o, input_tokens: 400_000}
              expect: {credits: 100}
            - name: and 100,000 out
              price: {request_type: api, model: gpt-4o, output_tokens: 100_000}
              expect: {credits: 100}
            - name: a dated name is the same model
              price: {request_type: api, model: gpt-4o-2024-08-06, input_tokens: 1M}
              expect: {credits: 250}
            - name: no tokens, no price
              price: {request_type: api, model: o1}
              expect: {credits: 0}
            - name: a message of a subscriber
              price: {request_type: chatgpt, model: gpt-4o, input_tokens: 1M}
              expect: {credits: 0, rule: ChatGPT is paid by the month}
            - name: a model that is not sold
              price: {request_type: api, model: gpt-5, input_tokens: 10}
              expect: {error: invalid_request}

          """#),
    ])
}
