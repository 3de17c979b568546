#include "net/tls/channel.h"

#include "net/tls/client_hello.h"
#include "net/tls/handshake_message.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

namespace badmx::tls {
namespace {

constexpr std::size_t most_alerts = 64;
constexpr std::size_t read_size = 16384;
// What an empty buffer may keep allocated.
constexpr std::size_t kept_capacity = 1024;

struct GroupNid {
  int nid;
  std::uint16_t group;
};

constexpr GroupNid group_nids[] = {
    {NID_X25519, 29},           {NID_X448, 30},
    {NID_X9_62_prime256v1, 23}, {NID_secp384r1, 24},
    {NID_secp521r1, 25},        {NID_secp224r1, 21},
    {NID_X9_62_prime192v1, 19}, {NID_secp256k1, 22},
    {NID_brainpoolP256r1, 26},  {NID_brainpoolP384r1, 27},
    {NID_brainpoolP512r1, 28},  {NID_ffdhe2048, 256},
    {NID_ffdhe3072, 257},       {NID_ffdhe4096, 258},
    {NID_ffdhe6144, 259},       {NID_ffdhe8192, 260},
};

std::string group_by_nid(int nid) {
  if ((nid & TLSEXT_nid_unknown) != 0) {
    const int number = nid & 0xffff;
    return number == 0 ? std::string() : group_name(static_cast<std::uint16_t>(number));
  }
  const auto* const found = std::find_if(std::begin(group_nids), std::end(group_nids),
                                         [&](const GroupNid& row) { return row.nid == nid; });
  if (found != std::end(group_nids)) {
    return group_name(found->group);
  }
  const char* const name = nid == NID_undef ? nullptr : OBJ_nid2sn(nid);
  return name == nullptr ? std::string() : name;
}

std::string key_exchange_group(SSL* ssl) {
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl);
  const int exchange = cipher == nullptr ? NID_undef : SSL_CIPHER_get_kx_nid(cipher);
  if (exchange == NID_kx_rsa) {
    return {};
  }
  if (exchange != NID_kx_dhe) {
    return group_by_nid(static_cast<int>(SSL_get_negotiated_group(ssl)));
  }
  EVP_PKEY* key = nullptr;
  const auto got =
      SSL_is_server(ssl) == 1 ? SSL_get_tmp_key(ssl, &key) : SSL_get_peer_tmp_key(ssl, &key);
  const x509::KeyHandle owned(key);
  return got == 1 && key != nullptr ? fmt::format("DH-{}", EVP_PKEY_get_bits(key)) : std::string();
}

}  // namespace

struct Channel::State {
  x509::SslHandle ssl;
  x509::Bytes input;
  std::size_t input_read = 0;  // octets of it that OpenSSL has taken
  x509::Bytes output;

  std::vector<x509::ErrorLine> errors;
  std::vector<AlertSeen> alerts;
  std::vector<x509::Bytes> peer_certificates;
  std::vector<x509::Bytes> requested_ca_names;
  std::optional<std::uint16_t> server_signature;
  Role role = Role::client;
  bool input_ended = false;
  bool failed = false;
  bool chain_too_long = false;
  bool certificate_message_seen = false;
  bool client_certificate_requested = false;

  void note_message(Direction direction, int content_type, x509::ByteView message);
  void note_handshake(Direction direction, x509::ByteView message);
  Progress progress_of(int result);
};

void Channel::State::note_message(Direction direction, int content_type, x509::ByteView message) {
  if (content_type == SSL3_RT_ALERT && message.size() == 2) {
    if (alerts.size() < most_alerts) {
      alerts.push_back({.direction = direction, .level = message[0], .number = message[1]});
    }
  } else if (content_type == SSL3_RT_HANDSHAKE) {
    note_handshake(direction, message);
  }
}

