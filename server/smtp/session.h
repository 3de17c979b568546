// One SMTP session from the server's side (RFC 5321, RFC 3207, RFC 4954) as a pure state machine:
// a line in, the next step out. Nothing here waits, reads or writes.
#pragma once

#include "net/smtp/command.h"
#include "net/smtp/point.h"
#include "net/transcript.h"
#include "server/smtp/behaviour.h"
#include "server/smtp/record.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::server {

// What the server turns to once the answer is out.
enum class Next {
  command,        // reads a command
  start_tls,      // does the handshake
  message,        // reads a message up to its final dot
  auth_response,  // reads one line of credentials
  close,
};

// An answer, and what follows it.
struct Step {
  smtp::Point point = smtp::Point::connect;
  std::string bytes;  // the whole answer with its line ends; empty: nothing is sent
  std::chrono::milliseconds delay{0};  // before it
  std::chrono::milliseconds drip{0};   // between its octets
  std::string_view
      then;  // the action that takes over afterwards; lives as long as the Conversation
  Next next = Next::command;
  End end = End::server_closed;  // when next is close

  bool operator==(const Step&) const = default;
};

struct Envelope {
  std::string from;
  std::vector<std::string> to;

  bool operator==(const Envelope&) const = default;
};

enum class MessageFate { whole, too_long };

class Session {
 public:
  // The conversation is borrowed. `message_limit` in octets.
  Session(const Conversation& conversation, smtp::TlsMode mode, std::size_t message_limit);

  // Under implicit TLS secured() greets.
  Step greet();
  Step command(std::string_view line);
  Step auth_response(std::string_view line);
  // The final dot has come; take the envelope before, since this ends the transaction.
  Step message(MessageFate fate);
  // What stands in the handshake's place; without bytes and action it is the honest handshake. From
  // here on `conversation` holds: another one where servers share a port.
  Step handshake(const Conversation& conversation);
  // TLS is up, and all that was said before is forgotten (RFC 3207 4.2). After STARTTLS an honest
  // server now waits; what a reaction has for `connect` under TLS is said unasked.
  Step secured();

  net::Layer layer() const { return layer_; }
  const Envelope& envelope() const { return envelope_; }
  Delivered delivered() const { return delivered_; }
  Auth auth() const { return auth_; }
  // The deviations of the dialogue that came into play so far (server/smtp/deviations.h).
  std::vector<std::string> met() const;

 private:
  std::string honest(const smtp::Command& command) const;
  std::string ehlo_answer() const;
  std::string starttls_answer(std::string_view argument) const;
  std::string auth_answer(std::string_view argument) const;
  std::string mail_answer(std::string_view argument) const;
  std::string rcpt_answer(std::string_view argument) const;
  std::string data_answer() const;
  const Reaction* reaction_to(smtp::Point point);
  Step answer(smtp::Point point, std::string honest_bytes);
  void apply(const smtp::Command& command, Step& step);
  void credentials_came();
  void forget();

  const Conversation* conversation_;
  smtp::TlsMode mode_;
  std::size_t message_limit_;
  net::Layer layer_ = net::Layer::clear;
  bool refused_ = false;  // the greeting was no 220 (RFC 5321 3.1)
  bool greeted_ = false;  // EHLO or HELO was accepted
  bool in_transaction_ = false;
  Envelope envelope_;
  int auth_lines_left_ = 0;
  std::size_t commands_ = 0;
  Delivered delivered_ = Delivered::no;
  Auth auth_ = Auth::none;
  std::array<std::array<int, 16>, 2> reacted_{};  // by layer and point
  bool said_capabilities_ = false;                // in either layer
  bool said_capabilities_in_clear_ = false;
};

// "250" of "250-mx.example.test…", 0 where the bytes begin with no reply code.
int reply_code(std::string_view bytes);

}  // namespace badmx::server
