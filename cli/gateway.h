// `badmx gateway`: a real mail sender against the scenarios' servers. The values that pass between
// its parts; adapters are programs that speak the protocol of docs/gateways.md.
#pragma once

#include "checker/report/report_text.h"
#include "checker/sender_policy.h"
#include "fixtures/gateway/gateway_verdict.h"
#include "net/smtp/point.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::cli {

// The server, in the scenarios' row the last, to which a black box sends its bounces: a healthy one
// for return.DOMAIN.
inline constexpr std::string_view return_scenario = "return";

// One way to set the sender.
struct GatewayMode {
  std::string name{};
  checker::Policy policy = checker::Policy::opportunistic;  // that it promises
  std::string summary{};
  // It promises nothing ("any"), as somebody's own gateway: `policy` is what is demanded, unsaid
  // verify.
  bool is_open = false;
};

// The policy that it promises, or "any", as an adapter says it.
std::string_view promise(const GatewayMode& mode);

// What `adapter describe` says.
struct AdapterDescription {
  std::string name{};     // the folder's
  std::string version{};  // of the sender
  std::string missing{};  // why it can't run here; empty: it can
  std::vector<GatewayMode> modes{};
};

// Where to deliver one message.
struct GatewayEndpoint {
  std::string scenario{};
  std::string host{};
  std::uint16_t port = 0;
  smtp::TlsMode tls = smtp::TlsMode::starttls;
  std::string name{};       // to be verified
  std::string recipient{};  // check-RUN@SCENARIO.DOMAIN
  std::string trust{};      // a PEM file with what this scenario's sender trusts
  // SHA-256 of the public keys (SubjectPublicKeyInfo) that the server has certificates for: what a
  // sender that pins keys is told. Hexadecimal.
  std::vector<std::string> keys{};
};

struct GatewayRequest {
  GatewayMode mode{};
  std::filesystem::path scratch{};  // a folder of its own, empty
  std::filesystem::path trust{};    // a PEM file with all that any scenario's sender trusts
  std::string sender{};             // bounce-RUN@return.DOMAIN
  std::string settings{};           // a file of the user's own lines; empty: none
  std::string submit{};             // HOST:PORT of a black box; empty: none
  int deadline = 60;                // seconds, for all
  std::vector<GatewayEndpoint> endpoints{};
};

// One line of `adapter run`'s output.
struct GatewayAnswer {
  std::string scenario{};
  fixtures::SenderSays says{};
  bool done = false;   // the last line
  bool waits = false;  // it has done its part and only waits for what comes
};

struct ModeResult {
  GatewayMode mode{};
  std::vector<fixtures::GatewayCell> cells{};  // in the order of `list`
  std::string failure{};                       // what the run lacks; empty: nothing
  double seconds = 0;
};

struct GatewayResult {
  AdapterDescription adapter{};
  std::vector<ModeResult> modes{};
};

// A cell of an earlier run that is another now.
struct ChangedCell {
  std::string where{};  // "postfix/verify/expired-leaf"
  std::string before{};
  std::string now{};  // empty: there is no such cell any more
};

// Nothing when the text isn't such a JSON object.
std::optional<AdapterDescription> read_description(std::string_view text);
std::string descriptions_json(const std::vector<AdapterDescription>& adapters);
std::string request_json(const GatewayRequest& request);  // one line
std::optional<GatewayAnswer> read_answer(std::string_view line);

std::string gateway_json(const std::vector<GatewayResult>& results);
// "ADAPTER/MODE/SCENARIO" to the outcome, of what gateway_json() wrote; nothing when it isn't that.
std::optional<std::map<std::string, std::string>> read_outcomes(std::string_view json);
std::map<std::string, std::string> outcomes_of(const std::vector<GatewayResult>& results);

// "TLS", "clear", "-", "none"; empty where it was skipped.
std::string_view short_word(fixtures::GatewayOutcome outcome);
std::string gateway_text(const std::vector<GatewayResult>& results, checker::Colour colour);
std::string gateway_junit(const std::vector<GatewayResult>& results);
// One self-contained page.
std::string gateway_html(const std::vector<GatewayResult>& results);
// The table of docs/compat, in Markdown.
std::string gateway_markdown(const std::vector<GatewayResult>& results);

}  // namespace badmx::cli
