// Small builders on top of tls/der.h.
#pragma once

#include "tls/der.h"

#include <concepts>
#include <string_view>
#include <utility>
#include <vector>

namespace badmx::certgen {

// Moves its nodes in; an initialiser list would copy each subtree.
template <std::same_as<tls::der::Node>... Nodes>
std::vector<tls::der::Node> list(Nodes... nodes) {
  std::vector<tls::der::Node> children;
  children.reserve(sizeof...(nodes));
  (children.push_back(std::move(nodes)), ...);
  return children;
}

template <std::same_as<tls::der::Node>... Nodes>
tls::der::Node sequence_of(Nodes... nodes) {
  return tls::der::sequence(list(std::move(nodes)...));
}

// AlgorithmIdentifier (RFC 5280 4.1.1.2) without parameters.
inline tls::der::Node algorithm(std::string_view oid) { return sequence_of(tls::der::oid(oid)); }

}  // namespace badmx::certgen
