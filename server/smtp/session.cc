#include "server/smtp/session.h"

#include "server/smtp/deviations.h"
#include "x509/ascii.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace badmx::server {
namespace {

using net::Layer;
using smtp::Point;

constexpr std::size_t most_recipients = 1000;  // RFC 5321 4.5.3.1.8 asks for at least 100
constexpr std::size_t most_commands = 10000;
constexpr std::size_t most_command_octets = 12288;  // RFC 4954 4, for AUTH with its credentials
constexpr std::string_view default_capabilities[] = {"PIPELINING", "SIZE 10485760", "8BITMIME",
                                                     "ENHANCEDSTATUSCODES"};

// The word up to the next space, which is taken off the text with the spaces behind it.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return word;
}

// RFC 1870: what the client says the message's size will be.
std::optional<std::size_t> announced_size(std::string_view argument) {
  while (!argument.empty()) {
    const std::string_view word = take_word(argument);
    if (!x509::equal_ignoring_case(word.substr(0, 5), "SIZE=")) continue;
    std::size_t size = 0;
    const std::string_view digits = word.substr(5);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), size).ec == std::errc{}) {
      return size;
    }
  }
  return std::nullopt;
}

std::span<const std::string> configured_capabilities(const Conversation& conversation) {
  if (!conversation.capabilities) return {};
  return *conversation.capabilities;
}

// What follows "AUTH " in the capability list, nothing when it isn't offered. "AUTH=PLAIN" is the
// form of before RFC 2554, which some still send.
std::optional<std::string_view> offered_mechanisms(const Conversation& conversation) {
  for (const std::string& capability : configured_capabilities(conversation)) {
    const std::string_view text = capability;
    if (!x509::equal_ignoring_case(text.substr(0, 4), "AUTH")) continue;
    if (text.size() == 4) return std::string_view();
    if (text[4] == ' ' || text[4] == '=') return text.substr(5);
  }
  return std::nullopt;
}

bool contains_word(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    if (x509::equal_ignoring_case(take_word(words), wanted)) return true;
  }
  return false;
}

// How many lines of credentials follow the AUTH command.
int credential_lines(std::string_view mechanism, std::string_view initial_response) {
  const int all = x509::equal_ignoring_case(mechanism, "LOGIN") ? 2 : 1;
  return initial_response.empty() ? all : all - 1;
}

constexpr std::string_view authenticated = "235 2.7.0 Authentication successful\r\n";
constexpr std::string_view login_username = "334 VXNlcm5hbWU6\r\n";  // "Username:"
constexpr std::string_view login_password = "334 UGFzc3dvcmQ6\r\n";  // "Password:"

Step too_many_commands() {
  Step step;
  step.point = Point::unknown;
  step.bytes = "421 4.7.0 Too many commands\r\n";
  step.next = Next::close;
  step.end = End::limit_exceeded;
  return step;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string bytes;
  for (const std::string& line : lines) bytes.append(line).append("\r\n");
  return bytes;
}

}  // namespace

int reply_code(std::string_view bytes) {
  if (bytes.size() < 3) return 0;
  int code = 0;
  const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + 3, code);
  return error == std::errc{} && end == bytes.data() + 3 && code >= 100 ? code : 0;
}

Session::Session(const Conversation& conversation, smtp::TlsMode mode, std::size_t message_limit)
    : conversation_(&conversation), mode_(mode), message_limit_(message_limit) {}

Step Session::greet() {
  Step step = answer(Point::connect, "220 " + conversation_->hostname + " ESMTP badmx\r\n");
  const int code = reply_code(step.bytes);
  refused_ = code >= 400 && code < 600;
  return step;
}

Step Session::command(std::string_view line) {
  if (++commands_ > most_commands) return too_many_commands();
  const smtp::Command command = smtp::parse_command(line);
  if (line.size() > most_command_octets) {
    Step step;
    step.point = command.point;
    step.bytes = "500 5.5.2 Line too long\r\n";
    return step;
  }
  if (command.point == Point::auth && command.argument.find(' ') != std::string_view::npos) {
    credentials_came();
  }
  Step step = answer(command.point, honest(command));
  apply(command, step);
  return step;
}

