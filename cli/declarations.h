// The commands as the command line has them. Each function adds one to the application, with its
// options: what is said of them ends up in `Commands`, and `run` becomes the command that is named.
#pragma once

#include "cli/options.h"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace badmx::cli {

struct Commands {
  VerifyOptions verify{};
  DemoOptions demo{};
  ListOptions list{};
  ExplainOptions explain{};
  CertgenOptions certgen{};
  ServeOptions serve{};
  CheckOptions check{};
  GatewayOptions gateway{};
  RoutesOptions routes{};
  std::string help_about{};  // a command; empty: all of them
  std::function<int()> run{};
};

// cli/declare_scenarios.cc: what scenarios are proven, shown, made and served by.
void add_verify(CLI::App& app, Commands& commands);
void add_demo(CLI::App& app, Commands& commands);
void add_list(CLI::App& app, Commands& commands);
void add_explain(CLI::App& app, Commands& commands);
void add_certgen(CLI::App& app, Commands& commands);
void add_serve(CLI::App& app, Commands& commands);

// cli/declare_check.cc: what judges servers, transcripts and certificates.
void add_check(CLI::App& app, Commands& commands);
void add_limbo(CLI::App& app, Commands& commands);

// cli/declare_gateway.cc: what tests mail senders.
void add_gateway(CLI::App& app, Commands& commands);
void add_routes(CLI::App& app, Commands& commands);

}  // namespace badmx::cli
