extension Starter {
  /// Prices by tokens, the way most model providers do.
  static let tokens = Starter(
    name: "tokens", summary: "prices by tokens, as model providers do",
    files: [
      File(
        path: "ratecard.yaml",
        text: #"""
          # What a credit is, and what a request carries.
          #
          # The card is the whole folder; how its entries are spread over files means nothing.
          #
          #   ratecard lint DIR                                        look for mistakes
          #   ratecard test DIR                                        run the tests below
          #   ratecard eval DIR model=small input_tokens=1200          try a request

          ratecard: 1
          name: tokens

          credit:
            unit: cent
            decimals: 4                   # prices are exact, and rounded once, to this
            worth: 0.01 USD               # lets amounts be written in dollars

          attributes:
            input_tokens: count
            cached_input_tokens: {type: count, part_of: input_tokens}   # charged once, at its own rate
            output_tokens: count
            batch: flag

          # A model that a rule names must stand here, so that a slip is an error and not a price.
          models:
            small:
              aliases: [small-2026-*]     # what requests may call it besides
            large: {}

          """#),
      File(
        path: "costs.yaml",
        text: #"""
          # What a request costs. The most specific rule wins, wherever it stands.

          costs:
            - name: small
              when: {model: small}
              rates:
                input_tokens: 0.15 USD per 1M
                cached_input_tokens: 0.075 USD per 1M
                output_tokens: 0.60 USD per 1M

            - name: large
              when: {model: large}
              rates:
                input_tokens: 3 USD per 1M
                cached_input_tokens: 0.30 USD per 1M
                output_tokens: 15 USD per 1M

            - name: large, long context   # where it holds, `large` holds too, and this is more specific
              when: {model: large, input_tokens: {above: 200K}}
              rates:
                input_tokens: 6 USD per 1M
                cached_input_tokens: 0.60 USD per 1M
                output_tokens: 22.5 USD per 1M

          # Every adjustment whose condition holds applies, in fixed stages.
          adjustments:
            - name: batch discount
              when: {batch: true}
              multiply: 0.5

          """#),
      File(
        path: "tests.yaml",
        text: #"""
          # Questions to the card, and the answers that are expected.

          tests:
            - name: a million tokens of the small model
              price: {model: small, input_tokens: 1M}
              expect: {credits: 15}

            - name: cached tokens are charged once, at their own rate
              price: {model: small, input_tokens: 1M, cached_input_tokens: 400K}
              expect: {credits: 12}

            - name: a dated name means the same model
              request: {model: small-2026-05-01, input_tokens: 1000, output_tokens: 500}
              expect: {credits: 0.045, model: small}

            - name: at the limit the context is not yet long
              price: {model: large, input_tokens: 200K}
              expect: {credits: 60, rule: large}

            - name: one token more, and it is
              price: {model: large, input_tokens: 200_001}
              expect: {credits: 120.0006, rule: "large, long context"}

            - name: batches cost half
              price: {model: large, input_tokens: 200K, batch: true}
              expect: {credits: 30, adjustments: [batch discount]}

            - name: a model that nobody priced
              price: {model: huge, input_tokens: 1000}
              expect: {error: unpriced}

          """#),
    ])
}
