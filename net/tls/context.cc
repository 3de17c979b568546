#include "net/tls/context.h"

#include "net/tls/groups.h"
#include "x509/mismatched_key.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <bit>
#include <span>
#include <utility>

namespace badmx::tls {
namespace {

constexpr const char* current_signatures =
    "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:ed25519:ed448:"
    "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:"
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"
    "rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512";
constexpr const char* old_signatures =
    ":ECDSA+SHA224:ECDSA+SHA1:RSA+SHA224:RSA+SHA1:DSA+SHA256:DSA+SHA224:DSA+SHA1";

constexpr const char* current_suites =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
constexpr const char* old_suites = ":TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256";

struct VersionRow {
  const char* name;
  int number;
  std::uint64_t off;  // the option that takes it out of a range
};

constexpr std::array<VersionRow, 4> versions = {{
    {"1.0", TLS1_VERSION, SSL_OP_NO_TLSv1},
    {"1.1", TLS1_1_VERSION, SSL_OP_NO_TLSv1_1},
    {"1.2", TLS1_2_VERSION, SSL_OP_NO_TLSv1_2},
    {"1.3", TLS1_3_VERSION, SSL_OP_NO_TLSv1_3},
}};

void require(long result, const char* what) {
  if (result != 1) {
    throw x509::Error(what);
  }
}

int allow_all(const SSL*, const SSL_CTX*, int, int, int, void*, void*) { return 1; }

int believe(X509_STORE_CTX* store, void*) {
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

int send_staple(SSL* ssl, void* staple) {
  const auto& bytes = *static_cast<const x509::Bytes*>(staple);
  void* const copied = OPENSSL_memdup(bytes.data(), bytes.size());
  if (copied == nullptr) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  SSL_set_tlsext_status_ocsp_resp(ssl, static_cast<unsigned char*>(copied),
                                  static_cast<long>(bytes.size()));
  return SSL_TLSEXT_ERR_OK;
}

// What both sides start from, whatever the system's configuration has put into the context.
x509::SslContextHandle fresh_context(const Library& library, const SSL_METHOD* method) {
  x509::SslContextHandle handle(SSL_CTX_new_ex(library.native(), nullptr, method));
  if (!handle) {
    throw x509::Error("can't make a TLS context");
  }
  SSL_CTX* const context = handle.get();
  SSL_CTX_clear_options(context, SSL_CTX_get_options(context));
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
#ifdef SSL_OP_NO_RX_CERTIFICATE_COMPRESSION
  // OpenSSL 3.2 on. A compressed certificate (RFC 8879) isn't shown as it was sent.
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RX_CERTIFICATE_COMPRESSION | SSL_OP_NO_TX_CERTIFICATE_COMPRESSION);
#endif
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_cert_verify_callback(context, believe, nullptr);
  return handle;
}

void take_everything(SSL_CTX* context) {
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_security_callback(context, allow_all);
}

void set_version_range(SSL_CTX* context, int lowest, int highest) {
  require(SSL_CTX_set_min_proto_version(context, lowest), "can't set the lowest TLS version");
  require(SSL_CTX_set_max_proto_version(context, highest), "can't set the highest TLS version");
}

// Those that are asked for; unsaid, from `unsaid_lowest` to 1.3.
void set_versions(SSL_CTX* context, const std::vector<std::string>& asked, int unsaid_lowest) {
  if (asked.empty()) {
    set_version_range(context, unsaid_lowest, TLS1_3_VERSION);
    return;
  }
  int lowest = TLS1_3_VERSION;
  int highest = TLS1_VERSION;
  std::uint64_t off = 0;
  for (const VersionRow& row : versions) {
    if (std::find(asked.begin(), asked.end(), row.name) == asked.end()) {
      off |= row.off;
    } else {
      lowest = std::min(lowest, row.number);
      highest = std::max(highest, row.number);
    }
  }
  for (const std::string& name : asked) {
    if (std::none_of(versions.begin(), versions.end(),
                     [&](const VersionRow& row) { return name == row.name; })) {
      throw x509::Error(fmt::format("\"{}\" is no TLS version that OpenSSL speaks", name));
    }
  }
  SSL_CTX_set_options(context, off);
  set_version_range(context, lowest, highest);
}

// As many of these as there are; at least one.
void set_groups(SSL_CTX* context, std::span<const std::string_view> names) {
  const std::string list = fmt::format("{}", fmt::join(known_groups(context, names), ":"));
  require(SSL_CTX_set1_groups_list(context, list.c_str()), "OpenSSL has none of the groups");
}

// All of those that a scenario names.
void set_named_groups(SSL_CTX* context, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string_view one = name;
    if (known_groups(context, {&one, 1}).empty()) {
      throw x509::Error(fmt::format("OpenSSL has no group \"{}\"", name));
    }
  }
  const std::string list = fmt::format("{}", fmt::join(names, ":"));
  require(SSL_CTX_set1_groups_list(context, list.c_str()), "OpenSSL doesn't take the groups");
}

x509::X509Handle read_x509(const Library& library, x509::ByteView der) {
  x509::X509Handle certificate(X509_new_ex(library.native(), nullptr));
  X509* into = certificate.get();
  const unsigned char* at = der.data();
  if (d2i_X509(&into, &at, static_cast<long>(der.size())) == nullptr) {
    static_cast<void>(certificate.release());  // d2i has freed it
    throw x509::Error("OpenSSL can't parse a certificate of the chain");
  }
  unsigned char* written = nullptr;
  const int length = i2d_X509(certificate.get(), &written);
  const x509::MemoryHandle owned(written);
  if (length < 0 || !x509::equal({written, static_cast<std::size_t>(length)}, der)) {
    throw x509::Error("OpenSSL would re-encode a certificate of the chain");
  }
  return certificate;
}

void add_identity(const Library& library, SSL_CTX* context, const x509::Identity& identity) {
  if (identity.chain.empty()) {
    throw x509::Error("an identity without a certificate");
  }
  const x509::X509Handle leaf = read_x509(library, identity.chain.front());
  EVP_PKEY* const shown = X509_get0_pubkey(leaf.get());
  if (shown == nullptr) {
    throw x509::Error("OpenSSL can't read the certificate's public key");
  }
  const x509::KeyHandle key = x509::key_to_serve(library.native(), shown, identity.key);
  const x509::X509StackHandle others(sk_X509_new_null());
  for (auto der = std::next(identity.chain.begin()); der != identity.chain.end(); ++der) {
    x509::X509Handle certificate = read_x509(library, *der);
    if (!others || sk_X509_push(others.get(), certificate.get()) == 0) {
      throw x509::Error("can't keep the chain");
    }
    static_cast<void>(certificate.release());  // the stack's now
  }
  require(SSL_CTX_use_cert_and_key(context, leaf.get(), key.get(), others.get(), 1),
          "OpenSSL doesn't take the certificate and its key");
}

void ask_for_certificate(SSL_CTX* context, const ServerSetup& setup) {
  if (setup.client_certificate == CertificateRequest::none) {
    return;
  }
  const int must =
      setup.client_certificate == CertificateRequest::require ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | must, nullptr);
  STACK_OF(X509_NAME)* const names = sk_X509_NAME_new_null();
  SSL_CTX_set_client_CA_list(context, names);  // the context's from here on
  for (const x509::Bytes& der : setup.client_ca_names) {
    const unsigned char* at = der.data();
    x509::X509NameHandle name(d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size())));
    if (!name || sk_X509_NAME_push(names, name.get()) == 0) {
      throw x509::Error("can't ask for a client certificate of such a CA");
    }
    static_cast<void>(name.release());  // the stack's now
  }
}

