// A plugin: hands Haraka the messages once it is up, leads each to its server, and writes what became
// of it to the file that TRIAL names.
"use strict";
const fs = require("fs");

const trial = JSON.parse(fs.readFileSync(process.env.TRIAL, "utf8"));
const byRecipient = new Map(trial.endpoints.map((each) => [each.recipient.toLowerCase(), each]));

function endpointOf(hmail) {
  const to = hmail.todo.rcpt_to[0];
  return byRecipient.get(`${to.user}@${to.host}`.toLowerCase());
}

function tell(hmail, verdict, words) {
  const endpoint = endpointOf(hmail);
  if (!endpoint) return; // a bounce of ours
  const line = JSON.stringify({ scenario: endpoint.scenario, verdict, log: [String(words)] });
  fs.appendFileSync(trial.answers, line + "\n");
}

// Haraka removes what it takes for leftovers from its queue while it starts: a message that it lost
// by that is handed over again.
function submit(outbound, endpoint, attempts) {
  const message = trial.message.replace("RECIPIENT", endpoint.recipient);
  outbound.send_email(trial.sender, endpoint.recipient, message, (code, words) => {
    if (code === OK) return;
    console.error(`${endpoint.scenario}: ${code} ${words}`);
    if (attempts > 1) setTimeout(() => submit(outbound, endpoint, attempts - 1), 200);
  });
}

exports.hook_init_master = function (next) {
  const outbound = require("./outbound");
  next();
  setTimeout(() => {
    for (const endpoint of trial.endpoints) submit(outbound, endpoint, 5);
  }, 200);
};

exports.hook_get_mx = function (next, hmail) {
  const endpoint = endpointOf(hmail);
  if (!endpoint) return next(DENY, "no bounces here");
  return next(OK, { exchange: endpoint.host, from_dns: endpoint.name, port: endpoint.port, priority: 0 });
};

exports.hook_delivered = function (next, hmail, params) {
  tell(hmail, "delivered", params[1]);
  next();
};

exports.hook_deferred = function (next, hmail, params) {
  tell(hmail, "deferred", params.err);
  next(OK); // once is enough
};

exports.hook_bounce = function (next, hmail, error) {
  tell(hmail, "bounced", error);
  next(OK); // and nobody is told
};
