// Looks costs up as an application's own function would: in a table made once.
"use strict";

const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");

const contest = JSON.parse(readFileSync(process.argv[2], "utf8"));
const costs = contest.cells;
const { free, requests } = contest;

function cost(type, model) {
  if (type === free) return 0;
  return costs[type]?.[model] ?? 1;
}

const answers = new Int32Array(requests.length);

function answerAll() {
  for (let index = 0; index < requests.length; index++) {
    answers[index] = cost(requests[index][0], requests[index][1]);
  }
}

// The first rounds are for the just-in-time compiler.
for (let round = 0; round < 10; round++) answerAll();
console.log(JSON.stringify({ count: requests.length, note: `Node ${process.versions.node}` }));

createInterface({ input: process.stdin }).on("line", () => {
  const start = process.hrtime.bigint();
  answerAll();
  const time = Number(process.hrtime.bigint() - start);
  const check = answers.reduce((sum, answer) => (Math.imul(sum, 31) + answer) & 0x7fffffff, 0);
  console.log(JSON.stringify({ ns: time / requests.length, check }));
});
