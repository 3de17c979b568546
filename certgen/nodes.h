// Small builders on top of x509/der.h.
#pragma once

#include "x509/der.h"

#include <concepts>
#include <string_view>
#include <utility>
#include <vector>

namespace badmx::certgen {

// Moves its nodes in; an initialiser list would copy each subtree.
template <std::same_as<x509::der::Node>... Nodes>
std::vector<x509::der::Node> list(Nodes... nodes) {
  std::vector<x509::der::Node> children;
  children.reserve(sizeof...(nodes));
  (children.push_back(std::move(nodes)), ...);
  return children;
}

template <std::same_as<x509::der::Node>... Nodes>
x509::der::Node sequence_of(Nodes... nodes) {
  return x509::der::sequence(list(std::move(nodes)...));
}

// AlgorithmIdentifier (RFC 5280 4.1.1.2) without parameters.
inline x509::der::Node algorithm(std::string_view oid) { return sequence_of(x509::der::oid(oid)); }

}  // namespace badmx::certgen
