-- What wrk sends: requests of 100,000 known customers, and what came of them as a line of JSON.
--
-- RATECARD_LOAD is `decide`, `usage`, or `mixed`: one report of usage among fifty requests. RATECARD_LAP keeps
-- the ids of usage apart from those of other laps.

local customers = 100000
local load = os.getenv("RATECARD_LOAD") or "decide"
local lap = os.getenv("RATECARD_LAP") or "0"
local shapes = {
  '"request_type":"agent","model":"o1"}', '"request_type":"chat","model":"gpt-4o"}',
  '"request_type":"composer","model":"claude-sonnet"}',
  '"request_type":"tab_completion","model":"gpt-4o-mini"}',
  '"request_type":"agent","model":"gpt-4o"}',
}
local headers = {["Content-Type"] = "application/json"}
local threads = 0
local decisions, number, state = {}, 0, 0

function setup(thread)
  thread:set("thread", threads)
  threads = threads + 1
end

local function customer(n) return string.format("customer %06d", n % customers) end

-- Usage differs in its id and its customer, which are as long for every report.
local heads, tails = {}, {}
local function report()
  number = number + 1
  local k = number % #shapes + 1
  return heads[k] .. string.format("%s-%d-%09d", lap, thread, number) .. '","customer":"'
    .. customer(state) .. tails[k]
end

function init()
  state = thread * 7919
  for k, shape in ipairs(shapes) do
    local id = string.format("%s-%d-%09d", lap, thread, 0)
    local body = '{"id":"' .. id .. '","customer":"' .. customer(0) .. '",' .. shape
    local whole = wrk.format("POST", "/v1/usage", headers, body)
    local place = whole:find(id, 1, true)
    heads[k] = whole:sub(1, place - 1)
    tails[k] = '",' .. shape
  end
  if load == "usage" then return end
  for n = 0, customers - 1 do
    -- Neighbours are far apart, and every customer comes.
    local body = '{"customer":"' .. customer(n * 7919) .. '",' .. shapes[n % #shapes + 1]
    decisions[n] = wrk.format("POST", "/v1/decide", headers, body)
  end
end

function request()
  state = (state + 1) % customers
  if load == "usage" or (load == "mixed" and state % 50 == 0) then return report() end
  return decisions[state]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
