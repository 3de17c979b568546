#include "server/smtp/behaviour.h"

#include <algorithm>

namespace badmx::server {
namespace {

// The handshake's reaction is the first that comes after the ClientHello.
bool deviates_in_clear(const Conversation& conversation, smtp::TlsMode mode) {
  const bool speaks_in_clear = mode == smtp::TlsMode::starttls;
  if (speaks_in_clear && (conversation.capabilities || !conversation.offer_starttls)) return true;
  return std::any_of(conversation.on.begin(), conversation.on.end(), [&](const auto& reaction) {
    return speaks_in_clear && reaction.first != smtp::Point::handshake;
  });
}

// A client that names no server can't be given to the scenario that is about its silence.
bool needs_missing_sni(const Conversation& conversation) {
  return std::any_of(
      conversation.identities.begin(), conversation.identities.end(),
      [](const ServerIdentity& identity) { return identity.sni == SniCondition::absent; });
}

}  // namespace

bool can_share_port(const Behaviour& behaviour) {
  if (behaviour.mode == smtp::TlsMode::plain) return false;
  return std::none_of(behaviour.connections.begin(), behaviour.connections.end(),
                      [&](const Conversation& conversation) {
                        return deviates_in_clear(conversation, behaviour.mode) ||
                               needs_missing_sni(conversation);
                      });
}

const Conversation& conversation_for(const Behaviour& behaviour, std::uint64_t connection) {
  static const Conversation honest;
  const auto& all = behaviour.connections;
  if (all.empty()) return honest;
  const std::uint64_t place = connection == 0 ? 0 : connection - 1;
  if (behaviour.cycle) return all[place % all.size()];
  return all[std::min<std::uint64_t>(place, all.size() - 1)];
}

std::size_t index_of(const Behaviour& behaviour, const Conversation& conversation) {
  const auto& all = behaviour.connections;
  const auto is_it = [&](const Conversation& each) { return &each == &conversation; };
  const auto found = std::find_if(all.begin(), all.end(), is_it);
  return found == all.end() ? 0 : static_cast<std::size_t>(found - all.begin());
}

}  // namespace badmx::server
