#include "checker/paste/transcript_scan.h"

#include "checker/paste/pem_reader.h"
#include "checker/paste/printed_lines.h"
#include "checker/paste/printed_name.h"
#include "x509/pem.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace badmx::checker {
namespace {

constexpr std::size_t most_errors = 200;
constexpr std::size_t most_blocks = 1000;
constexpr std::size_t most_sessions = 100;
constexpr std::size_t longest_command = 20;  // lines

// Reads one session. The blocks are the whole text's, shared by all sessions' scanners.
class Scanner {
 public:
  Scanner(const PastedText& text, std::vector<x509::PemBlock>& blocks, std::size_t first_line)
      : text_(text), blocks_(blocks) {
    result_.first_line = first_line;
    while (block_ < blocks_.size() && first_line < text_.size() &&
           blocks_[block_].offset < text_.starts[first_line]) {
      ++block_;
    }
  }

  Scan run() {
    std::size_t at = result_.first_line;
    std::size_t began = at;  // where it first showed itself
    for (; at < text_.size(); ++at) {
      const std::string_view line = text_.line(at);
      if (line.empty()) continue;
      const std::size_t first_block = block_;
      while (block_ < blocks_.size() && blocks_[block_].offset == text_.starts[at]) {
        take_block(blocks_[block_++]);
      }
      if (block_ > first_block) continue;
      if (!result_.session) began = at;
      std::size_t last = at;
      take(text_.unwrapped(last));
      if (another_) break;
      at = last;
    }
    result_.end_line = another_ ? with_command(at, began) : at;
    finish();
    return std::move(result_);
  }

 private:
  enum class Section { none, staple, chain, server_certificate, ca_names };

  // The line of the command whose session shows itself at `line`, else that line; what lies before
  // `after_line` is another session's.
  std::size_t with_command(std::size_t line, std::size_t after_line) const {
    for (std::size_t back = 1; back <= longest_command && after_line + back < line; ++back) {
      if (text_.line(line - back).find("s_client ") != std::string_view::npos) return line - back;
    }
    return line;
  }

  void take(std::string_view line) {
    if (line.starts_with("---")) {
      section_ = Section::none;
      current_ = nullptr;
      return;
    }
    if (take_staple(line) || take_chain(line) || take_verification(line) || take_session(line)) {
      return;
    }
    if (const std::string_view secret = secret_in(line); !secret.empty()) {
      note_secret(secret);
      return;
    }
    take_failure(line);
  }

  ScannedCertificate* add_certificate(int position) {
    if (result_.certificates.size() == most_pasted_certificates) {
      result_.too_many = true;
      return nullptr;
    }
    ScannedCertificate certificate;
    certificate.printed.position = position;
    result_.certificates.push_back(std::move(certificate));
    return &result_.certificates.back();
  }

  int next_position() const {
    return result_.certificates.empty() ? 0 : result_.certificates.back().printed.position + 1;
  }

  bool take_chain(std::string_view line) {
    if (line == "Certificate chain") {
      if (chains_++ > 0) return another_ = true;
      section_ = Section::chain;
      result_.session = true;
      return true;
    }
    if (line == "Server certificate") {
      section_ = Section::server_certificate;
      result_.session = true;
      return true;
    }
    if (take_numbered(line)) return true;
    if (section_ == Section::chain && current_ != nullptr) {
      return take_certificate_line(line, current_->printed);
    }
    if (section_ != Section::server_certificate) return false;
    if (const auto subject = after(line, "subject=")) server_subject_ = printed_name(*subject);
    if (const auto issuer = after(line, "issuer=")) server_issuer_ = printed_name(*issuer);
    return line.starts_with("subject=") || line.starts_with("issuer=");
  }

  // " 0 s:CN = mx.example.test"
  bool take_numbered(std::string_view line) {
    const auto position = leading_number(line);
    if (!position) return false;
    const auto rest =
        after(line.substr(std::min(line.find_first_not_of("0123456789"), line.size())), " ");
    if (!rest || !rest->starts_with("s:")) return false;
    section_ = Section::chain;
    result_.session = true;
    current_ = nullptr;
    if (*position >= static_cast<long long>(most_pasted_certificates)) {
      result_.too_many = true;
    } else if (*position < next_position()) {
      another_ = true;  // numbering starts anew
    } else if ((current_ = add_certificate(static_cast<int>(*position))) != nullptr) {
      current_->printed.subject = printed_name(rest->substr(2));
    }
    return true;
  }

  // What `-status` prints stands before the chain, with the responder's certificate in it.
  bool take_staple(std::string_view line) {
    if (const auto what = after(line, "OCSP response:")) {
      if (result_.staple) return false;
      result_.session = true;
      result_.staple.emplace();
      result_.staple->sent = *what != "no response sent";
      if (result_.staple->sent) section_ = Section::staple;
      return true;
    }
    if (section_ != Section::staple || line == "Certificate chain") return false;
    take_staple_line(line, *result_.staple);
    return true;
  }

