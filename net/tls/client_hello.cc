#include "net/tls/client_hello.h"

#include "x509/cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace badmx::tls {
namespace {

constexpr std::size_t longest = 65536;
constexpr std::size_t record_header = 5;
constexpr std::size_t longest_record = 16384;  // RFC 8446 5.1, a plaintext one
constexpr std::uint8_t handshake_record = 22;
constexpr std::uint8_t client_hello_message = 1;

bool read_numbers(x509::ByteView list, std::vector<std::uint16_t>& into) {
  x509::Cursor cursor(list);
  std::vector<std::uint16_t> numbers;
  while (cursor.more()) {
    numbers.push_back(cursor.number16());
  }
  if (cursor.bad()) {
    return false;
  }
  into = std::move(numbers);
  return true;
}

// RFC 6066 3: the first host_name of the list.
bool read_sni(x509::ByteView body, ClientHello& hello) {
  x509::Cursor extension(body);
  x509::Cursor names(extension.vector(2));
  while (names.more()) {
    const std::size_t type = names.number(1);
    const x509::ByteView name = names.vector(2);
    if (type == 0 && !names.bad() && !hello.sni) {
      hello.sni = std::string(x509::as_text(name));
    }
  }
  return !extension.bad() && !names.bad();
}

// RFC 7301 3.1.
bool read_alpn(x509::ByteView body, ClientHello& hello) {
  x509::Cursor extension(body);
  x509::Cursor names(extension.vector(2));
  while (names.more()) {
    const x509::ByteView name = names.vector(1);
    if (!names.bad()) {
      hello.alpn.emplace_back(x509::as_text(name));
    }
  }
  return !extension.bad() && !names.bad();
}

bool read_extension(std::uint16_t type, x509::ByteView body, ClientHello& hello) {
  x509::Cursor cursor(body);
  switch (type) {
    case 0:
      return read_sni(body, hello);
    case 5:
      hello.status_request = true;
      return true;
    case 10:
      return read_numbers(cursor.vector(2), hello.groups) && !cursor.bad();
    case 13:
      return read_numbers(cursor.vector(2), hello.signature_algorithms) && !cursor.bad();
    case 16:
      return read_alpn(body, hello);
    case 43:
      return read_numbers(cursor.vector(1), hello.versions) && !cursor.bad();
    default:
      return true;
  }
}

std::optional<ClientHello> read_body(x509::ByteView body) {
  x509::Cursor cursor(body);
  ClientHello hello;
  hello.versions.push_back(cursor.number16());
  cursor.take(32);   // random
  cursor.vector(1);  // session id
  const x509::ByteView ciphers = cursor.vector(2);
  cursor.vector(1);  // compression methods
  if (cursor.bad() || !read_numbers(ciphers, hello.ciphers)) {
    return std::nullopt;
  }
  if (!cursor.more()) {
    return hello;  // TLS 1.0 allows a hello without extensions
  }
  x509::Cursor extensions(cursor.vector(2));
  if (cursor.bad() || cursor.more()) {
    return std::nullopt;
  }
  while (extensions.more()) {
    const std::uint16_t type = extensions.number16();
    const x509::ByteView extension = extensions.vector(2);
    if (extensions.bad() || !read_extension(type, extension, hello)) {
      return std::nullopt;
    }
  }
  return hello;
}

struct Named {
  std::uint16_t number;
  const char* name;
};

constexpr Named version_names[] = {
    {0x0002, "SSLv2"},   {0x0300, "SSLv3"},   {0x0301, "TLSv1"},
    {0x0302, "TLSv1.1"}, {0x0303, "TLSv1.2"}, {0x0304, "TLSv1.3"},
};

// IANA's registry of supported groups; the NIST curves by the names that people use.
constexpr Named group_names[] = {
    {9, "sect283k1"},
    {10, "sect283r1"},
    {11, "sect409k1"},
    {12, "sect409r1"},
    {13, "sect571k1"},
    {14, "sect571r1"},
    {19, "P-192"},
    {21, "P-224"},
    {22, "secp256k1"},
    {23, "P-256"},
    {24, "P-384"},
    {25, "P-521"},
    {26, "brainpoolP256r1"},
    {27, "brainpoolP384r1"},
    {28, "brainpoolP512r1"},
    {29, "X25519"},
    {30, "X448"},
    {256, "ffdhe2048"},
    {257, "ffdhe3072"},
    {258, "ffdhe4096"},
    {259, "ffdhe6144"},
    {260, "ffdhe8192"},
    {4588, "X25519MLKEM768"},
    {4587, "SecP256r1MLKEM768"},
};

constexpr Named signature_names[] = {
    {0x0101, "rsa_pkcs1_md5"},
    {0x0201, "rsa_pkcs1_sha1"},
    {0x0202, "dsa_sha1"},
    {0x0203, "ecdsa_sha1"},
    {0x0301, "rsa_pkcs1_sha224"},
    {0x0302, "dsa_sha224"},
    {0x0303, "ecdsa_sha224"},
    {0x0401, "rsa_pkcs1_sha256"},
    {0x0402, "dsa_sha256"},
    {0x0403, "ecdsa_secp256r1_sha256"},
    {0x0501, "rsa_pkcs1_sha384"},
    {0x0502, "dsa_sha384"},
    {0x0503, "ecdsa_secp384r1_sha384"},
    {0x0601, "rsa_pkcs1_sha512"},
    {0x0602, "dsa_sha512"},
    {0x0603, "ecdsa_secp521r1_sha512"},
    {0x0804, "rsa_pss_rsae_sha256"},
    {0x0805, "rsa_pss_rsae_sha384"},
    {0x0806, "rsa_pss_rsae_sha512"},
    {0x0807, "ed25519"},
    {0x0808, "ed448"},
    {0x0809, "rsa_pss_pss_sha256"},
    {0x080a, "rsa_pss_pss_sha384"},
    {0x080b, "rsa_pss_pss_sha512"},
};

template <std::size_t N>
std::string name_in(const Named (&names)[N], std::uint16_t number) {
  const auto* const found =
      std::find_if(std::begin(names), std::end(names),
                   [&](const Named& named) { return named.number == number; });
  return found == std::end(names) ? fmt::format("0x{:04x}", number) : found->name;
}

}  // namespace

