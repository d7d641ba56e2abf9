/// A card that sells over the counter: no credit, no service; premium above half of what Pro grants.
enum Counter {
  static let card = """
    ratecard: 1
    name: counter
    credit: {unit: credit, decimals: 1}
    attributes:
      request_type: [chat, agent, unsold]
      output_tokens: count
    models: {big: {}, medium: {}, small: {}}
    plans:
      pro: {product: prod_pro, credits: 100}
      open: {product: prod_open, credits: 100, overage: {rate: 0.04 USD}}
      ajar: {product: prod_ajar, credits: 100, overage: {rate: 0.04 USD, limit: 5}}
    costs:
      - name: weights
        table: [request_type, model]
        cells:
          chat: {big: 1, medium: 1, small: 0.5}
          agent: {big: 4, medium: 7, small: 2}
      - name: long answers
        when: {request_type: chat, model: big, output_tokens: present}
        rates: {output_tokens: 0.01}
      - name: nothing left
        when: {plan: pro, balance: {at_most: 0}}
        deny: There are no credits left.
    tiers:
      - tier: premium
      - {name: less than half, tier: slow, when: {balance: {below: 50}}}
    routes:
      - {name: premium, when: {tier: premium}, model: big, fallbacks: [medium, small]}
      - {name: slow, when: {tier: slow}, model: small}
    """

  static let files = ["counter.yaml": card]
}
