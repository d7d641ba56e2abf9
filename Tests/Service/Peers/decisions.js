// The shipped card's decision on Node's http server, as one would write it by hand.
//
//     node decisions.js PORT

const http = require("node:http");
const {randomUUID} = require("node:crypto");

const weights = {
  tab_completion: {},
  chat: {"gpt-4o-mini": 1, "gpt-4o": 1, "claude-sonnet": 1},
  composer: {"gpt-4o-mini": 2, "gpt-4o": 5, "claude-sonnet": 5},
  agent: {"gpt-4o": 10, "claude-sonnet": 10, o1: 25},
};
const planCredits = {hobby: 50, pro: 500, "pro+": 5000, ultra: 50000};
const customers = new Map();
for (let n = 0; n < 100000; n++) {
  const slow = n % 10 === 0;
  customers.set("customer " + String(n).padStart(6, "0"), {
    plan: "pro", balance: slow ? 0 : 1e12, tier: slow ? "slow" : "premium",
  });
}

function tierOf(balance, plan, current) {
  if (balance !== undefined && balance <= 0) return ["slow", "no credits left"];
  if (current !== "slow") return ["premium", "premium"];
  const credits = planCredits[plan];
  if (balance === undefined || credits === undefined) return ["slow", "slow while unknown"];
  return balance * 100 < credits * 20 ? ["slow", "slow until topped up"] : ["premium", "premium"];
}

function costOf(type, model) {
  if (type === "tab_completion") return [0, "request weights/tab_completion/any"];
  const cost = weights[type]?.[model];
  return cost === undefined
    ? [1, "anything else"] : [cost, `request weights/${type}/${model}`];
}

function decide(request) {
  const known = customers.get(request.customer) ?? {};
  const [tier, tierRule] = tierOf(
    request.balance ?? known.balance, request.plan ?? known.plan, request.current_tier ?? known.tier);
  const slow = tier === "slow";
  const model = slow ? "gpt-4o-mini" : "claude-sonnet";
  const [credits, rule] = costOf(request.request_type, model);
  return {
    credits: String(credits), rule, tier, tier_rule: tierRule, model,
    requested_model: request.model, queue: slow ? "standard" : "priority",
    fallbacks: slow ? [] : ["gpt-4o", "gpt-4o-mini"], params: {},
    route: slow ? "out of premium requests" : "premium", adjustments: [], ratecard: "cursor",
    version: "0".repeat(64), at: new Date().toISOString(), decision: randomUUID(),
  };
}

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    let status = 200, answer;
    try {
      answer = decide(JSON.parse(Buffer.concat(pieces)));
    } catch (error) {
      status = 400;
      answer = {error: {code: "invalid_request", message: String(error)}};
    }
    const body = JSON.stringify(answer);
    response.writeHead(
      status, {"Content-Type": "application/json", "Content-Length": Buffer.byteLength(body)});
    response.end(body);
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
