#include "net/tls/handshake_message.h"

#include "x509/cursor.h"

#include <algorithm>

namespace badmx::tls {
namespace {

constexpr std::size_t header = 4;
constexpr std::size_t most_entries = 1024;
constexpr std::uint16_t certificate_authorities = 47;

x509::ByteView body_of(x509::ByteView message) {
  return message.size() < header ? x509::ByteView() : message.subspan(header);
}

std::vector<x509::Bytes> read_names(x509::ByteView list) {
  x509::Cursor cursor(list);
  std::vector<x509::Bytes> names;
  while (cursor.more() && names.size() < most_entries) {
    const x509::ByteView name = cursor.vector(2);
    if (!cursor.bad()) {
      names.push_back(x509::copy(name));
    }
  }
  return names;
}

}  // namespace

int message_type(x509::ByteView message) { return message.empty() ? -1 : message.front(); }

std::vector<x509::Bytes> certificates_of(x509::ByteView message, MessageFormat format) {
  x509::Cursor cursor(body_of(message));
  if (format == MessageFormat::tls13) {
    cursor.vector(1);  // certificate_request_context
  }
  // A list cut short is read as far as it goes: what came is what counts.
  const std::size_t length = cursor.number(3);
  x509::Cursor entries(cursor.take(std::min(length, cursor.left())));
  std::vector<x509::Bytes> certificates;
  while (entries.more() && certificates.size() < most_entries) {
    const x509::ByteView certificate = entries.vector(3);
    if (entries.bad()) {
      break;
    }
    certificates.push_back(x509::copy(certificate));
    if (format == MessageFormat::tls13) {
      entries.vector(2);  // extensions
    }
  }
  return certificates;
}

std::vector<x509::Bytes> ca_names_of(x509::ByteView message, MessageFormat format) {
  x509::Cursor cursor(body_of(message));
  if (format != MessageFormat::tls13) {
    cursor.vector(1);  // certificate types
    if (format == MessageFormat::tls12) {
      cursor.vector(2);  // signature algorithms
    }
    return read_names(cursor.vector(2));
  }
  cursor.vector(1);  // certificate_request_context
  x509::Cursor extensions(cursor.vector(2));
  while (extensions.more()) {
    const std::uint16_t type = extensions.number16();
    x509::Cursor extension(extensions.vector(2));
    if (type == certificate_authorities && !extensions.bad()) {
      return read_names(extension.vector(2));
    }
  }
  return {};
}

std::optional<std::uint16_t> key_exchange_signature(x509::ByteView message, KeyExchange exchange) {
  x509::Cursor cursor(body_of(message));
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

std::optional<std::uint16_t> verify_signature(x509::ByteView message) {
  x509::Cursor cursor(body_of(message));
  const std::uint16_t algorithm = cursor.number16();
  return cursor.bad() ? std::nullopt : std::optional(algorithm);
}

}  // namespace badmx::tls