void set_resumption(SSL_CTX* context, int tickets) {
  constexpr std::array<unsigned char, 5> session_context = {'b', 'a', 'd', 'm', 'x'};
  require(SSL_CTX_set_session_id_context(context, session_context.data(), session_context.size()),
          "can't name the sessions");
  require(SSL_CTX_set_num_tickets(context, static_cast<std::size_t>(std::max(0, tickets))),
          "can't set the number of tickets");
  if (tickets <= 0) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  }
}

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return inet_pton(AF_INET, text.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), ignored.data()) == 1;
}

std::string signatures(Tolerance tolerance) {
  return tolerance == Tolerance::current ? current_signatures
                                         : std::string(current_signatures) + old_signatures;
}

}  // namespace

bool may_be_sni(const std::string& name) { return !name.empty() && !is_ip_address(name); }

Library::Library() : handle_(OSSL_LIB_CTX_new()) {
  if (!handle_) {
    throw x509::Error("can't make an OpenSSL library context");
  }
}

ServerContext::ServerContext(const Library& library, const ServerSetup& setup)
    : staple_(std::make_unique<x509::Bytes>(setup.staple)),
      context_(fresh_context(library, TLS_server_method())) {
  SSL_CTX* const context = context_.get();
  take_everything(context);
  set_versions(context, setup.versions, TLS1_2_VERSION);
  const std::string ciphers =
      (setup.ciphers.empty() ? std::string("DEFAULT") : setup.ciphers) + ":@SECLEVEL=0";
  require(SSL_CTX_set_cipher_list(context, ciphers.c_str()), "no such ciphers");
  require(SSL_CTX_set_ciphersuites(context, current_suites), "no such cipher suites");
  if (setup.groups.empty()) {
    set_groups(context, current_groups());
  } else {
    set_named_groups(context, setup.groups);
  }
  require(SSL_CTX_set1_sigalgs_list(context, signatures(Tolerance::all).c_str()),
          "no such signature algorithm");
  require(SSL_CTX_set_dh_auto(context, 1), "can't choose Diffie-Hellman parameters");
  for (const x509::Identity& identity : setup.identities) {
    add_identity(library, context, identity);
  }
  ask_for_certificate(context, setup);
  set_resumption(context, setup.tickets);
  if (!setup.staple.empty()) {
    SSL_CTX_set_tlsext_status_cb(context, send_staple);
    SSL_CTX_set_tlsext_status_arg(context, staple_.get());
  }
}

