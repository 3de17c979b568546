// What the command line says, as values: cli/declare_*.cc parse into these, each command takes its
// own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace badmx::cli {

// sysexits.h: what a wrong command line, unreadable input, a failure of ours end with.
inline constexpr int exit_fine = 0;
inline constexpr int exit_findings = 1;
inline constexpr int exit_unobserved = 2;
inline constexpr int exit_usage = 64;
inline constexpr int exit_failure = 70;

enum class When { automatic, always, never };

// A report's destination: unsaid, "-" for standard output, or a file.
using Destination = std::optional<std::string>;

struct OutputOptions {
  Destination json{};
  Destination junit{};
  Destination html{};    // check only
  Destination tlsrpt{};  // check only
  When colour = When::automatic;

  bool operator==(const OutputOptions&) const = default;
};

// Where scenarios come from, and what their certificates are made of.
struct LabOptions {
  std::vector<std::string> names{};  // of scenarios, compositions and scenario files
  bool all = false;
  std::string scenarios{};  // a folder of further scenario files
  std::string seed{};       // 64 hexadecimal digits; empty: random
  std::string lab{};        // a folder that keeps seed and root
  std::string domain = "badmx.test";
  std::string at{};  // the moment, RFC 3339; empty: now

  bool operator==(const LabOptions&) const = default;
};

struct VerifyOptions {
  LabOptions lab{};
  OutputOptions output{};
};

struct DemoOptions {
  LabOptions lab{};
  OutputOptions output{};
  bool verbose = false;
  bool s_client = false;  // the s_client-like view instead of the report
  bool with_intermediates = false;
};

struct ListOptions {
  std::string what = "scenarios";
  std::string scenarios{};
  Destination json{};
};

struct ExplainOptions {
  std::vector<std::string> words{};
  std::string scenarios{};
};

struct CertgenOptions {
  LabOptions lab{};
  std::string folder{};
};

struct ServeOptions {
  LabOptions lab{};
  std::vector<std::string> listen{};  // addresses or IPv4 ranges; empty: 127.0.0.1 and ::1
  int base_port = 0;                  // 0: any free ones
  int port = 0;
  bool by_sni = false;
  std::string ready_file{};
  std::string events{};
  bool exit_with_stdin = false;
  std::string lifetime{};  // "10m"
  int threads = 2;
};

struct CheckOptions {
  std::vector<std::string> inputs{};
  std::string input{};  // a list of hosts, each reported as soon as it is done; "-": standard input
  Destination ndjson{};
  std::string resume{};
  std::string shard{};
  std::string as{};
  std::vector<std::string> names{};
  bool no_names = false;
  std::string domain{};
  std::string server_software{};
  std::vector<std::string> trust{};
  std::vector<std::string> intermediates{};
  std::vector<std::string> crls{};
  std::string at{};
  std::string purpose = "server";
  std::string profile = "current";
  int depth = -1;  // -1: as many as there are
  std::string policy{};
  std::string fail_on = "error";
  std::string view = "report";
  std::string timeout = "10s";
  std::string save{};
  std::string sni{};
  bool no_sni = false;
  std::vector<std::string> probes{};  // further connections; empty: one without SNI
  bool active = false;                // all of them
  bool single = false;                // none
  bool all_addresses = false;
  bool fetch_issuers = false;
  std::string write_chain{};
  std::string reproduce{};  // a folder that isn't there yet
  bool keep_names = false;  // in that folder's copy
  std::string bounce{};     // a file, "-": standard input
  bool implicit_tls = false;
  bool verbose = false;
  int at_once = 64;
  OutputOptions output{};
};

// Of a gateway's servers, unsaid: an address each, so that a sender that avoids a host after a
// failure meets the next scenario at another.
inline constexpr const char* addresses_of_their_own = "127.21.0.0/16";

struct GatewayOptions {
  LabOptions lab{};
  OutputOptions output{};
  std::string adapter{};   // empty: they are listed; "all"
  std::string gateways{};  // a folder of adapters; empty: those that come along
  std::string policy{};
  std::string mode{};
  std::string settings{};
  std::string save{};
  std::string baseline{};
  std::string html{};
  std::string markdown{};
  bool require = false;                         // a sender that can't be run is a failure
  std::string submit{};                         // HOST:PORT of a black box that takes the messages
  std::string listen = addresses_of_their_own;  // an address, or a range: one each
  int port = 0;                                 // 0: any free ones
  int base_port = 0;                            // 0: any free ones
  bool in_turn = false;                         // one server after the other, at one place
  int deadline = 60;                            // seconds, of one mode or turn
};

struct RoutesOptions {
  LabOptions lab{};
  std::string format = "postfix";
  std::string listen = addresses_of_their_own;
  int port = 25;
  int base_port = 0;
  bool in_turn = false;
};

int run_verify(const VerifyOptions& options);
int run_demo(const DemoOptions& options);
int run_list(const ListOptions& options);
int run_explain(const ExplainOptions& options);
int run_certgen(const CertgenOptions& options);
int run_serve(const ServeOptions& options);
int run_check(const CheckOptions& options);
int run_limbo();
int run_routes(const RoutesOptions& options);
int run_gateway(const GatewayOptions& options);
// The adapters of a folder with their modes; empty: those that come along.
std::string gateways_list(const std::string& folder);
std::string gateways_json(const std::string& folder);

}  // namespace badmx::cli
