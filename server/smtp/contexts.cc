#include "server/smtp/contexts.h"

#include "x509/certificate.h"

#include <string_view>

namespace badmx::server {
namespace {

bool is_for(const ServerIdentity& identity, SniCondition sni) {
  return identity.sni == SniCondition::any || identity.sni == sni;
}

tls::CertificateRequest request(ClientCertificate asked) {
  switch (asked) {
    case ClientCertificate::none:
      return tls::CertificateRequest::none;
    case ClientCertificate::request:
      return tls::CertificateRequest::request;
    case ClientCertificate::require:
      return tls::CertificateRequest::require;
  }
  return tls::CertificateRequest::none;
}

tls::ServerSetup setup_for(const Conversation& conversation, SniCondition sni) {
  tls::ServerSetup setup;
  for (const ServerIdentity& identity : conversation.identities) {
    if (is_for(identity, sni)) setup.identities.push_back(identity.identity);
  }
  const TlsBehaviour& behaviour = conversation.tls;
  setup.versions = behaviour.versions;
  setup.ciphers = behaviour.ciphers;
  setup.groups = behaviour.groups;
  setup.client_certificate = request(behaviour.client_certificate);
  for (const std::string& name : behaviour.client_ca_names) {
    setup.client_ca_names.push_back(tls::distinguished_name(name));
  }
  setup.staple = behaviour.staple;
  setup.tickets = behaviour.tickets;
  return setup;
}

ShownIdentity shown(const x509::Identity& identity, std::size_t place) {
  ShownIdentity shown{.place = place, .key_algorithm = {}, .certificates = {}};
  if (identity.chain.empty()) return shown;
  if (const auto leaf = x509::read_certificate(identity.chain.front())) {
    shown.key_algorithm = leaf->key.algorithm;
  }
  for (const x509::Bytes& certificate : identity.chain) {
    shown.certificates.push_back(x509::hex(x509::sha256(certificate)));
  }
  return shown;
}

// The kind of key that makes signatures of the algorithm (RFC 8446 4.2.3).
std::string_view key_of_signature(std::string_view algorithm) {
  if (algorithm.starts_with("ecdsa")) return "ec";
  if (algorithm.starts_with("rsa_pss_pss")) return "rsa-pss";
  if (algorithm.starts_with("rsa")) return "rsa";
  return algorithm;
}

// Where no signature algorithm is named, below TLS 1.2 and with RSA key exchange.
std::string_view key_of_cipher(std::string_view cipher) {
  return cipher.find("ECDSA") == std::string_view::npos ? "rsa" : "ec";
}

}  // namespace

const ReadyContext& Contexts::find(const Conversation& conversation, SniCondition sni) {
  std::unique_ptr<ReadyContext>& place = ready_[{&conversation, sni}];
  if (place) return *place;
  const tls::ServerSetup setup = setup_for(conversation, sni);
  std::vector<ShownIdentity> identities;
  for (std::size_t i = 0; i < conversation.identities.size(); ++i) {
    const ServerIdentity& identity = conversation.identities[i];
    if (is_for(identity, sni)) identities.push_back(shown(identity.identity, i));
  }
  place = std::make_unique<ReadyContext>(
      ReadyContext{tls::ServerContext(library_, setup), std::move(identities)});
  return *place;
}

const ShownIdentity* identity_sent(const ReadyContext& ready, const tls::Negotiated& negotiated) {
  // Below TLS 1.3 the cipher is settled by the end of the handshake, long after the certificates;
  // in TLS 1.3 it comes first, and the signature follows them in the same flight.
  const bool tls13 = negotiated.version == "TLSv1.3";
  const bool sent =
      !negotiated.signature_algorithm.empty() || (!tls13 && !negotiated.cipher.empty());
  if (!sent || negotiated.resumed) return nullptr;
  if (ready.identities.size() == 1) return &ready.identities.front();
  const std::string_view key = negotiated.signature_algorithm.empty()
                                   ? key_of_cipher(negotiated.cipher)
                                   : key_of_signature(negotiated.signature_algorithm);
  for (const ShownIdentity& identity : ready.identities) {
    if (identity.key_algorithm == key) return &identity;
  }
  return nullptr;
}

}  // namespace badmx::server