  void take_block(x509::PemBlock& block) {
    if (section_ == Section::staple) return;
    if (block.label.ends_with("PRIVATE KEY")) note_secret("private key");
    if (block.label == "SSL SESSION PARAMETERS") note_secret("TLS session");
    if (!block.label.ends_with("CERTIFICATE")) return;
    if (section_ == Section::server_certificate) {
      server_block_ = std::move(block);
      return;
    }
    // Behind its numbered line; else a certificate of its own, pasted without one.
    if (current_ == nullptr || current_->der || current_->cut) {
      current_ = add_certificate(next_position());
    }
    if (current_ != nullptr) fill(*current_, std::move(block));
  }

  static void fill(ScannedCertificate& certificate, x509::PemBlock block) {
    certificate.cut = !block.whole || !is_whole_sequence(block.der);
    if (!certificate.cut) certificate.der = std::move(block.der);
  }

  // s_client prints the leaf under "Server certificate" when it didn't print it in the chain.
  void finish() {
    if (!server_block_ && server_subject_.empty()) return;
    auto& all = result_.certificates;
    if (all.empty() || all.front().printed.position != 0) {
      all.insert(all.begin(), ScannedCertificate{});
    }
    ScannedCertificate& leaf = all.front();
    if (leaf.printed.subject.empty()) leaf.printed.subject = server_subject_;
    if (leaf.printed.issuer.empty()) leaf.printed.issuer = server_issuer_;
    if (!leaf.der && server_block_) fill(leaf, std::move(*server_block_));
  }

  bool take_verification(std::string_view line) {
    if (const auto depth = after(line, "depth=")) {
      // They come during the handshake, unless its standard error was pasted behind.
      if (result_.octets_read && depths_) return another_ = true;
      depths_ = depths_ || !result_.octets_read;
      depth_ = static_cast<int>(std::min(leading_number(*depth).value_or(0), 1000LL));
      return true;
    }
    if (line.starts_with("verify return:")) {
      result_.session = true;
      return true;
    }
    if (const auto error = after(line, "verify error:num=")) {
      result_.session = true;
      const long long code = std::min(leading_number(*error).value_or(0), 1000LL);
      const std::size_t colon = error->find(':');
      PrintedError found{.depth = depth_,
                         .code = static_cast<int>(code),
                         .text = colon == std::string_view::npos
                                     ? std::string{}
                                     : short_printable(error->substr(colon + 1))};
      if (result_.errors.size() < most_errors && std::ranges::count(result_.errors, found) == 0) {
        result_.errors.push_back(std::move(found));
      }
      return true;
    }
    if (const auto code = value_of(line, "Verify return code")) {
      result_.session = true;
      if (const auto number = leading_number(*code); number && !result_.verify_return_code) {
        result_.verify_return_code = static_cast<int>(std::min(*number, 1000LL));
      }
      return true;
    }
    if (line == "no peer certificate available") {
      result_.session = true;
      result_.no_peer_certificate = true;
      return true;
    }
    return false;
  }

  bool take_session(std::string_view line) {
    if (line.starts_with("CONNECTED(") || line == "CONNECTION ESTABLISHED") {
      if (result_.connected) return another_ = true;
      result_.session = true;
      result_.connected = true;
      result_.brief = line == "CONNECTION ESTABLISHED";
      return true;
    }
    if (line.starts_with("Didn't find STARTTLS in server response")) {
      result_.session = true;
      result_.starttls_not_found = true;
      return true;
    }
    if (line.starts_with("Acceptable client certificate CA names")) {
      section_ = Section::ca_names;
      result_.client_certificate_requested = true;
      return true;
    }
    if (line.starts_with("Requested Signature Algorithms:") ||
        line.starts_with("Client Certificate Types:")) {
      section_ = Section::none;
      result_.client_certificate_requested = true;
      return true;
    }
    if (section_ == Section::ca_names && (line.starts_with('/') || line.find('=') < 64)) {
      return true;  // a CA's name, which may look like anything
    }
    if (const auto octets = after(line, "SSL handshake has read ")) {
      result_.session = true;
      if (!result_.octets_read) result_.octets_read = leading_number(*octets);
      return true;
    }
    if (line == "DONE" || line == "read R BLOCK" ||
        line.starts_with("Post-Handshake New Session Ticket") || line.starts_with("250 ")) {
      result_.went_on = true;
      return true;
    }
    return take_agreed(line);
  }

  // "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384"
  bool take_cipher_line(std::string_view line) {
    const auto rest = line.starts_with("New, ") ? after(line, "New, ") : after(line, "Reused, ");
    if (!rest) return false;
    const std::size_t comma = rest->find(", Cipher is ");
    if (comma == std::string_view::npos) return false;
    const std::string_view cipher = rest->substr(comma + 12);
    if (cipher == "(NONE)" || !result_.cipher.empty()) return true;
    result_.cipher = short_printable(cipher);
    result_.version = short_printable(rest->substr(0, comma));
    return true;
  }

