// One thread's TLS contexts, made when they are first needed: with a thousand scenarios most never
// are. Not for several threads.
#pragma once

#include "net/tls/channel.h"
#include "net/tls/context.h"
#include "server/smtp/behaviour.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace badmx::server {

// One of the identities that a context can answer with.
struct ShownIdentity {
  std::size_t place = 0;                  // among the conversation's
  std::string key_algorithm;              // of its first certificate, as x509/key.h names it
  std::vector<std::string> certificates;  // SHA-256 of each, hexadecimal
};

struct ReadyContext {
  tls::ServerContext context;
  std::vector<ShownIdentity> identities;
};

class Contexts {
 public:
  // The conversation is borrowed for as long as this lives. `sni`: what the ClientHello has,
  // present or absent. Throws x509::Error where OpenSSL can't serve what is asked.
  const ReadyContext& find(const Conversation& conversation, SniCondition sni);

 private:
  tls::Library library_;
  std::map<std::pair<const Conversation*, SniCondition>, std::unique_ptr<ReadyContext>> ready_;
};

// The identity whose certificates went out with a signature of that algorithm
// ("ecdsa_secp256r1_sha256"); null where none did. It is the ready context's.
const ShownIdentity* identity_sent(const ReadyContext& ready, const tls::Negotiated& negotiated);

}  // namespace badmx::server