void Channel::State::note_handshake(Direction direction, x509::ByteView message) {
  const bool tls13 = SSL_version(ssl.get()) == TLS1_3_VERSION;
  const auto format = tls13 ? MessageFormat::tls13 : MessageFormat::tls12;
  const bool from_server = (direction == Direction::received) == (role == Role::client);
  const bool received = direction == Direction::received;
  switch (message_type(message)) {
    case SSL3_MT_CERTIFICATE:
      if (received) {
        certificate_message_seen = true;
        peer_certificates = certificates_of(message, format);
      }
      break;
    case SSL3_MT_CERTIFICATE_REQUEST:
      if (received) {
        client_certificate_requested = true;
        const bool old = SSL_version(ssl.get()) < TLS1_2_VERSION;
        requested_ca_names = ca_names_of(message, old ? MessageFormat::tls10 : format);
      }
      break;
    case SSL3_MT_SERVER_KEY_EXCHANGE:
      if (from_server && SSL_version(ssl.get()) == TLS1_2_VERSION) {
        const SSL_CIPHER* const cipher = SSL_get_pending_cipher(ssl.get());
        const int exchange = cipher == nullptr ? NID_undef : SSL_CIPHER_get_kx_nid(cipher);
        if (exchange == NID_kx_ecdhe || exchange == NID_kx_dhe) {
          server_signature = key_exchange_signature(
              message, exchange == NID_kx_ecdhe ? KeyExchange::ecdhe : KeyExchange::dhe);
        }
      }
      break;
    case SSL3_MT_CERTIFICATE_VERIFY:
      if (from_server && tls13) {
        server_signature = verify_signature(message);
      }
      break;
    default:
      break;
  }
}