  bool take_agreed(std::string_view line) {
    if (take_cipher_line(line)) return true;
    // Of OpenSSL 1.0: "TLSv1/SSLv3" stood in the line above, the session's own says which. Without
    // a ServerHello it is only what the client would have liked.
    if (const auto version = value_of(line, "Protocol")) {
      const bool answered = !result_.cipher.empty() || !result_.certificates.empty();
      if (answered) result_.version = short_printable(*version);
      return true;
    }
    if (const auto cipher = value_of(line, "Ciphersuite")) {
      result_.cipher = short_printable(*cipher);
      return true;
    }
    if (const auto subject = value_of(line, "Peer certificate")) {
      if (result_.certificates.empty()) server_subject_ = printed_name(*subject);
      return true;
    }
    if (const auto time = value_of(line, "Start Time")) {
      const auto seconds = leading_number(*time);
      if (seconds && *seconds > 0 && *seconds < 253402300800 && !result_.start_time) {
        result_.start_time = x509::Moment{std::chrono::seconds{*seconds}};
      }
      return true;
    }
    const std::array<std::pair<std::string_view, std::string*>, 10> values{{
        {"Protocol version", &result_.version},
        {"Server Temp Key", &result_.group},
        {"Peer Temp Key", &result_.group},
        {"Negotiated TLS1.3 group", &result_.group},
        {"Peer signing digest", &result_.signature_digest},
        {"Hash used", &result_.signature_digest},
        {"Peer signature type", &result_.signature_type},
        {"Signature type", &result_.signature_type},
        {"ALPN protocol", &result_.alpn},
        {"ALPN", &result_.alpn},
    }};
    for (const auto& [key, into] : values) {
      if (const auto value = value_of(line, key)) {
        if (into->empty()) *into = short_printable(*value);
        return true;
      }
    }
    return false;
  }

  void take_failure(std::string_view line) {
    if (const auto text = after(line, "connect: ")) return fail_connect(*text);
    if (const auto text = after(line, "getaddrinfo: ")) return fail_connect(*text);
    if (line.starts_with("gethostbyname failure")) return fail_connect("the name has no address");
    if (const auto number = after(line, "connect:errno=")) {
      return fail_connect(system_error_.empty() ? "errno " + std::string(*number) : system_error_);
    }
    for (const std::string_view prefix : {"write:errno=", "read:errno="}) {
      if (const auto number = after(line, prefix)) {
        result_.broken_off = static_cast<int>(std::min(leading_number(*number).value_or(0), 999LL));
        return;
      }
    }
    const std::vector<std::string_view> parts = error_parts(line);
    if (parts.size() < 4) return;
    // The system's own words stand in a line above "connect:errno=".
    if (parts[1] == "system library" || parts[1] == "BIO routines") {
      const bool in_data = parts[1] == "BIO routines" && parts.size() > 6 && !parts[6].empty();
      const std::string_view words = in_data ? parts[6] : parts[3];
      if (system_error_.empty()) system_error_ = short_printable(words);
      return;
    }
    add_tls_error(parts);
  }

  void fail_connect(std::string_view text) {
    result_.session = true;
    if (result_.connect_error.empty()) result_.connect_error = short_printable(text);
  }

  void add_tls_error(const std::vector<std::string_view>& parts) {
    if (result_.tls_errors.size() == most_errors) return;
    x509::ErrorLine error = read_error_line(parts);
    if (const auto alert = alert_in(error)) result_.alerts.push_back(*alert);
    result_.tls_errors.push_back(std::move(error));
  }

  void note_secret(std::string_view kind) {
    if (std::ranges::count(result_.secrets, kind) == 0) result_.secrets.emplace_back(kind);
  }

  const PastedText& text_;
  std::vector<x509::PemBlock>& blocks_;
  std::size_t block_ = 0;
  Scan result_;
  bool another_ = false;  // the line that was taken last is the next session's
  Section section_ = Section::none;
  ScannedCertificate* current_ = nullptr;  // whose details and PEM come next
  std::size_t chains_ = 0;
  int depth_ = 0;
  bool depths_ = false;
  std::string server_subject_;
  std::string server_issuer_;
  std::optional<x509::PemBlock> server_block_;
  std::string system_error_;
};

}  // namespace

std::vector<Scan> scan(const PastedText& text) {
  std::vector<x509::PemBlock> blocks = x509::read_pem_blocks(text.text, most_blocks);
  std::vector<Scan> sessions;
  std::size_t line = 0;
  do {
    Scan one = Scanner(text, blocks, line).run();
    line = one.end_line;
    if (one.session) sessions.push_back(std::move(one));
  } while (line < text.size() && sessions.size() < most_sessions);
  return sessions;
}

}  // namespace badmx::checker