HelloReading read_client_hello(x509::ByteView records) {
  if (records.size() > longest) {
    return {.state = HelloState::malformed};
  }
  // The length of the message, once its header is there, is known before all of it is.
  x509::Bytes message;
  x509::ByteView rest = records;
  while (true) {
    if (rest.empty()) {
      return {.state = HelloState::need_more};
    }
    const bool first = rest.size() == records.size();
    const HelloState refusal = first ? HelloState::not_tls : HelloState::malformed;
    if (rest[0] != handshake_record || (rest.size() > 1 && rest[1] != 3)) {
      return {.state = refusal};
    }
    if (rest.size() < record_header) {
      return {.state = HelloState::need_more};
    }
    const std::size_t length = std::size_t{rest[3]} << 8U | rest[4];
    if (length == 0 || length > longest_record) {
      return {.state = refusal};
    }
    const x509::ByteView body = rest.subspan(record_header);
    x509::append(message, body.first(std::min(length, body.size())));
    if (!message.empty() && message[0] != client_hello_message) {
      return {.state = HelloState::malformed};
    }
    if (message.size() >= 4) {
      const std::size_t whole =
          4 + (std::size_t{message[1]} << 16U | std::size_t{message[2]} << 8U | message[3]);
      if (whole > longest) {
        return {.state = HelloState::malformed};
      }
      if (message.size() >= whole) {
        auto hello = read_body(x509::ByteView(message).subspan(4, whole - 4));
        if (!hello) {
          return {.state = HelloState::malformed};
        }
        return {.state = HelloState::complete, .hello = std::move(*hello)};
      }
    }
    if (body.size() < length) {
      return {.state = HelloState::need_more};
    }
    rest = body.subspan(length);
  }
}

std::string version_name(std::uint16_t version) { return name_in(version_names, version); }
std::string group_name(std::uint16_t group) { return name_in(group_names, group); }
std::string signature_algorithm_name(std::uint16_t algorithm) {
  return name_in(signature_names, algorithm);
}

}  // namespace badmx::tls
