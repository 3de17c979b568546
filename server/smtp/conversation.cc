#include "server/smtp/conversation.h"

#include "server/smtp/close_mode.h"
#include "server/smtp/command_notes.h"
#include "server/smtp/deviations.h"
#include "server/smtp/message_reader.h"
#include "server/smtp/perform.h"
#include "server/smtp/session.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace badmx::server {
namespace {

using net::WireStatus;

class Dialogue {
 public:
  Dialogue(net::Wire& wire, ConnectionContext context)
      : wire_(wire),
        context_(context),
        server_(&context.port->first()),
        conversation_(&server_->next()),
        session_(*conversation_, server_->behaviour.mode, context.limits->message) {
    record_.number = context.number;
    record_.scenario = server_->scenario;
    record_.peer = wire.peer();
    record_.started = std::chrono::system_clock::now();
  }

  asio::awaitable<void> run();

 private:
  asio::awaitable<void> talk();
  asio::awaitable<void> leave();
  ConnectionRecord take_record();
  void fail(const std::exception& problem);
  // Each says whether the connection goes on; if not, record_.end and leave_ are set.
  asio::awaitable<bool> carry_out(Step step);
  asio::awaitable<bool> say(std::string bytes, std::chrono::milliseconds drip);
  asio::awaitable<bool> act(std::string then, Next* next);
  asio::awaitable<bool> secure();
  asio::awaitable<bool> shake_hands(Step step, SniCondition sni);
  asio::awaitable<WireStatus> drip_handshake(std::chrono::milliseconds between);
  asio::awaitable<bool> read_command();
  asio::awaitable<bool> read_credentials();
  asio::awaitable<bool> read_message();

  void wait_at_most(std::chrono::milliseconds more);
  bool ended(WireStatus status);
  void closes(End end, CloseMode leave);
  void discard_pipelined();
  void keep(std::string text, Envelope envelope, net::Layer layer);
  x509::SslHandle make_ssl(SniCondition sni);

