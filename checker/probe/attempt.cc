#include "checker/probe/attempt.h"

#include "checker/probe/tls_notes.h"
#include "net/smtp/read_reply.h"
#include "net/wire.h"

#include <asio/ip/tcp.hpp>
#include <asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace badmx::checker {
namespace {

using net::WireStatus;
using smtp::Point;
using smtp::TlsMode;
using std::chrono::microseconds;

constexpr std::size_t most_transcript_lines = 1000;
constexpr std::size_t most_plaintext = 256;

// One attempt under way.
struct Visit {
  Visit(const asio::any_io_executor& executor, const net::Dial& by, const Target& to,
        const net::WireOptions& options)
      : dial(by), target(to), wire(executor, options) {}

  const net::Dial& dial;
  const Target& target;
  net::Wire wire;
  Attempt seen;
  bool tls_octets_came = false;
};

net::WireOptions wire_options(const DialLimits& limits) {
  net::WireOptions options;
  options.us = net::Speaker::client;
  options.line = limits.line;
  options.transcript_lines = most_transcript_lines;
  return options;
}

void begin(Visit& visit, Point point) {
  visit.seen.reached = point;
  visit.seen.layer = visit.wire.layer();
  const DialLimits& limits = visit.target.limits;
  const auto own = limits.at.find(point);
  visit.wire.expire_after(own == limits.at.end() ? limits.point : own->second);
}

Stop stop_of(Visit& visit, WireStatus status) {
  switch (status) {
    case WireStatus::ok:
      return Stop::finished;
    case WireStatus::closed:
      return Stop::closed;
    case WireStatus::reset:
      return Stop::reset;
    case WireStatus::timed_out:
    case WireStatus::stopped:
      return Stop::timed_out;
    case WireStatus::limit_exceeded:
      return Stop::limit_exceeded;
    case WireStatus::not_tls:
      return Stop::not_tls;
    case WireStatus::error:
      return Stop::closed;
    case WireStatus::tls_failed:
      break;
  }
  return stop_of_failed(*visit.wire.channel());
}

void stop(Visit& visit, WireStatus status) {
  visit.seen.stop = stop_of(visit, status);
  visit.seen.error = visit.wire.error();
  if (status == WireStatus::tls_failed) {
    visit.seen.tls_errors = visit.wire.channel()->errors();
  } else if (status == WireStatus::not_tls) {
    visit.seen.plaintext_bytes = visit.wire.not_tls().octets;
    visit.seen.plaintext = visit.wire.not_tls().first;
  }
}

void note_channel(Visit& visit) {
  if (const tls::Channel* const channel = visit.wire.channel(); channel != nullptr) {
    note_tls(visit.seen, *channel, visit.target.limits.certificates);
  }
}

// Whether a reply of class 2 came; else why not is noted. A write that failed doesn't end it: the
// server may have said why before it closed.
asio::awaitable<bool> hear(Visit& visit, ReplySeen* into) {
  const DialLimits& limits = visit.target.limits;
  const smtp::ReplyLimits bounds{
      .line = limits.line, .reply = limits.reply, .lines = limits.reply_lines};
  smtp::ReplyRead read = co_await smtp::read_reply(visit.wire, bounds);
  if (into != nullptr) {
    into->code = read.reply.code;
    into->lines = std::move(read.reply.lines);
  }
  if (read.status != WireStatus::ok) {
    stop(visit, read.status);
    co_return false;
  }
  if (read.state == smtp::ReplyState::malformed) {
    visit.seen.stop = Stop::malformed_reply;
    co_return false;
  }
  if (smtp::reply_class(read.reply.code) != 2) {
    visit.seen.stop = Stop::refused;
    co_return false;
  }
  co_return true;
}

asio::awaitable<bool> send_command(Visit& visit, std::string command, ReplySeen* into) {
  command += "\r\n";
  co_await visit.wire.write(std::move(command));
  co_return co_await hear(visit, into);
}

asio::awaitable<bool> say_hello(Visit& visit, ReplySeen* into) {
  begin(visit, Point::ehlo);
  std::string command = "EHLO " + visit.target.ehlo;
  co_return co_await send_command(visit, std::move(command), into);
}

asio::awaitable<bool> connect(Visit& visit) {
  begin(visit, Point::connect);
  asio::error_code code;
  const asio::ip::address address = asio::ip::make_address(visit.target.address, code);
  if (code) {
    visit.seen.stop = Stop::unreachable;
    visit.seen.error = "not a numeric address";
    co_return false;
  }
  const asio::ip::tcp::endpoint endpoint(address, visit.target.port);
  const WireStatus status = co_await visit.dial(visit.wire, endpoint);
  visit.seen.connected = visit.wire.elapsed();
  if (status != WireStatus::ok) {
    stop(visit, status);
    if (status != WireStatus::timed_out) {
      visit.seen.stop = Stop::unreachable;
    }
    co_return false;
  }
  co_return true;
}

asio::awaitable<bool> shake_hands(Visit& visit, const tls::ClientContext& context) {
  begin(visit, Point::handshake);
  const microseconds before = visit.wire.elapsed();
  const std::size_t octets_before = visit.wire.octets_read();
  visit.wire.start_tls(context.connection(visit.seen.sni, visit.target.limits.chain),
                       tls::Channel::Role::client);
  const WireStatus status = co_await visit.wire.handshake();
  visit.seen.handshake_took = visit.wire.elapsed() - before;
  visit.tls_octets_came = visit.wire.octets_read() > octets_before;
  visit.seen.handshake_done = status == WireStatus::ok;
  if (!visit.seen.handshake_done) {
    stop(visit, status);
  }
  note_channel(visit);
  co_return visit.seen.handshake_done&& visit.seen.stop == Stop::finished;
}

// Whether text comes in one segment with the 220 or in the next is chance: where no TLS follows, it
// is what came instead.
void note_text_instead_of_tls(Visit& visit) {
  Attempt& seen = visit.seen;
  const std::string& early = seen.plaintext_after_starttls;
  if (early.empty() || (visit.tls_octets_came && seen.stop != Stop::not_tls)) {
    return;
  }
  seen.stop = Stop::not_tls;
  seen.plaintext_bytes += early.size();
  seen.plaintext = (early + seen.plaintext).substr(0, most_plaintext);
}

asio::awaitable<bool> start_tls(Visit& visit, const tls::ClientContext& context) {
  smtp::Reply ehlo;
  ehlo.lines = visit.seen.ehlo.lines;
  if (!smtp::offers(ehlo, "STARTTLS")) {
    visit.seen.stop = Stop::not_offered;
    co_return false;
  }
  begin(visit, Point::starttls);
  // CVE-2011-0411: a server that keeps what it has read obeys the RSET under TLS.
  std::string command = visit.seen.probe == Probe::injecting ? "STARTTLS\r\nRSET" : "STARTTLS";
  if (!co_await send_command(visit, std::move(command), &visit.seen.starttls)) {
    co_return false;
  }
  // RFC 3207 4.2 forbids it, and it isn't the server's word under TLS (CVE-2011-0411's mirror).
  visit.seen.plaintext_after_starttls = visit.wire.take_buffered();
  const bool shaken = co_await shake_hands(visit, context);
  if (!shaken) {
    note_text_instead_of_tls(visit);
  }
  co_return shaken;
}

// The session as a sender would begin it, up to EHLO under TLS.
asio::awaitable<bool> converse(Visit& visit, const tls::ClientContext& context) {
  const TlsMode mode = visit.target.tls;
  if (!co_await connect(visit)) {
    co_return false;
  }
  if (mode == TlsMode::implicit) {
    if (!co_await shake_hands(visit, context)) {
      co_return false;
    }
    begin(visit, Point::connect);
  }
  if (!co_await hear(visit, &visit.seen.greeting)) {
    co_return false;
  }
  if (mode == TlsMode::implicit) {
    co_return co_await say_hello(visit, &visit.seen.ehlo_tls);
  }
  if (!co_await say_hello(visit, &visit.seen.ehlo)) {
    co_return false;
  }
  if (mode == TlsMode::plain) {
    co_return true;
  }
  if (!co_await start_tls(visit, context)) {
    co_return false;
  }
  co_return co_await say_hello(visit, &visit.seen.ehlo_tls);
}

// However it stopped, the server is left in good order where it still listens.
asio::awaitable<void> take_leave(Visit& visit) {
  switch (visit.seen.stop) {
    case Stop::refused:
    case Stop::not_offered:
    case Stop::malformed_reply:
      co_await visit.wire.write("QUIT\r\n");
      break;
    case Stop::timed_out:
    case Stop::limit_exceeded:
    case Stop::not_tls:
      visit.wire.close();
      break;
    default:
      break;
  }
  co_await visit.wire.finish();
}

}  // namespace

