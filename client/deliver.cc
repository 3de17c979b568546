#include "client/deliver.h"

#include "net/smtp/read_reply.h"
#include "net/tls/context.h"
#include "net/wire.h"
#include "x509/error.h"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <string_view>
#include <utility>

namespace badmx::client {
namespace {

using net::WireStatus;
using smtp::Point;
using smtp::TlsMode;

std::string_view why_lost(WireStatus status) {
  switch (status) {
    case WireStatus::closed:
      return "the server closed the connection";
    case WireStatus::reset:
      return "the server reset the connection";
    case WireStatus::timed_out:
      return "no answer in time";
    case WireStatus::limit_exceeded:
      return "the answer is too long";
    case WireStatus::tls_failed:
      return "TLS failed";
    case WireStatus::not_tls:
      return "what came is no TLS";
    case WireStatus::ok:
    case WireStatus::stopped:
    case WireStatus::error:
      break;
  }
  return "the connection failed";
}

std::string one_line(const smtp::Reply& reply) {
  if (reply.code == 0) return {};
  return fmt::format("{} {}", reply.code, fmt::join(reply.lines, " "));
}

// RFC 5321 4.5.2: a line that begins with a dot gets another one.
std::string stuffed(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    if (line.starts_with('.')) bytes += '.';
    bytes.append(line).append("\r\n");
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  }
  return bytes;
}

// The command that brings a server to the point, once the message's fate is known. AUTH with an
// initial response of nothing (RFC 4954 4).
std::string command_for(Point point, const Order& order) {
  switch (point) {
    case Point::helo:
      return "HELO " + order.ehlo;
    case Point::auth:
      return "AUTH PLAIN =";
    case Point::rset:
      return "RSET";
    case Point::noop:
      return "NOOP";
    default:
      return "HELP";
  }
}

// One delivery under way. What is awaited, and what it is given, has a name of its own
// (docs/design.md, Mistakes). Each step says whether the session goes on to the next; if not, the
// delivery's end is noted.
class Session {
 public:
  // `rest` is what of order.afterwards hasn't been said yet; a session takes off what it says.
  Session(const asio::any_io_executor& executor, const Order& order,
          const tls::ClientContext& context, std::deque<Point>& rest)
      : order_(order), context_(context), rest_(rest), wire_(executor, net::WireOptions{}) {
    wire_.expire_all_after(order.total);
  }

  asio::awaitable<Delivery> run() {
    const bool reached = co_await reach_the_channel();
    bool accepted = false;
    if (reached) {
      accepted = co_await transact();
    }
    if (accepted) delivery_.end = DeliveryEnd{};
    co_await end();
    co_return std::move(delivery_);
  }

  // Without a message, for what a session that ended early left unsaid. Whether it said any of it.
  asio::awaitable<bool> visit() {
    const std::size_t before = rest_.size();
    co_await reach_the_channel();
    co_await end();
    co_return rest_.size() < before;
  }

 private:
  asio::awaitable<void> end() {
    if (lost_) {
      wire_.close();
    } else {
      co_await say_the_rest();
      co_await wire_.finish();
    }
  }

  void begin(Point point) {
    at_ = point;
    delivery_.reply.clear();  // that of an earlier point decides nothing here
    const auto own = order_.waits.find(point);
    wire_.expire_after(own == order_.waits.end() ? order_.wait : own->second);
  }

  void lose(std::string why) {
    lost_ = true;
    delivery_.end = {Fate::lost, at_};
    delivery_.error = std::move(why);
  }

  // Whether a reply of that class came.
  asio::awaitable<bool> hear(int wanted) {
    const smtp::ReplyLimits bounds;
    const smtp::ReplyRead read = co_await smtp::read_reply(wire_, bounds);
    if (read.status != WireStatus::ok) {
      lose(std::string(why_lost(read.status)));
      co_return false;
    }
    if (read.state == smtp::ReplyState::malformed) {
      lose("the answer is no SMTP reply");
      co_return false;
    }
    delivery_.reply = one_line(read.reply);
    last_ = read.reply;
    const int kind = smtp::reply_class(read.reply.code);
    if (kind == wanted) co_return true;
    if (kind == 4 || kind == 5) {
      delivery_.end = {kind == 5 ? Fate::rejected : Fate::deferred, at_};
      // RFC 5321 3.8: a server that says 421 closes.
      if (read.reply.code == 421) lost_ = true;
    } else {
      lose("the answer doesn't fit the command");
    }
    co_return false;
  }

  // A write that fails doesn't end it: the server may have said why before it closed.
  asio::awaitable<bool> ask(Point point, std::string command, int wanted) {
    begin(point);
    command += "\r\n";
    co_await wire_.write(std::move(command));
    co_return co_await hear(wanted);
  }

  // RFC 5321 3.2: who refuses EHLO for good gets HELO.
  asio::awaitable<bool> say_hello() {
    std::string ehlo = "EHLO " + order_.ehlo;
    const bool extended = co_await ask(Point::ehlo, std::move(ehlo), 2);
    if (extended) co_return true;
    if (lost_ || delivery_.end.fate != Fate::rejected) co_return false;
    const Delivery refused = delivery_;
    std::string helo = "HELO " + order_.ehlo;
    const bool greeted = co_await ask(Point::helo, std::move(helo), 2);
    if (!greeted) delivery_ = refused;
    co_return greeted;
  }

  asio::awaitable<bool> shake_hands() {
    begin(Point::handshake);
    wire_.start_tls(context_.connection(order_.sni), tls::Channel::Role::client);
    const WireStatus status = co_await wire_.handshake();
    if (status == WireStatus::ok) co_return true;
    std::string why(why_lost(status));
    if (status == WireStatus::tls_failed) why = x509::text(wire_.channel()->errors());
    lose(std::move(why));
    co_return false;
  }

