#include "cli/declarations.h"
#include "cli/shared_options.h"

#include <CLI/CLI.hpp>

namespace badmx::cli {

void add_verify(CLI::App& app, Commands& commands) {
  auto& options = commands.verify;
  CLI::App& command = *app.add_subcommand("verify", "Proves that scenarios get their diagnoses");
  add_names(command, options.lab, "Scenarios (all of them)");
  add_lab(command, options.lab);
  add_output(command, options.output);
  command.footer(
      "Examples:\n"
      "  badmx verify                         all scenarios, side by side\n"
      "  badmx verify expired-leaf+wrong-host two faults laid over each other\n"
      "  badmx verify ./mine.toml --json      one of your own");
  command.callback([&commands] { commands.run = [&] { return run_verify(commands.verify); }; });
}

void add_demo(CLI::App& app, Commands& commands) {
  auto& options = commands.demo;
  CLI::App& command =
      *app.add_subcommand("demo", "Serves one scenario, checks it, prints the report");
  add_names(command, options.lab, "The scenario");
  command.get_option("NAME")->required()->expected(1);
  add_lab(command, options.lab);
  add_output(command, options.output);
  command.add_flag("-v,--verbose", options.verbose, "Also what was said on the wire");
  command.add_flag("--s_client", options.s_client, "Show it as openssl s_client would");
  command.add_flag("--with-intermediates", options.with_intermediates,
                   "Tell the checker the certificates that the server doesn't send");
  command.footer(
      "Examples:\n"
      "  badmx demo intermediate-not-sent\n"
      "  badmx demo intermediate-not-sent --with-intermediates\n"
      "  badmx demo expired-leaf+wrong-host --verbose");
  command.callback([&commands] { commands.run = [&] { return run_demo(commands.demo); }; });
}

void add_list(CLI::App& app, Commands& commands) {
  auto& options = commands.list;
  CLI::App& command = *app.add_subcommand("list", "Prints the tables");
  command
      .add_option("WHAT", options.what,
                  "scenarios (default), findings, defects, actions, policies, senders or gateways")
      ->option_text(" ");
  command.add_option("--scenarios", options.scenarios, "A folder with further scenario files")
      ->option_text("DIR");
  add_destination(command, "--json", options.json, "JSON");
  command.footer(
      "Examples:\n"
      "  badmx list\n"
      "  badmx list findings\n"
      "  badmx list scenarios --json          with what each one expects");
  command.callback([&commands] { commands.run = [&] { return run_list(commands.list); }; });
}

void add_explain(CLI::App& app, Commands& commands) {
  auto& options = commands.explain;
  CLI::App& command =
      *app.add_subcommand("explain", "Teaches a scenario or finding, reads log lines");
  command
      .add_option("WHAT", options.words,
                  "A scenario, a finding's code, an OpenSSL number or text, a TLSRPT type, a line "
                  "of a log or bounce, or a file of these (-: standard input)")
      ->required()
      ->option_text("...");
  command.add_option("--scenarios", options.scenarios, "A folder with further scenario files")
      ->option_text("DIR");
  command.footer(
      "Examples:\n"
      "  badmx explain intermediate-not-sent\n"
      "  badmx explain issuer-unknown\n"
      "  badmx explain 20\n"
      "  badmx explain \"450 4.7.320 Certificate validation failed\"\n"
      "  badmx explain returned.eml            a whole bounce, or a log");
  command.callback([&commands] { commands.run = [&] { return run_explain(commands.explain); }; });
}

void add_certgen(CLI::App& app, Commands& commands) {
  auto& options = commands.certgen;
  CLI::App& command =
      *app.add_subcommand("certgen", "Writes scenarios' certificates and keys as files");
  add_names(command, options.lab, "Scenarios");
  command.add_flag("--all", options.lab.all, "All scenarios, with a manifest.json");
  command.add_option("-o,--output", options.folder, "The folder to make; it must not exist yet")
      ->required()
      ->option_text("DIR");
  add_lab(command, options.lab);
  command.footer(
      "Examples:\n"
      "  badmx certgen expired-leaf -o expired\n"
      "  badmx certgen --all -o lab-files --lab my-lab");
  command.callback([&commands] { commands.run = [&] { return run_certgen(commands.certgen); }; });
}

void add_serve(CLI::App& app, Commands& commands) {
  auto& options = commands.serve;
  CLI::App& command = *app.add_subcommand("serve", "Runs fake servers until it is interrupted");
  add_names(command, options.lab, "Scenarios");
  command.add_flag("--all", options.lab.all, "All scenarios");
  command
      .add_option("--listen", options.listen,
                  "Addresses, or a range such as 127.1.0.0/24: one address each "
                  "(127.0.0.1 and ::1)")
      ->option_text("ADDRESS ...");
  command
      .add_option("--base-port", options.base_port,
                  "The first scenario's port; the others follow in the order of `list`")
      ->check(CLI::Range(1, 65535))
      ->option_text("PORT");
  command.add_option("--port", options.port, "One port for all: with a range, or with --by-sni")
      ->check(CLI::Range(1, 65535))
      ->option_text("PORT");
  command.add_flag("--by-sni", options.by_sni,
                   "All on one port, told apart by the name in the ClientHello");
  command.add_option("--ready-file", options.ready_file, "JSON, written once all listen")
      ->option_text("FILE");
  command.add_option("--events", options.events, "Each connection as a line of JSON; - is stdout")
      ->option_text("FILE");
  command.add_flag("--exit-with-stdin", options.exit_with_stdin,
                   "End when standard input ends, as when a test run is killed");
  command.add_option("--for", options.lifetime, "End after this long: 30s, 10m, 2h")
      ->option_text("TIME");
  command.add_option("--threads", options.threads, "How many threads serve (2)")
      ->check(CLI::Range(1, 64))
      ->option_text("N");
  add_lab(command, options.lab);
  command.footer(
      "Examples:\n"
      "  badmx serve expired-leaf wrong-host --base-port 2525\n"
      "  badmx serve --all --listen 127.1.0.0/24 --port 2525\n"
      "  badmx serve --all --ready-file ready.json --exit-with-stdin");
  command.callback([&commands] { commands.run = [&] { return run_serve(commands.serve); }; });
}

}  // namespace badmx::cli
