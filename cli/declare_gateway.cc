#include "cli/declarations.h"
#include "cli/shared_options.h"

#include <CLI/CLI.hpp>

namespace badmx::cli {

void add_gateway(CLI::App& app, Commands& commands) {
  auto& options = commands.gateway;
  CLI::App& command =
      *app.add_subcommand("gateway", "Tests a real mail sender against the scenarios");
  command
      .add_option(
          "ADAPTER", options.adapter,
          "The sender, several with commas between (side by side), or `all`; without it all "
          "are listed with their modes")
      ->option_text(" ");
  command.add_option("NAME", options.lab.names, "Scenarios (all of them)")->option_text("...");
  command.add_option("--policy", options.policy, "Runs the modes that promise it")
      ->option_text("POLICY");
  command
      .add_option("--mode", options.mode,
                  "One mode; with --policy it is judged by that policy, whatever it promises")
      ->option_text("MODE");
  command
      .add_option("--settings", options.settings, "Your own lines, laid over the sender's settings")
      ->option_text("FILE");
  command.add_option("--save", options.save, "Keep what this sender did")->option_text("FILE");
  command
      .add_option("--baseline", options.baseline,
                  "Print only the cells that changed since --save; exit 1 on any")
      ->option_text("FILE");
  command.add_option("--html,--html-file", options.html, "A page for the browser")
      ->option_text("FILE");
  command.add_option("--markdown", options.markdown, "Tables as in docs/compat")
      ->option_text("FILE");
  command.add_flag("--require", options.require, "A sender that can't be run here is a failure");
  command.add_option("--deadline", options.deadline, "Seconds for all deliveries of a mode (60)")
      ->check(CLI::Range(1, 3600))
      ->option_text("N");
  command
      .add_option("--submit", options.submit,
                  "For `external`: where the black box takes mail; without it mail is waited for")
      ->option_text("HOST:PORT");
  command
      .add_option("--listen", options.listen,
                  "An address, or a range (127.21.0.0/16): an address for each scenario")
      ->option_text("ADDRESS");
  command.add_option("--port", options.port, "The port of a range")
      ->check(CLI::Range(1, 65535))
      ->option_text("N");
  command
      .add_option("--base-port", options.base_port, "Fixed ports from N on, in the order of `list`")
      ->check(CLI::Range(1, 65535))
      ->option_text("N");
  command.add_flag("--in-turn", options.in_turn,
                   "One scenario after the other at --listen and --port, each for --deadline");
  command.add_option("--gateways", options.gateways, "A folder of adapters of your own")
      ->option_text("DIR");
  add_lab(command, options.lab);
  add_output(command, options.output);
  command.footer(
      "Examples:\n"
      "  badmx gateway                           which senders there are\n"
      "  badmx gateway smtplib expired-leaf\n"
      "  badmx gateway postfix,exim,opensmtpd\n"
      "  badmx gateway postfix --policy verify --save postfix.json\n"
      "  badmx gateway postfix --policy verify --baseline postfix.json\n"
      "Exit: 0 all as demanded, 1 not or changed, 2 nothing could be judged, 64 usage.");
  command.callback([&commands] { commands.run = [&] { return run_gateway(commands.gateway); }; });
}

void add_routes(CLI::App& app, Commands& commands) {
  auto& options = commands.routes;
  CLI::App& command = *app.add_subcommand(
      "routes", "What a gateway must be told to deliver the lab's domains to the fake servers");
  add_names(command, options.lab, "Scenarios (all of them)");
  command
      .add_option("--format", options.format,
                  "postfix (default), exim, opensmtpd, sendmail, haraka, hosts, csv, dnsmasq, "
                  "bind-zone")
      ->option_text("FORMAT");
  command
      .add_option("--listen", options.listen,
                  "As the servers get it: an address or a range (127.21.0.0/16)")
      ->option_text("ADDRESS");
  command.add_option("--port", options.port, "The port of a range (25)")
      ->check(CLI::Range(1, 65535))
      ->option_text("N");
  command.add_option("--base-port", options.base_port, "As the servers get it")
      ->check(CLI::Range(1, 65535))
      ->option_text("N");
  command.add_flag("--in-turn", options.in_turn, "All lead to the one --listen and --port");
  add_lab(command, options.lab);
  command.footer(
      "Examples:\n"
      "  badmx routes --lab lab --listen 127.1.0.0/24 --port 2525 > transport\n"
      "  badmx gateway external --lab lab --listen 127.1.0.0/24 --port 2525 \\\n"
      "    --submit 127.0.0.1:25 --policy verify");
  command.callback([&commands] { commands.run = [&] { return run_routes(commands.routes); }; });
}

}  // namespace badmx::cli