x509::SslHandle ServerContext::connection() const {
  x509::SslHandle ssl(SSL_new(context_.get()));
  if (!ssl) {
    throw x509::Error("can't make a TLS connection");
  }
  return ssl;
}

ClientContext::ClientContext(const Library& library, const ClientSetup& setup)
    : context_(fresh_context(library, TLS_client_method())) {
  SSL_CTX* const context = context_.get();
  const bool all = setup.tolerance == Tolerance::all;
  if (all) {
    take_everything(context);
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  } else {
    SSL_CTX_set_security_level(context, 2);
  }
  set_versions(context, setup.versions, all ? TLS1_VERSION : TLS1_2_VERSION);
  // Ciphers without a certificate stand last: the certificate is what is looked for.
  const std::string unsaid = all ? "ALL:eNULL:-aNULL:aNULL" : "DEFAULT";
  const std::string ciphers =
      (setup.ciphers.empty() ? unsaid : setup.ciphers) + (all ? ":@SECLEVEL=0" : ":@SECLEVEL=2");
  require(SSL_CTX_set_cipher_list(context, ciphers.c_str()), "no such ciphers");
  const std::string suites = all ? std::string(current_suites) + old_suites : current_suites;
  require(SSL_CTX_set_ciphersuites(context, suites.c_str()), "no such cipher suites");
  set_groups(context, all ? all_groups() : current_groups());
  const std::string signed_by =
      setup.signature_algorithms.empty() ? signatures(setup.tolerance) : setup.signature_algorithms;
  require(SSL_CTX_set1_sigalgs_list(context, signed_by.c_str()), "no such signature algorithm");
  require(SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp),
          "can't ask for a stapled OCSP response");
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (setup.identity) {
    add_identity(library, context, *setup.identity);
  }
}

x509::SslHandle ClientContext::connection(const std::string& sni, std::size_t most_chain) const {
  x509::SslHandle ssl(SSL_new(context_.get()));
  if (!ssl) {
    throw x509::Error("can't make a TLS connection");
  }
  SSL_set_max_cert_list(ssl.get(), static_cast<long>(most_chain));
  if (may_be_sni(sni)) {
    require(SSL_set_tlsext_host_name(ssl.get(), sni.c_str()), "no server name for SNI");
  }
  return ssl;
}

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos
             ? std::string_view()
             : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The parts between commas that no backslash protects, the backslashes taken out.
std::vector<std::string> split_attributes(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      parts.back() += text[++i];
    } else if (text[i] == ',') {
      parts.emplace_back();
    } else {
      parts.back() += text[i];
    }
  }
  return parts;
}

}  // namespace

x509::Bytes distinguished_name(std::string_view text) {
  const x509::X509NameHandle name(X509_NAME_new());
  for (const std::string& part : split_attributes(text)) {
    const std::size_t equals = part.find('=');
    const std::string type(trimmed(std::string_view(part).substr(0, equals)));
    const std::string value(
        equals == std::string::npos ? "" : trimmed(std::string_view(part).substr(equals + 1)));
    if (value.empty() ||
        X509_NAME_add_entry_by_txt(name.get(), type.c_str(), MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) != 1) {
      throw x509::Error(fmt::format("\"{}\" is no distinguished name", text));
    }
  }
  unsigned char* written = nullptr;
  const int length = i2d_X509_NAME(name.get(), &written);
  const x509::MemoryHandle owned(written);
  if (length < 0) {
    throw x509::Error("can't encode a distinguished name");
  }
  return x509::copy({written, static_cast<std::size_t>(length)});
}

}  // namespace badmx::tls
