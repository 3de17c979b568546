#include "tls/handshake_message.h"

#include "tls/cursor.h"

#include <algorithm>

namespace badmx::tls {
namespace {

constexpr std::size_t header = 4;
constexpr std::size_t most_entries = 1024;
constexpr std::uint16_t certificate_authorities = 47;

ByteView body_of(ByteView message) {
  return message.size() < header ? ByteView() : message.subspan(header);
}

std::vector<Bytes> read_names(ByteView list) {
  Cursor cursor(list);
  std::vector<Bytes> names;
  while (cursor.more() && names.size() < most_entries) {
    const ByteView name = cursor.vector(2);
    if (!cursor.bad()) {
      names.push_back(copy(name));
    }
  }
  return names;
}

}  // namespace

int message_type(ByteView message) { return message.empty() ? -1 : message.front(); }

std::vector<Bytes> certificates_of(ByteView message, MessageFormat format) {
  Cursor cursor(body_of(message));
  if (format == MessageFormat::tls13) {
    cursor.vector(1);  // certificate_request_context
  }
  // A list cut short is read as far as it goes: what came is what counts.
  const std::size_t length = cursor.number(3);
  Cursor entries(cursor.take(std::min(length, cursor.left())));
  std::vector<Bytes> certificates;
  while (entries.more() && certificates.size() < most_entries) {
    const ByteView certificate = entries.vector(3);
    if (entries.bad()) {
      break;
    }
    certificates.push_back(copy(certificate));
    if (format == MessageFormat::tls13) {
      entries.vector(2);  // extensions
    }
  }
  return certificates;
}

std::vector<Bytes> ca_names_of(ByteView message, MessageFormat format) {
  Cursor cursor(body_of(message));
  if (format != MessageFormat::tls13) {
    cursor.vector(1);  // certificate types
    if (format == MessageFormat::tls12) {
      cursor.vector(2);  // signature algorithms
    }
    return read_names(cursor.vector(2));
  }
  cursor.vector(1);  // certificate_request_context
  Cursor extensions(cursor.vector(2));
  while (extensions.more()) {
    const std::uint16_t type = extensions.number16();
    Cursor extension(extensions.vector(2));
    if (type == certificate_authorities && !extensions.bad()) {
      return read_names(extension.vector(2));
    }
  }
  return {};
}

std::optional<std::uint16_t> key_exchange_signature(ByteView message, KeyExchange exchange) {
  Cursor cursor(body_of(message));
  if (exchange == KeyExchange::ecdhe) {
    cursor.take(3);    // named_curve and its number
    cursor.vector(1);  // point
  } else {
    cursor.vector(2);  // p
    cursor.vector(2);  // g
    cursor.vector(2);  // Ys
  }
  const std::uint16_t algorithm = cursor.number16();
  return cursor.bad() ? std::nullopt : std::optional(algorithm);
}

std::optional<std::uint16_t> verify_signature(ByteView message) {
  Cursor cursor(body_of(message));
  const std::uint16_t algorithm = cursor.number16();
  return cursor.bad() ? std::nullopt : std::optional(algorithm);
}

}  // namespace badmx::tls