  net::Wire& wire_;
  const ConnectionContext context_;
  VirtualServer* server_;
  const Conversation* conversation_;
  Session session_;
  const ReadyContext* ready_ = nullptr;
  Step step_;              // the one to be carried out
  std::string pipelined_;  // said in clear behind STARTTLS and discarded
  std::string obeyed_;     // the same where the server has this fault
  CloseMode close_mode_ = CloseMode::finish;
  ConnectionRecord record_;
  std::vector<std::string> unmet_;  // reactions that came to nothing
  CommandNotes notes_;
};

void Dialogue::wait_at_most(std::chrono::milliseconds more) {
  wire_.expire_after(context_.limits->idle + more);
}

void Dialogue::closes(End end, CloseMode leave) {
  record_.end = end;
  close_mode_ = leave;
}

// Whether that was the end of it.
bool Dialogue::ended(WireStatus status) {
  if (status == WireStatus::ok) return false;
  closes(end_of(status), status == WireStatus::stopped || status == WireStatus::reset
                             ? CloseMode::drop
                             : CloseMode::finish);
  if (record_.error.empty()) record_.error = wire_.error();
  if (status == WireStatus::tls_failed) record_.error = x509::text(wire_.channel()->errors());
  if (status == WireStatus::not_tls) record_.error = "the client's first octets are no TLS record";
  return true;
}

asio::awaitable<void> Dialogue::run() {
  try {
    co_await talk();
  } catch (const std::exception& problem) {
    // An identity that OpenSSL refuses, say: the client sees a close, the record has the reason.
    fail(problem);
  }
  co_await leave();
  context_.journal->add(take_record());
}

asio::awaitable<void> Dialogue::talk() {
  wire_.expire_all_after(context_.limits->session);
  bool goes_on = true;
  if (server_->behaviour.mode == smtp::TlsMode::implicit) {
    goes_on = co_await secure();
  } else {
    step_ = session_.greet();
  }
  while (goes_on) {
    Step step = std::move(step_);
    goes_on = co_await carry_out(std::move(step));
  }
}

asio::awaitable<bool> Dialogue::carry_out(Step step) {
  record_.reached = step.point;
  wait_at_most(step.delay);
  if (step.delay.count() > 0 && ended(co_await wire_.pause(step.delay))) co_return false;
  if (step.next == Next::start_tls) discard_pipelined();
  const bool last = step.next == Next::close && step.then.empty() && step.drip.count() == 0;
  if (last) {
    if (ended(co_await wire_.write_last(std::move(step.bytes)))) co_return false;
  } else if (!co_await say(std::move(step.bytes), step.drip)) {
    co_return false;
  }
  if (!step.then.empty()) {
    std::string then(step.then);
    if (!co_await act(std::move(then), &step.next)) co_return false;
  }
  switch (step.next) {
    case Next::command:
      co_return co_await read_command();
    case Next::start_tls:
      co_return co_await secure();
    case Next::message:
      co_return co_await read_message();
    case Next::auth_response:
      co_return co_await read_credentials();
    case Next::close:
      closes(step.end, CloseMode::finish);
      co_return false;
  }
  co_return false;
}

asio::awaitable<bool> Dialogue::say(std::string bytes, std::chrono::milliseconds drip) {
  if (bytes.empty()) co_return true;
  WireStatus status = WireStatus::ok;
  if (drip.count() > 0) {
    wait_at_most(drip * static_cast<int>(bytes.size()));
    status = co_await wire_.write_slowly(std::move(bytes), drip);
  } else {
    status = co_await wire_.write(std::move(bytes));
  }
  co_return !ended(status);
}

asio::awaitable<bool> Dialogue::act(std::string then, Next* next) {
  wait_at_most(std::chrono::milliseconds(0));
  ActionContext context;
  context.wire = &wire_;
  context.record = &record_;
  const SniCondition sni = record_.client_hello && record_.client_hello->sni ? SniCondition::present
                                                                             : SniCondition::absent;
  context.make_ssl = [this, sni] { return make_ssl(sni); };
  context.pipelined = std::move(pipelined_);
  ActionResult result = co_await perform(std::move(then), std::move(context));
  if (!result.was_met) unmet_.push_back(reaction_key(session_.layer(), record_.reached));
  record_.discarded_in_clear -= result.obeyed.size();
  obeyed_ = std::move(result.obeyed);
  switch (result.outcome) {
    case ActionOutcome::as_usual:
      co_return true;
    case ActionOutcome::command:
      *next = Next::command;
      co_return true;
    case ActionOutcome::close:
      closes(End::server_closed, CloseMode::finish);
      co_return false;
    case ActionOutcome::close_without_notify:
      closes(End::server_closed, CloseMode::finish_without_notify);
      co_return false;
    case ActionOutcome::reset:
      closes(End::server_closed, CloseMode::reset);
      co_return false;
    case ActionOutcome::client_left:
      ended(result.status);
      co_return false;
  }
  co_return false;
}

// RFC 3207 4.2, CVE-2011-0411: what stands in clear behind STARTTLS must not be taken for something
// said under TLS. A TLS record there is a client that doesn't wait for the answer.
void Dialogue::discard_pipelined() {
  const std::string_view waiting = wire_.buffered();
  constexpr char handshake_record = 0x16;
  if (waiting.empty() || waiting.front() == handshake_record) return;
  pipelined_ = wire_.take_buffered();
  record_.discarded_in_clear += pipelined_.size();
}

asio::awaitable<bool> Dialogue::secure() {
  record_.reached = smtp::Point::handshake;
  wait_at_most(std::chrono::milliseconds(0));
  net::HelloRead hello = co_await wire_.read_client_hello();
  if (ended(hello.status)) co_return false;
  SniCondition sni = SniCondition::absent;
  if (hello.reading.state == tls::HelloState::complete) {
    const auto& name = hello.reading.hello.sni;
    if (name) {
      sni = SniCondition::present;
      VirtualServer& chosen = context_.port->named(*name);
      if (&chosen != server_) {
        server_ = &chosen;
        conversation_ = &chosen.next();
        record_.scenario = chosen.scenario;
      }
    }
    record_.client_hello = std::move(hello.reading.hello);
  }
  Step step = session_.handshake(*conversation_);
  co_return co_await shake_hands(std::move(step), sni);
}

asio::awaitable<bool> Dialogue::shake_hands(Step step, SniCondition sni) {
  wait_at_most(step.delay);
  if (step.delay.count() > 0 && ended(co_await wire_.pause(step.delay))) co_return false;
  const bool has_bytes = !step.bytes.empty();
  if (!co_await say(std::move(step.bytes), step.drip)) co_return false;
  if (!step.then.empty()) {
    std::string then(step.then);
    Next next = Next::start_tls;
    if (!co_await act(std::move(then), &next)) co_return false;
    if (next != Next::command) co_return true;
    co_return co_await read_command();
  }
  if (has_bytes) {
    closes(End::server_closed, CloseMode::finish_without_notify);
    co_return false;
  }
  wire_.start_tls(make_ssl(sni), tls::Channel::Role::server);
  WireStatus status = WireStatus::ok;
  if (step.drip.count() > 0) {
    status = co_await drip_handshake(step.drip);
  } else {
    status = co_await wire_.handshake();
  }
  const tls::Negotiated negotiated = wire_.channel()->negotiated();
  record_.tls_version = negotiated.version;
  record_.cipher = negotiated.cipher;
  record_.group = negotiated.group;
  record_.alpn = negotiated.alpn;
  record_.resumed = negotiated.resumed;
  if (const ShownIdentity* identity = identity_sent(*ready_, negotiated)) {
    record_.certificates_sent = identity->certificates;
    record_.met.push_back(identity_key(identity->place, conversation_->identities.size()));
  }
  if (ended(status)) {
    if (status == WireStatus::tls_failed || status == WireStatus::not_tls) {
      closes(End::handshake_failed, CloseMode::finish_without_notify);
    }
    co_return false;
  }
  record_.handshake_done = true;
  for (const x509::Bytes& certificate : wire_.channel()->peer_certificates()) {
    record_.client_certificates.push_back(x509::hex(x509::sha256(certificate)));
  }
  step_ = session_.secured();
  co_return true;
}

// The honest handshake with a segment for every octet of ours.
asio::awaitable<WireStatus> Dialogue::drip_handshake(std::chrono::milliseconds between) {
  tls::Channel& channel = *wire_.channel();
  for (;;) {
    const tls::Progress progress = channel.handshake();
    for (const std::uint8_t octet : channel.take_output()) {
      wait_at_most(between);
      x509::Bytes one(1, octet);
      WireStatus status = co_await wire_.write_raw(std::move(one));
      if (status == WireStatus::ok) {
        status = co_await wire_.pause(between);
      }
      if (status != WireStatus::ok) co_return status;
    }
    if (progress == tls::Progress::done) co_return WireStatus::ok;
    if (progress == tls::Progress::closed) co_return WireStatus::closed;
    if (progress == tls::Progress::failed) co_return WireStatus::tls_failed;
    wait_at_most(std::chrono::milliseconds(0));
    const net::BytesRead read = co_await wire_.read_raw();
    if (read.status != WireStatus::ok) co_return read.status;
    channel.feed(read.bytes);
  }
}

asio::awaitable<bool> Dialogue::read_command() {
  wait_at_most(std::chrono::milliseconds(0));
  net::LineRead read;
  if (session_.layer() == net::Layer::tls && !obeyed_.empty()) {
    read.line = take_line(obeyed_);
  } else {
    read = co_await wire_.read_line();
  }
  if (ended(read.status)) co_return false;
  const net::Layer layer = session_.layer();
  step_ = session_.command(read.line);
  notes_.add(std::move(read.line), layer, step_, wire_.elapsed());
  co_return true;
}

asio::awaitable<bool> Dialogue::read_credentials() {
  wait_at_most(std::chrono::milliseconds(0));
  const net::LineRead read = co_await wire_.read_line();
  if (ended(read.status)) co_return false;
  step_ = session_.auth_response(read.line);
  co_return true;
}

asio::awaitable<bool> Dialogue::read_message() {
  MessageReader reader(context_.limits->message);
  for (MessageReader::State state = MessageReader::State::more;
       state != MessageReader::State::ended;) {
    wait_at_most(std::chrono::milliseconds(0));
    const net::LineRead read = co_await wire_.read_line();
    if (ended(read.status)) co_return false;
    state = reader.add(read.line);
  }
  const net::Layer layer = session_.layer();
  Envelope envelope = session_.envelope();
  step_ = session_.message(reader.fate());
  notes_.add(".", layer, step_, wire_.elapsed());
  if (reply_code(step_.bytes) / 100 == 2) keep(reader.take_text(), std::move(envelope), layer);
  co_return true;
}

void Dialogue::keep(std::string text, Envelope envelope, net::Layer layer) {
  ++record_.messages;
  Message message{.scenario = record_.scenario,
                  .connection = record_.number,
                  .layer = layer,
                  .from = std::move(envelope.from),
                  .to = std::move(envelope.to),
                  .text = std::move(text)};
  context_.journal->add(std::move(message));
}

x509::SslHandle Dialogue::make_ssl(SniCondition sni) {
  ready_ = &context_.contexts->find(*conversation_, sni);
  return ready_->context.connection();
}

asio::awaitable<void> Dialogue::leave() {
  record_.lasted = wire_.elapsed();
  co_await close_wire(wire_, close_mode_);
}

ConnectionRecord Dialogue::take_record() {
  notes_.move_into(record_);
  record_.delivered = session_.delivered();
  record_.auth = session_.auth();
  record_.conversation = index_of(server_->behaviour, *conversation_);
  std::ranges::move(session_.met(), std::back_inserter(record_.met));
  for (const std::string& key : unmet_) std::erase(record_.met, key);
  if (const tls::Channel* channel = wire_.channel()) {
    std::ranges::move(met_by_handshake(conversation_->tls, record_),
                      std::back_inserter(record_.met));
    record_.alerts.insert(record_.alerts.end(), channel->alerts().begin(), channel->alerts().end());
  }
  return std::move(record_);
}

void Dialogue::fail(const std::exception& problem) {
  closes(End::server_closed, CloseMode::finish_without_notify);
  record_.error = problem.what();
}

}  // namespace

asio::awaitable<void> converse(net::Wire& wire, ConnectionContext context) {
  Dialogue dialogue(wire, context);
  co_await dialogue.run();
}

}  // namespace badmx::server
