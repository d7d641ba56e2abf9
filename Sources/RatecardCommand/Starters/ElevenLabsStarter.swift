// Generated from Examples/companies/elevenlabs/ by the tests of RatecardCommand: run them with RATECARD_RECORD=1.
// swift-format-ignore-file

extension Starter {
  /// Characters a month, with rollover and an overage of each plan's own.
  static let elevenlabs = Starter(
    name: "elevenlabs", summary: "characters a month, with rollover and overage by plan",
    files: [
      File(
        path: "card.yaml",
        text: #"""
          # What a credit is, and what a request carries.

          ratecard: 1
          name: elevenlabs

          credit:
            unit: character
            decimals: 0
            expires_after_days: 30
            rollover: {percent: 100, for: 1 month, times: 1}   # all that is left moves on, once

          attributes:
            request_type: [tts, dubbing, cloning]
            characters: count
            overage_chosen: flag            # Starter goes on past its credits only if the customer said so

          models:
            multilingual: {aliases: [eleven_multilingual_*]}
            flash: {aliases: [eleven_flash_*]}

          """#),
      File(
        path: "costs.yaml",
        text: #"""
          # A character is a credit, whatever it is spoken for; on the fast model two are.

          costs:
            - name: a credit each
              rates: {characters: 1}

            - name: half a credit each, on flash
              when: {model: flash}
              rates:
                characters: {rate: 1 per 2, round: up to 2}     # nothing spoken is free: an odd one counts as two

          """#),
      File(
        path: "guards.yaml",
        text: #"""
          # Promises about every request there can be.

          guards:
            - name: every request has a price
              priced: true

            - name: a longer text never costs less
              never_falls_in: [characters]

            - name: nothing spoken is free
              when: {characters: {at_least: 1}}
              credits: {at_least: 1}

          """#),
      File(
        path: "plans.yaml",
        text: #"""
          # Characters a month. `overage` is the price of one more character; Free has none.

          plans:
            free:
              product: prod_elevenlabs_free
              price: 0 USD per month
              credits: 10K
              low_balance_percent: 10
            starter:
              product: prod_elevenlabs_starter
              price: 5 USD per month
              credits: 30K
              low_balance_percent: 10
              overage: {rate: 0.00030 USD, settle: invoice_at_billing}      # 0.30 USD per thousand
            creator:
              product: prod_elevenlabs_creator
              price: 22 USD per month
              credits: 100K
              low_balance_percent: 10
              overage: {rate: 0.00024 USD, settle: invoice_at_billing}
            pro:
              product: prod_elevenlabs_pro
              price: 99 USD per month
              credits: 500K
              low_balance_percent: 10
              overage: {rate: 0.00015 USD, settle: invoice_at_billing}
            scale:
              product: prod_elevenlabs_scale
              price: 330 USD per month
              credits: 2M
              low_balance_percent: 10
              overage: {rate: 0.00010 USD, settle: invoice_at_billing}

          meter:
            event: tts.characters
            aggregation: sum
            property: characters
            units_per_credit: 1
            properties: [request_type, model]

          """#),
      File(
        path: "routes.yaml",
        text: #"""
          # Who goes on when the credits are used up. A balance that nobody knows stops nobody.

          routes:
            - name: used up
              when: {balance: {at_most: 0}}
              deny: This month's characters are used up.

            - name: beyond the plan's characters
              when: {plan: [creator, pro, scale], balance: {at_most: 0}}
              queue: standard

            - name: beyond Starter's characters, as chosen
              when: {plan: starter, overage_chosen: true, balance: {at_most: 0}}
              queue: standard

            - name: within the plan
              when: {balance: {above: 0}}
              queue: priority

          events:
            - on: credit.balance_low
              notify: Nine tenths of this month's characters are used.

          """#),
      File(
        path: "tests/costs.yaml",
        text: #"""
          # Characters into credits.

          tests:
            - price: {request_type: tts, characters: 120K}
              expect: {credits: 120_000, rule: a credit each}
            - price: {request_type: dubbing, model: eleven_multilingual_v2, characters: 1}
              expect: {credits: 1}
            - price: {request_type: cloning, characters: 0}
              expect: {credits: 0}
            - name: flash is half as dear
              price: {request_type: tts, model: eleven_flash_v2_5, characters: 1_000}
              expect: {credits: 500, rule: "half a credit each, on flash"}
            - name: one character of flash is a credit
              price: {request_type: tts, model: flash, characters: 1}
              expect: {credits: 1}
            - name: and so are two
              price: {request_type: tts, model: flash, characters: 2}
              expect: {credits: 1}
            - name: three are two
              price: {request_type: tts, model: flash, characters: 3}
              expect: {credits: 2}

          """#),
      File(
        path: "tests/routes.yaml",
        text: #"""
          # The end of the credits, plan by plan.

          tests:
            - name: the last character of Free
              request: {request_type: tts, plan: free, balance: 1, characters: 1}
              expect: {queue: priority, credits: 1}
            - name: the one after it
              request: {request_type: tts, plan: free, balance: 0, characters: 1}
              expect: {denied: This month's characters are used up.}
            - name: Free cannot choose overage
              request: {request_type: tts, plan: free, balance: 0, overage_chosen: true, characters: 1}
              expect: {denied: This month's characters are used up.}
            - name: Starter stops as well
              request: {request_type: tts, plan: starter, balance: 0, characters: 1}
              expect: {denied: This month's characters are used up.}
            - name: unless the customer chose otherwise
              request: {request_type: tts, plan: starter, balance: 0, overage_chosen: true, characters: 1}
              expect: {queue: standard, route: "beyond Starter's characters, as chosen", credits: 1}
            - name: Creator goes on
              request: {request_type: tts, plan: creator, balance: -20_000, characters: 10}
              expect: {queue: standard, route: "beyond the plan's characters", credits: 10}
            - name: the last character of Starter
              request: {request_type: tts, plan: starter, balance: 1, overage_chosen: true, characters: 1}
              expect: {queue: priority}
            - name: the last character of Creator
              request: {request_type: tts, plan: creator, balance: 1, characters: 1}
              expect: {queue: priority}
            - name: nobody knows the balance
              request: {request_type: tts, plan: free, characters: 10}
              expect: {queue: absent, credits: 10}

            - name: a notice at a tenth
              event: {on: credit.balance_low, plan: creator, balance: 10_000}
              expect: {tier: absent, notify: Nine tenths of this month's characters are used.}

          """#),
    ])
}
