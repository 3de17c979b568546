// Who said which bytes when, in clear or under TLS.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::net {

// Whether bytes crossed the wire in clear or under TLS.
enum class Layer { clear, tls };

std::string_view name(Layer layer);

enum class Speaker { server, client };

struct Line {
  Speaker speaker = Speaker::server;
  Layer layer = Layer::clear;
  std::string text{};               // without its line end; a peer's bytes, not yet escaped
  std::chrono::microseconds at{0};  // since the connection was opened

  bool operator==(const Line&) const = default;
};

using Transcript = std::vector<Line>;

}  // namespace badmx::net