std::string Session::honest(const smtp::Command& command) const {
  // RFC 5321 3.1: after such a greeting only QUIT is served.
  if (refused_ && command.point != Point::quit) return "503 5.5.1 No service here\r\n";
  switch (command.point) {
    case Point::ehlo:
      if (command.argument.empty()) return "501 5.5.4 EHLO needs a name\r\n";
      return ehlo_answer();
    case Point::helo:
      if (command.argument.empty()) return "501 5.5.4 HELO needs a name\r\n";
      return "250 " + conversation_->hostname + "\r\n";
    case Point::starttls:
      return starttls_answer(command.argument);
    case Point::auth:
      return auth_answer(command.argument);
    case Point::mail:
      return mail_answer(command.argument);
    case Point::rcpt:
      return rcpt_answer(command.argument);
    case Point::data:
      return data_answer();
    case Point::rset:
      return "250 2.0.0 Ok\r\n";
    case Point::noop:
      return "250 2.0.0 Ok\r\n";
    case Point::quit:
      return "221 2.0.0 Bye\r\n";
    case Point::connect:
    case Point::handshake:
    case Point::message:
    case Point::unknown:
      break;
  }
  if (x509::equal_ignoring_case(command.verb, "VRFY")) return "252 2.1.5 Send some mail\r\n";
  if (x509::equal_ignoring_case(command.verb, "HELP")) return "214 2.0.0 See RFC 5321\r\n";
  if (x509::equal_ignoring_case(command.verb, "EXPN") ||
      x509::equal_ignoring_case(command.verb, "BDAT")) {
    return "502 5.5.1 Command not implemented\r\n";
  }
  return "500 5.5.2 Command not recognized\r\n";
}

std::string Session::ehlo_answer() const {
  const bool offers_tls =
      layer_ == Layer::clear && mode_ == smtp::TlsMode::starttls && conversation_->offer_starttls;
  std::string bytes = "250-" + conversation_->hostname + "\r\n";
  std::size_t last = 0;
  const auto add = [&](std::string_view capability) {
    last = bytes.size();
    bytes.append("250-").append(capability).append("\r\n");
  };
  if (conversation_->capabilities) {
    for (const std::string& capability : *conversation_->capabilities) add(capability);
  } else {
    for (const std::string_view capability : default_capabilities) add(capability);
  }
  if (offers_tls) add("STARTTLS");
  bytes[last + 3] = ' ';
  return bytes;
}

std::string Session::starttls_answer(std::string_view argument) const {
  if (layer_ == Layer::tls) return "503 5.5.1 TLS is already active\r\n";
  if (mode_ != smtp::TlsMode::starttls || !conversation_->offer_starttls) {
    return "502 5.5.1 Command not implemented\r\n";
  }
  if (!argument.empty()) return "501 5.5.4 STARTTLS takes no parameter\r\n";  // RFC 3207 4
  if (!greeted_) return "503 5.5.1 EHLO first\r\n";
  return "220 2.0.0 Ready to start TLS\r\n";
}

std::string Session::auth_answer(std::string_view argument) const {
  const auto offered = offered_mechanisms(*conversation_);
  if (!offered) return "502 5.5.1 Command not implemented\r\n";
  // RFC 4954 4: not within a mail transaction, not twice.
  if (!greeted_ || in_transaction_) return "503 5.5.1 Bad sequence of commands\r\n";
  const std::string_view mechanism = take_word(argument);
  if (mechanism.empty()) return "501 5.5.4 AUTH needs a mechanism\r\n";
  if (!contains_word(*offered, mechanism)) return "504 5.5.4 Mechanism not supported\r\n";
  if (credential_lines(mechanism, argument) == 0) return std::string(authenticated);
  if (!x509::equal_ignoring_case(mechanism, "LOGIN")) return "334 \r\n";
  return std::string(argument.empty() ? login_username : login_password);
}

std::string Session::mail_answer(std::string_view argument) const {
  if (!greeted_) return "503 5.5.1 EHLO or HELO first\r\n";
  if (in_transaction_) return "503 5.5.1 A message is already under way\r\n";
  if (!smtp::path(argument, "FROM:")) return "501 5.5.4 Syntax: MAIL FROM:<address>\r\n";
  if (announced_size(argument).value_or(0) > message_limit_) {
    return "552 5.3.4 Message too big\r\n";
  }
  return "250 2.1.0 Ok\r\n";
}

std::string Session::rcpt_answer(std::string_view argument) const {
  if (!in_transaction_) return "503 5.5.1 MAIL first\r\n";
  if (envelope_.to.size() >= most_recipients) return "452 4.5.3 Too many recipients\r\n";
  if (smtp::path(argument, "TO:").value_or("").empty()) {
    return "501 5.5.4 Syntax: RCPT TO:<address>\r\n";
  }
  return "250 2.1.5 Ok\r\n";
}

std::string Session::data_answer() const {
  if (!in_transaction_ || envelope_.to.empty()) return "503 5.5.1 MAIL and RCPT first\r\n";
  return "354 End data with <CRLF>.<CRLF>\r\n";
}

