#include "tls/pem.h"

#include <algorithm>

namespace badmx::tls {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";
constexpr std::size_t longest_label = 64;

// A line without what mail and terminals put before and behind it.
std::string_view bare(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t>|"), line.size()));
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

std::string_view label_of(std::string_view line, std::string_view mark) {
  const std::size_t at = line.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + mark.size());
  const std::size_t end = rest.find(dashes);
  // Where there is none, its place is beyond any label too.
  return end > longest_label ? std::string_view{} : rest.substr(0, end);
}

bool is_base64(std::string_view line) {
  return std::ranges::all_of(line, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
  });
}

// The DER that a block's base64 holds; of a cut one the longest part that decodes.
void finish(PemBlock& block, std::string_view body) {
  if (auto der = from_base64(body)) {
    block.der = std::move(*der);
    return;
  }
  block.whole = false;
  body = body.substr(0, body.find('='));
  body = body.substr(0, body.size() / 4 * 4);
  if (auto der = from_base64(body)) block.der = std::move(*der);
}

}  // namespace

std::string pem(std::string_view label, ByteView der) {
  const std::string body = base64(der);
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < body.size(); at += 64) text += body.substr(at, 64) + "\n";
  return text + "-----END " + std::string(label) + "-----\n";
}

std::vector<PemBlock> read_pem_blocks(std::string_view text, std::size_t most) {
  std::vector<PemBlock> blocks;
  PemBlock block;
  std::string body;
  bool inside = false;
  const auto close = [&](bool whole) {
    block.whole = whole;
    finish(block, body);
    blocks.push_back(std::move(block));
    inside = false;
  };
  for (std::size_t at = 0; at < text.size() && blocks.size() < most;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = bare(text.substr(at, end - at));
    const std::string_view label = label_of(line, begin_mark);
    if (!label.empty()) {
      if (inside) close(false);
      if (blocks.size() == most) break;
      block = PemBlock{.label = std::string(label), .der = {}, .offset = at, .whole = true};
      body.clear();
      inside = true;
    } else if (inside && !label_of(line, end_mark).empty()) {
      close(true);
    } else if (inside && is_base64(line)) {
      body += line;
    } else if (inside && line.find(':') == std::string_view::npos) {
      // RFC 1421 headers ("Proc-Type: …") may stand in a block, other text ends it.
      close(false);
    }
    at = end + 1;
  }
  if (inside && blocks.size() < most) close(false);
  return blocks;
}

}  // namespace badmx::tls
