// How the rows of server/smtp/actions.h are done: internal to the server.
#pragma once

#include "net/wire.h"
#include "server/smtp/record.h"

#include <functional>
#include <string>

namespace badmx::server {

// What comes after an action.
enum class ActionOutcome {
  as_usual,  // what the session had in mind
  command,   // reads the next command, in the layer of the moment
  close,
  close_without_notify,
  reset,
  client_left,  // the action stayed until then
};

struct ActionResult {
  ActionOutcome outcome = ActionOutcome::close;
  net::WireStatus status = net::WireStatus::ok;  // what the wire said last
  std::string obeyed{};  // lines that are to be taken for commands once TLS is up
  // Of what needs something of the client's: whether that came. Otherwise nothing deviated.
  bool was_met = true;
};

// What an action works on; everything is the conversation's.
struct ActionContext {
  net::Wire* wire = nullptr;
  ConnectionRecord* record = nullptr;
  std::function<x509::SslHandle()> make_ssl;  // of the honest server that it deviates from
  std::string pipelined{};                    // what the client had said in clear behind STARTTLS
};

// `then` must be one that action_fault() has nothing against.
asio::awaitable<ActionResult> perform(std::string then, ActionContext context);

// The first line of such text, which loses it; without its end.
std::string take_line(std::string& text);

}  // namespace badmx::server
