#include "x509/pem.h"

#include <algorithm>
#include <utility>

namespace badmx::x509 {
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

// What stands in one line where line feeds were, as they are or escaped as in JSON, taken out.
std::string unjoined(std::string_view text) {
  std::string body;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    if (escape && (text[i + 1] == 'n' || text[i + 1] == 'r')) {
      ++i;
    } else if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
      body += text[i];
    }
  }
  return body;
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

// Takes a text line by line.
class BlockReader {
 public:
  explicit BlockReader(std::size_t most) : most_(most) {}

  bool is_full() const { return blocks_.size() >= most_; }

  void take(std::string_view line, std::size_t offset) {
    if (const std::string_view label = label_of(line, begin_mark); !label.empty()) {
      begin(line, label, offset);
    } else if (inside_ && !label_of(line, end_mark).empty()) {
      close(true);
    } else if (inside_ && is_base64(line)) {
      body_ += line;
    } else if (inside_ && line.find(':') == std::string_view::npos) {
      // RFC 1421 headers ("Proc-Type: …") may stand in a block, other text ends it.
      close(false);
    }
  }

  std::vector<PemBlock> finished() && {
    if (inside_) close(false);
    return std::move(blocks_);
  }

 private:
  // Whole blocks may stand in the line, their own line feeds lost on the way.
  void begin(std::string_view line, std::string_view label, std::size_t offset) {
    while (!label.empty() && !is_full()) {
      if (inside_) close(false);
      block_ = PemBlock{.label = std::string(label), .der = {}, .offset = offset, .whole = true};
      inside_ = true;
      body_.clear();
      line.remove_prefix(static_cast<std::size_t>(label.end() - line.begin()) + dashes.size());
      const std::size_t end = line.find(end_mark);
      const std::string rest = unjoined(line.substr(0, end));
      if (is_base64(rest)) body_ = rest;
      if (end == std::string_view::npos) return;
      close(true);
      line.remove_prefix(end);
      label = label_of(line, begin_mark);
    }
  }

  void close(bool whole) {
    block_.whole = whole;
    finish(block_, body_);
    if (!is_full()) blocks_.push_back(std::move(block_));
    inside_ = false;
  }

  std::size_t most_;
  std::vector<PemBlock> blocks_;
  PemBlock block_;
  std::string body_;
  bool inside_ = false;
};

}  // namespace

std::string pem(std::string_view label, ByteView der) {
  const std::string body = base64(der);
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < body.size(); at += 64) text += body.substr(at, 64) + "\n";
  return text + "-----END " + std::string(label) + "-----\n";
}

std::vector<PemBlock> read_pem_blocks(std::string_view text, std::size_t most) {
  BlockReader reader(most);
  for (std::size_t at = 0; at < text.size() && !reader.is_full();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    reader.take(bare(text.substr(at, end - at)), at);
    at = end + 1;
  }
  return std::move(reader).finished();
}

}  // namespace badmx::x509
