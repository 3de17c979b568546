#include "server/smtp/actions.h"

#include "server/smtp/perform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <utility>

namespace badmx::server {
namespace {

using net::WireStatus;
using smtp::Point;

ActionResult result(ActionOutcome outcome) { return ActionResult{.outcome = outcome}; }
ActionResult left(WireStatus status) {
  return ActionResult{.outcome = ActionOutcome::client_left, .status = status};
}

std::optional<int> alert_number(std::string_view argument) {
  int number = 0;
  const char* end = argument.data() + argument.size();
  const auto [stop, error] = std::from_chars(argument.data(), end, number);
  if (error != std::errc{} || stop != end || number < 0 || number > 255) return std::nullopt;
  return number;
}

asio::awaitable<ActionResult> close(ActionContext, std::string) {
  co_return result(ActionOutcome::close);
}

asio::awaitable<ActionResult> close_without_notify(ActionContext, std::string) {
  co_return result(ActionOutcome::close_without_notify);
}

asio::awaitable<ActionResult> reset(ActionContext, std::string) {
  co_return result(ActionOutcome::reset);
}

asio::awaitable<ActionResult> silence(ActionContext context, std::string) {
  for (;;) {
    const net::BytesRead read = co_await context.wire->read_raw();
    if (read.status != WireStatus::ok) co_return left(read.status);
  }
}

// The ClientHello is taken off the stream as the server of this fault would: as a line that is no
// command.
asio::awaitable<ActionResult> plaintext_after_220(ActionContext context, std::string) {
  const net::HelloRead hello = co_await context.wire->read_client_hello();
  if (hello.status != WireStatus::ok) co_return left(hello.status);
  if (hello.reading.state == tls::HelloState::complete) {
    context.record->client_hello = hello.reading.hello;
    context.wire->take_buffered();
  }
  std::string answer = "500 5.5.2 Command not recognized\r\n";
  const WireStatus status = co_await context.wire->write(std::move(answer));
  if (status != WireStatus::ok) co_return left(status);
  co_return result(ActionOutcome::command);
}

// CVE-2011-0411.
asio::awaitable<ActionResult> obey_pipelined(ActionContext context, std::string) {
  ActionResult done = result(ActionOutcome::as_usual);
  done.obeyed = std::move(context.pipelined);
  done.was_met = !done.obeyed.empty();
  co_return done;
}

// RFC 8446 5.1, 6: an alert as the whole record.
asio::awaitable<ActionResult> alert(ActionContext context, std::string argument) {
  const int number = alert_number(argument).value_or(80);
  constexpr std::uint8_t fatal = 2;
  x509::Bytes record = {0x15, 0x03, 0x03, 0x00, 0x02, fatal, static_cast<std::uint8_t>(number)};
  tls::AlertSeen seen;
  seen.direction = tls::Direction::sent;
  seen.level = fatal;
  seen.number = number;
  context.record->alerts.push_back(seen);
  const WireStatus status = co_await context.wire->write_raw(std::move(record));
  if (status != WireStatus::ok) co_return left(status);
  co_return result(ActionOutcome::close_without_notify);
}

// The length of the first TLS record in the bytes, with its header (RFC 8446 5.1).
std::size_t first_record_size(x509::ByteView flight) {
  constexpr std::size_t header = 5;
  if (flight.size() < header) return flight.size();
  const std::size_t body = (std::size_t{flight[3]} << 8U) | flight[4];
  return std::min(flight.size(), header + body);
}

asio::awaitable<WireStatus> send_server_hello(ActionContext context) {
  context.wire->start_tls(context.make_ssl(), tls::Channel::Role::server);
  tls::Channel& channel = *context.wire->channel();
  channel.handshake();
  x509::Bytes flight = channel.take_output();
  flight.resize(first_record_size(flight));
  co_return co_await context.wire->write_raw(std::move(flight));
}

asio::awaitable<ActionResult> close_after_server_hello(ActionContext context, std::string) {
  const WireStatus status = co_await send_server_hello(std::move(context));
  if (status != WireStatus::ok) co_return left(status);
  co_return result(ActionOutcome::close_without_notify);
}

asio::awaitable<ActionResult> reset_after_server_hello(ActionContext context, std::string) {
  net::Wire* wire = context.wire;
  const WireStatus status = co_await send_server_hello(std::move(context));
  if (status != WireStatus::ok) co_return left(status);
  // A reset overtakes what the client hasn't read yet.
  co_await wire->pause(std::chrono::milliseconds(50));
  co_return result(ActionOutcome::reset);
}

asio::awaitable<ActionResult> flood(ActionContext context, std::string piece) {
  constexpr std::size_t most = 67108864;
  std::string chunk;
  while (chunk.size() < 32768) chunk.append(piece);
  for (std::size_t sent = 0; sent < most; sent += chunk.size()) {
    const WireStatus status = co_await context.wire->write(chunk);
    if (status != WireStatus::ok) co_return left(status);
  }
  co_return result(ActionOutcome::close);
}

asio::awaitable<ActionResult> flood_lines(ActionContext context, std::string) {
  std::string piece = "250-and so on\r\n";
  co_return co_await flood(std::move(context), std::move(piece));
}

asio::awaitable<ActionResult> flood_octets(ActionContext context, std::string) {
  std::string piece = "x";
  co_return co_await flood(std::move(context), std::move(piece));
}

bool is_alert_number(std::string_view argument) { return alert_number(argument).has_value(); }

struct Row {
  ActionInfo info;
  asio::awaitable<ActionResult> (*run)(ActionContext, std::string);
  bool (*takes)(std::string_view) =
      nullptr;  // whether it can read that argument; null: it has none
};

constexpr Point after_starttls[] = {Point::starttls, Point::handshake};
constexpr Point only_starttls[] = {Point::starttls};
constexpr Point only_handshake[] = {Point::handshake};

constexpr Row rows[] = {
    {{"close", "Closes the connection: close_notify under TLS, then FIN.", "RFC 5321 3.8"}, close},
    {{"close-without-notify", "Closes the connection under TLS with a FIN alone.", "RFC 8446 6.1"},
     close_without_notify},
    {{"reset", "Resets the connection (RST).", "RFC 9293 3.5.2"}, reset},
    {{"silence", "Says nothing more and keeps the connection open.", "RFC 5321 4.5.3.2"}, silence},
    {{"plaintext-after-220", "Goes on in plaintext: answers the ClientHello with a 500.",
      "RFC 3207 4", "", after_starttls},
     plaintext_after_220},
    {{"obey-pipelined", "Executes under TLS commands that came in cleartext after STARTTLS.",
      "RFC 3207 4.2", "", only_starttls},
     obey_pipelined},
    {{"alert", "Sends a fatal TLS alert instead of a ServerHello, then closes.", "RFC 8446 6.2",
      "the alert's number, 0 to 255", after_starttls},
     alert,
     is_alert_number},
    {{"close-after-server-hello", "Sends the ServerHello and no more of the handshake, then FIN.",
      "RFC 8446 4", "", only_handshake},
     close_after_server_hello},
    {{"reset-after-server-hello", "Sends the ServerHello and no more of the handshake, then RST.",
      "RFC 8446 4", "", only_handshake},
     reset_after_server_hello},
    {{"flood-lines", "Sends reply lines that go on for 64 MiB, then closes.", "RFC 5321 4.5.3.1.5"},
     flood_lines},
    {{"flood-octets", "Sends one line of 64 MiB without an end, then closes.",
      "RFC 5321 4.5.3.1.5"},
     flood_octets},
};

static_assert(std::ranges::all_of(rows,
                                  [](const Row& row) {
                                    return row.info.argument.empty() == (row.takes == nullptr);
                                  }),
              "an action that describes its argument reads it, and no other does");

constexpr std::array<ActionInfo, std::size(rows)> infos = [] {
  std::array<ActionInfo, std::size(rows)> all{};
  for (std::size_t place = 0; place < all.size(); ++place) all[place] = rows[place].info;
  return all;
}();

struct Named {
  std::string_view name;
  std::optional<std::string_view> argument;
};

Named split(std::string_view then) {
  const std::size_t colon = then.find(':');
  if (colon == std::string_view::npos) return Named{then, std::nullopt};
  return Named{then.substr(0, colon), then.substr(colon + 1)};
}

const Row& row_of(const ActionInfo& info) { return rows[&info - infos.data()]; }

std::string listed(std::span<const smtp::Point> points) {
  std::string all;
  for (const smtp::Point point : points) {
    all += (all.empty() ? "" : ", ") + std::string(smtp::name(point));
  }
  return all;
}

}  // namespace

std::span<const ActionInfo> actions() { return infos; }

const ActionInfo* find_action(std::string_view then) {
  const std::string_view name = split(then).name;
  const auto* const found = std::find_if(infos.begin(), infos.end(),
                                         [&](const ActionInfo& info) { return info.name == name; });
  return found == infos.end() ? nullptr : found;
}

std::optional<std::string> action_fault(std::string_view then, smtp::Point point) {
  const Named named = split(then);
  const ActionInfo* info = find_action(then);
  if (info == nullptr) return fmt::format("there is no action \"{}\"", named.name);
  const Row& row = row_of(*info);
  if (row.takes == nullptr && named.argument) {
    return fmt::format("found \"{}\"; the action takes no argument: \"{}\"", then, info->name);
  }
  if (row.takes != nullptr && !row.takes(named.argument.value_or(""))) {
    return fmt::format("found \"{}\"; allowed is \"{}:\" and behind it {}", then, info->name,
                       info->argument);
  }
  if (!info->points.empty() && std::ranges::find(info->points, point) == info->points.end()) {
    return fmt::format("the action \"{}\" makes no sense at \"{}\"; it does at: {}", info->name,
                       smtp::name(point), listed(info->points));
  }
  return std::nullopt;
}

asio::awaitable<ActionResult> perform(std::string then, ActionContext context) {
  const ActionInfo* info = find_action(then);
  if (info == nullptr) co_return result(ActionOutcome::close);
  const Row& row = row_of(*info);
  std::string argument(split(then).argument.value_or(""));
  co_return co_await row.run(std::move(context), std::move(argument));
}

std::string take_line(std::string& text) {
  const std::size_t end = text.find('\n');
  std::string line = text.substr(0, end);
  text.erase(0, end == std::string::npos ? end : end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace badmx::server