Progress Channel::State::progress_of(int result) {
  if (result > 0) {
    return Progress::done;
  }
  switch (SSL_get_error(ssl.get(), result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return input_ended ? Progress::closed : Progress::needs_input;
    case SSL_ERROR_ZERO_RETURN:
      return Progress::closed;
    default:
      break;
  }
  failed = true;
  errors = x509::drain_errors();
  chain_too_long = std::any_of(errors.begin(), errors.end(), [](const x509::ErrorLine& line) {
    return ERR_GET_LIB(line.code) == ERR_LIB_SSL &&
           ERR_GET_REASON(line.code) == SSL_R_EXCESSIVE_MESSAGE_SIZE;
  });
  return Progress::failed;
}

// A BIO over the channel's own buffers: no copy of the output, and nothing kept by an idle one.
struct Channel::MemoryBio {
  static State& state(BIO* bio) { return *static_cast<State*>(BIO_get_data(bio)); }

  static int write(BIO* bio, const char* data, int length) {
    BIO_clear_retry_flags(bio);
    if (length > 0) {
      x509::append(state(bio).output, x509::as_bytes({data, static_cast<std::size_t>(length)}));
    }
    return length;
  }

  // The end of the stream is never told to OpenSSL, which would answer it with an alert that nobody
  // is there to read.
  static int read(BIO* bio, char* into, int most) {
    BIO_clear_retry_flags(bio);
    State& own = state(bio);
    const std::size_t there = own.input.size() - own.input_read;
    const std::size_t taken = std::min(there, static_cast<std::size_t>(std::max(0, most)));
    if (taken == 0) {
      BIO_set_retry_read(bio);
      return -1;
    }
    std::memcpy(into, own.input.data() + own.input_read, taken);
    own.input_read += taken;
    if (own.input_read == own.input.size()) {
      own.input_read = 0;
      own.input.clear();
      if (own.input.capacity() > kept_capacity) {
        own.input.shrink_to_fit();
      }
    }
    return static_cast<int>(taken);
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static x509::BioMethodHandle make_method() {
    x509::BioMethodHandle method(
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "channel"));
    if (!method || BIO_meth_set_write(method.get(), write) != 1 ||
        BIO_meth_set_read(method.get(), read) != 1 ||
        BIO_meth_set_ctrl(method.get(), control) != 1) {
      throw x509::Error("can't make a BIO method");
    }
    return method;
  }

  static x509::BioHandle over(State& state) {
    static const x509::BioMethodHandle method = make_method();
    x509::BioHandle bio(BIO_new(method.get()));
    if (!bio) {
      throw x509::Error("can't make a BIO");
    }
    BIO_set_data(bio.get(), &state);
    BIO_set_init(bio.get(), 1);
    return bio;
  }

  static void note(int sent, int, int content_type, const void* message, std::size_t length, SSL*,
                   void* state) {
    static_cast<State*>(state)->note_message(sent != 0 ? Direction::sent : Direction::received,
                                             content_type,
                                             {static_cast<const std::uint8_t*>(message), length});
  }
};

Channel::Channel(x509::SslHandle ssl, Role role) : state_(std::make_unique<State>()) {
  state_->ssl = std::move(ssl);
  state_->role = role;
  SSL* const own = native();
  BIO* const bio = MemoryBio::over(*state_).release();
  SSL_set_bio(own, bio, bio);
  SSL_set_mode(own, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_msg_callback(own, MemoryBio::note);
  SSL_set_msg_callback_arg(own, state_.get());
  if (role == Role::client) {
    SSL_set_connect_state(own);
  } else {
    SSL_set_accept_state(own);
  }
}

Channel::~Channel() = default;
Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;

void Channel::feed(x509::ByteView from_peer) { x509::append(state_->input, from_peer); }
void Channel::feed_end() { state_->input_ended = true; }

Progress Channel::handshake() {
  if (state_->failed) {
    return Progress::failed;
  }
  ERR_clear_error();
  return state_->progress_of(SSL_do_handshake(native()));
}

Progress Channel::read(x509::Bytes& into) {
  if (state_->failed) {
    return Progress::failed;
  }
  ERR_clear_error();
  std::array<std::uint8_t, read_size> plain;  // NOLINT: SSL_read fills what is used of it
  const int got = SSL_read(native(), plain.data(), static_cast<int>(plain.size()));
  if (got > 0) {
    x509::append(into, x509::ByteView(plain).first(static_cast<std::size_t>(got)));
  }
  return state_->progress_of(got);
}

Progress Channel::write(x509::ByteView plain) {
  if (state_->failed) {
    return Progress::failed;
  }
  if (plain.empty()) {
    return Progress::done;
  }
  ERR_clear_error();
  std::size_t written = 0;
  return state_->progress_of(SSL_write_ex(native(), plain.data(), plain.size(), &written));
}

void Channel::close() {
  if (!state_->failed && SSL_is_init_finished(native()) == 1) {
    SSL_shutdown(native());
    ERR_clear_error();
  }
}

bool Channel::has_output() const { return !state_->output.empty(); }
x509::Bytes Channel::take_output() { return std::exchange(state_->output, {}); }

const std::vector<AlertSeen>& Channel::alerts() const { return state_->alerts; }
const std::vector<x509::Bytes>& Channel::peer_certificates() const {
  return state_->peer_certificates;
}
bool Channel::certificate_message_seen() const { return state_->certificate_message_seen; }
bool Channel::chain_too_long() const { return state_->chain_too_long; }
bool Channel::client_certificate_requested() const { return state_->client_certificate_requested; }
const std::vector<x509::Bytes>& Channel::requested_ca_names() const {
  return state_->requested_ca_names;
}
const std::vector<x509::ErrorLine>& Channel::errors() const { return state_->errors; }
SSL* Channel::native() const { return state_->ssl.get(); }

x509::Bytes Channel::staple() const {
  const unsigned char* response = nullptr;
  const long length = SSL_get_tlsext_status_ocsp_resp(native(), &response);
  if (response == nullptr || length <= 0) {
    return {};
  }
  return x509::copy({response, static_cast<std::size_t>(length)});
}

Negotiated Channel::negotiated() const {
  Negotiated agreed;
  if (state_->server_signature) {
    agreed.signature_algorithm = signature_algorithm_name(*state_->server_signature);
  }
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(native());
  if (cipher == nullptr) {
    return agreed;  // nothing else is agreed on yet
  }
  agreed.version = SSL_get_version(native());
  agreed.cipher = SSL_CIPHER_get_name(cipher);
  agreed.group = key_exchange_group(native());
  const unsigned char* protocol = nullptr;
  unsigned int length = 0;
  SSL_get0_alpn_selected(native(), &protocol, &length);
  if (protocol != nullptr) {
    agreed.alpn = x509::as_text({protocol, length});
  }
  agreed.resumed = SSL_session_reused(native()) == 1;
  return agreed;
}

namespace {

struct AlertRow {
  int number;
  const char* name;
};

// RFC 8446 6, and those of earlier versions.
constexpr AlertRow alert_rows[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

}  // namespace

std::string alert_name(int number) {
  const auto* const found = std::find_if(std::begin(alert_rows), std::end(alert_rows),
                                         [&](const AlertRow& row) { return row.number == number; });
  return found == std::end(alert_rows) ? std::to_string(number) : found->name;
}

}  // namespace badmx::tls