  asio::awaitable<bool> start_tls() {
    begin(Point::starttls);
    if (!smtp::offers(last_, "STARTTLS")) {
      lose("STARTTLS is not offered");
      co_return false;
    }
    std::string starttls = "STARTTLS";
    const bool agreed = co_await ask(Point::starttls, std::move(starttls), 2);
    if (!agreed) co_return false;
    wire_.take_buffered();  // RFC 3207 4.2: what came in cleartext isn't said under TLS
    const bool secured = co_await shake_hands();
    if (!secured) co_return false;
    co_return co_await say_hello();
  }

  // Up to EHLO in the channel's own layer.
  asio::awaitable<bool> reach_the_channel() {
    begin(Point::connect);
    asio::error_code code;
    const asio::ip::address address = asio::ip::make_address(order_.address, code);
    const asio::ip::tcp::endpoint endpoint(address, order_.port);
    WireStatus status = WireStatus::error;
    if (!code) {
      status = co_await wire_.connect(endpoint);
    }
    if (status != WireStatus::ok) {
      lose(std::string(why_lost(status)));
      co_return false;
    }
    const bool implicit = order_.channel == Channel::tls && order_.tls == TlsMode::implicit;
    if (implicit) {
      const bool secured = co_await shake_hands();
      if (!secured) co_return false;
    }
    begin(Point::connect);
    const bool welcome = co_await hear(2);
    if (!welcome) co_return false;
    const bool known = co_await say_hello();
    if (!known) co_return false;
    if (implicit || order_.channel == Channel::cleartext) co_return true;
    co_return co_await start_tls();
  }

  asio::awaitable<bool> transact() {
    std::string mail = fmt::format("MAIL FROM:<{}>", order_.from);
    const bool sender = co_await ask(Point::mail, std::move(mail), 2);
    if (!sender) co_return false;
    std::string rcpt = fmt::format("RCPT TO:<{}>", order_.to);
    const bool recipient = co_await ask(Point::rcpt, std::move(rcpt), 2);
    if (!recipient) co_return false;
    std::string data = "DATA";
    const bool ready = co_await ask(Point::data, std::move(data), 3);
    if (!ready) co_return false;
    std::string message = stuffed(order_.text) + ".";
    co_return co_await ask(Point::message, std::move(message), 2);
  }

  // What is said here changes nothing any more, and any reply will do.
  asio::awaitable<void> say_the_rest() {
    const Delivery known = delivery_;
    while (!lost_ && !rest_.empty()) {
      const Point point = rest_.front();
      rest_.pop_front();
      begin(point);
      std::string command = command_for(point, order_) + "\r\n";
      co_await wire_.write(std::move(command));
      co_await hear_anything();
      // RFC 4954 4: the way out of a challenge.
      if (!lost_ && last_.code == 334) {
        std::string cancel = "*\r\n";
        co_await wire_.write(std::move(cancel));
        co_await hear_anything();
      }
    }
    std::string quit = "QUIT";
    if (!lost_) {
      co_await ask(Point::quit, std::move(quit), 2);
    }
    delivery_ = known;
  }

  asio::awaitable<void> hear_anything() {
    const smtp::ReplyLimits bounds;
    const smtp::ReplyRead read = co_await smtp::read_reply(wire_, bounds);
    last_ = read.reply;
    lost_ = read.status != WireStatus::ok || read.reply.code == 421;
  }

  const Order& order_;
  const tls::ClientContext& context_;
  std::deque<Point>& rest_;
  net::Wire wire_;
  Point at_ = Point::connect;
  bool lost_ = false;  // nothing more can be said
  smtp::Reply last_;
  Delivery delivery_;
};

// All that the connections of one run share.
struct Run {
  std::span<const Order> orders;
  std::vector<Delivery> deliveries;
  std::size_t next = 0;
  std::exception_ptr failure;
};

asio::awaitable<void> work(Run& run, const tls::ClientContext& context) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  while (run.next < run.orders.size()) {
    const std::size_t index = run.next++;
    const Order& order = run.orders[index];
    std::deque<Point> rest(order.afterwards.begin(), order.afterwards.end());
    bool goes_on = true;
    {
      Session session(executor, order, context, rest);
      Delivery delivery = co_await session.run();
      run.deliveries[index] = std::move(delivery);
    }
    while (goes_on && !rest.empty()) {
      Session session(executor, order, context, rest);
      goes_on = co_await session.visit();
    }
  }
}

}  // namespace

std::vector<Delivery> deliver_all(std::span<const Order> orders, std::size_t at_once) {
  const tls::Library library;
  // A fault of the handshake's parameters is the policy's to mind, as the certificate is.
  const tls::ClientContext context(library, {.tolerance = tls::Tolerance::all});
  Run run{.orders = orders, .deliveries = std::vector<Delivery>(orders.size()), .failure = {}};
  asio::io_context io(1);
  const std::size_t connections = std::min(std::max<std::size_t>(at_once, 1), orders.size());
  for (std::size_t i = 0; i < connections; ++i) {
    asio::co_spawn(io, work(run, context), [&run](std::exception_ptr failure) {
      if (!failure) return;
      if (!run.failure) run.failure = std::move(failure);
      run.next = run.orders.size();
    });
  }
  io.run();
  if (run.failure) std::rethrow_exception(run.failure);
  return std::move(run.deliveries);
}

}  // namespace badmx::client