// Whatever was answered, honest or not, is what the session goes by: a client that is told 220 may
// begin TLS, one that is told 454 may not.
void Session::apply(const smtp::Command& command, Step& step) {
  const int kind = reply_code(step.bytes) / 100;
  if (step.next == Next::close) return;
  if (command.point == Point::data) {
    if (kind == 3) step.next = Next::message;
    return;
  }
  if (command.point == Point::auth && kind == 3) {
    std::string_view rest = command.argument;
    const std::string_view mechanism = take_word(rest);
    auth_lines_left_ = std::max(credential_lines(mechanism, rest), 1);
    step.next = Next::auth_response;
    return;
  }
  if (kind != 2) return;
  switch (command.point) {
    case Point::ehlo:
    case Point::helo:
      forget();
      greeted_ = true;
      return;
    case Point::starttls:
      if (layer_ == Layer::clear) step.next = Next::start_tls;
      return;
    case Point::mail:
      in_transaction_ = true;
      envelope_.from = smtp::path(command.argument, "FROM:").value_or("");
      return;
    case Point::rcpt:
      if (envelope_.to.size() < most_recipients) {
        envelope_.to.push_back(smtp::path(command.argument, "TO:").value_or(""));
      }
      return;
    case Point::rset: {
      const bool was_greeted = greeted_;
      forget();
      greeted_ = was_greeted;
      return;
    }
    default:
      return;
  }
}

Step Session::auth_response(std::string_view line) {
  Step step;
  step.point = Point::auth;
  if (line == "*") {  // RFC 4954 4: the client gives up
    auth_lines_left_ = 0;
    step.bytes = "501 5.7.0 Authentication cancelled\r\n";
    return step;
  }
  credentials_came();
  if (--auth_lines_left_ > 0) {
    step.bytes = login_password;
    step.next = Next::auth_response;
    return step;
  }
  step.bytes = authenticated;
  return step;
}

Step Session::message(MessageFate fate) {
  Step step = answer(Point::message, fate == MessageFate::whole ? "250 2.0.0 Ok: kept\r\n"
                                                                : "552 5.3.4 Message too big\r\n");
  // What went in clear once stays the answer, whatever comes later.
  if (reply_code(step.bytes) / 100 == 2 && delivered_ != Delivered::in_clear) {
    delivered_ = layer_ == Layer::tls ? Delivered::under_tls : Delivered::in_clear;
  }
  const bool was_greeted = greeted_;
  forget();
  greeted_ = was_greeted;
  return step;
}

Step Session::handshake(const Conversation& conversation) {
  conversation_ = &conversation;
  return answer(Point::handshake, std::string());
}

Step Session::secured() {
  layer_ = Layer::tls;
  forget();
  if (mode_ == smtp::TlsMode::implicit) return greet();
  Step step = answer(Point::connect, std::string());
  step.point = Point::handshake;
  return step;
}

void Session::credentials_came() {
  if (auth_ == Auth::in_clear) return;
  auth_ = layer_ == Layer::tls ? Auth::under_tls : Auth::in_clear;
}

void Session::forget() {
  greeted_ = false;
  in_transaction_ = false;
  envelope_ = Envelope();
}

const Reaction* Session::reaction_to(smtp::Point point) {
  // The handshake is what comes between the layers: its reaction stands with those in clear.
  const bool in_clear = layer_ == Layer::clear || point == Point::handshake;
  const auto& reactions = in_clear ? conversation_->on : conversation_->on_tls;
  const auto found = reactions.find(point);
  if (found == reactions.end()) return nullptr;
  const Reaction& reaction = found->second;
  int& used = reacted_.at(in_clear ? 0 : 1).at(static_cast<std::size_t>(point));
  if (reaction.times > 0 && used >= reaction.times) return nullptr;
  ++used;
  return &reaction;
}

std::vector<std::string> Session::met() const {
  std::vector<std::string> keys;
  if (conversation_->capabilities && said_capabilities_) keys.emplace_back("capabilities");
  if (!conversation_->offer_starttls && said_capabilities_in_clear_) {
    keys.emplace_back("offer_starttls");
  }
  for (const net::Layer layer : {net::Layer::clear, net::Layer::tls}) {
    const auto& reacted = reacted_.at(layer == net::Layer::clear ? 0 : 1);
    for (const smtp::Point point : smtp::all_points()) {
      if (reacted.at(static_cast<std::size_t>(point)) > 0) {
        keys.push_back(reaction_key(layer, point));
      }
    }
  }
  return keys;
}

Step Session::answer(smtp::Point point, std::string honest_bytes) {
  Step step;
  step.point = point;
  step.bytes = std::move(honest_bytes);
  bool honest = true;
  if (const Reaction* reaction = reaction_to(point)) {
    honest = !reaction->raw && reaction->reply.empty();
    if (reaction->raw) {
      step.bytes = *reaction->raw;
    } else if (!honest) {
      step.bytes = joined(reaction->reply);
    }
    step.delay = reaction->delay;
    step.drip = reaction->drip;
    step.then = reaction->then;
  }
  if (honest && point == Point::ehlo && reply_code(step.bytes) == 250) {
    said_capabilities_ = true;
    if (layer_ == Layer::clear) said_capabilities_in_clear_ = true;
  }
  const int code = reply_code(step.bytes);
  // RFC 5321 3.8, 3.9, 4.2.3: 421 and 221 say that the server closes; after QUIT it does so anyway.
  if (code == 421 || code == 221 || (point == Point::quit && code != 0)) step.next = Next::close;
  if (point == Point::quit) step.end = End::quit;
  return step;
}

}  // namespace badmx::server