const tls::ClientContext& ClientContexts::of(Probe probe) {
  const tls::ClientSetup setup = client_setup(probe);
  const auto made = std::ranges::find(made_, setup, &Made::setup);
  if (made != made_.end()) return made->context;
  made_.push_back({.setup = setup, .context = tls::ClientContext(library_, setup)});
  return made_.back().context;
}

asio::awaitable<Attempt> make_attempt(const AttemptTools& tools, const Target& target, Probe probe,
                                      bool& tls_octets_came) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Visit visit(executor, tools.dial, target, wire_options(target.limits));
  visit.seen.probe = probe;
  const bool names_it = target.tls != TlsMode::plain && probe != Probe::without_sni;
  visit.seen.sni = names_it ? target.sni : std::string();
  visit.wire.expire_all_after(target.limits.total);
  if (co_await converse(visit, tools.contexts.of(probe))) {
    begin(visit, Point::quit);
    ReplySeen farewell;
    co_await send_command(visit, "QUIT", &farewell);
    // With one reply too many, QUIT gets that to EHLO.
    visit.seen.obeyed_from_before_tls = probe == Probe::injecting && farewell.code == 250;
  }
  visit.seen.took = visit.wire.elapsed();
  note_channel(visit);
  co_await take_leave(visit);
  visit.seen.transcript = visit.wire.take_transcript();
  tls_octets_came = visit.tls_octets_came;
  co_return std::move(visit.seen);
}

}  // namespace badmx::checker
