// The command line: parsed here into option structs, each command stands in a file of its own, and
// every exception ends here.
#include "cli/failure.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "fixtures/scenario_error.h"
#include "fixtures/suggest.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::cli {
namespace {

constexpr std::size_t name_column = 26;

// Descriptions filled into lines beside the names; CLI11 indents what follows a line end.
class Formatter : public CLI::Formatter {
 public:
  Formatter() { column_width(name_column); }
  std::string make_option_desc(const CLI::Option* option) const override {
    std::string filled = fill(option->get_description(), "", 80 - name_column);
    if (filled.ends_with('\n')) filled.pop_back();
    return filled;
  }
};

// `--json` writes to standard output, `--json=FILE` to a file; `--json FILE` would swallow a
// command's own arguments.
void add_destination(CLI::App& command, const std::string& name, Destination& into,
                     const std::string& what) {
  command
      .add_flag_function(
          name,
          [&into](std::int64_t) {
            if (!into) into = "-";
          },
          what + " to standard output; " + name + "=FILE writes a file and keeps the text")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command.add_option(name + "-file", into)->group("");
}

void add_output(CLI::App& command, OutputOptions& output) {
  add_destination(command, "--json", output.json, "JSON");
  add_destination(command, "--junit", output.junit, "JUnit XML");
  const std::map<std::string, When> words{
      {"auto", When::automatic}, {"always", When::always}, {"never", When::never}};
  command.add_option("--color,--colour", output.colour, "auto, always or never")
      ->transform(CLI::CheckedTransformer(words, CLI::ignore_case))
      ->option_text("WHEN");
}

void add_reports(CLI::App& command, OutputOptions& output) {
  add_destination(command, "--html", output.html, "A page");
  add_destination(command, "--tlsrpt", output.tlsrpt, "An RFC 8460 report");
}

void add_lab(CLI::App& command, LabOptions& lab) {
  command.add_option("--scenarios", lab.scenarios, "A folder with further scenario files")
      ->option_text("DIR");
  command.add_option("--seed", lab.seed, "64 hexadecimal digits: same seed and time, same bytes")
      ->option_text("HEX");
  command
      .add_option("--lab", lab.lab,
                  "A folder that keeps the seed and the lab's root (made at first use)")
      ->option_text("DIR");
  command.add_option("--domain", lab.domain, "The lab's domain (badmx.test)")->option_text("NAME");
  command.add_option("--at", lab.at, "The moment certificates are made for, RFC 3339 (now)")
      ->option_text("TIME");
}

void add_names(CLI::App& command, LabOptions& lab, const std::string& what) {
  command.add_option("NAME", lab.names, what)->option_text("...");
}

struct Commands {
  VerifyOptions verify;
  DemoOptions demo;
  ListOptions list;
  ExplainOptions explain;
  CertgenOptions certgen;
  ServeOptions serve;
  CheckOptions check;
  GatewayOptions gateway;
  RoutesOptions routes;
  std::function<int()> run;
};

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
                  "scenarios (unsaid), findings, defects, actions, policies, senders or gateways")
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

void add_check(CLI::App& app, Commands& commands) {
  auto& options = commands.check;
  CLI::App& command =
      *app.add_subcommand("check", "Diagnoses servers, s_client output, certificates");
  command
      .add_option("INPUT", options.inputs,
                  "HOST[:PORT], a file or -: a transcript, certificates, a saved observation or a "
                  "list of hosts")
      ->option_text("...");
  command
      .add_option("--input", options.input,
                  "A list of hosts, or -: a line of JSON each, as soon as it is done")
      ->option_text("FILE");
  command.add_option("--output", options.ndjson, "Where these lines go (standard output)")
      ->option_text("FILE");
  command
      .add_option("--resume", options.resume,
                  "Leave out what FILE has lines of, and go on behind them")
      ->option_text("FILE");
  command.add_option("--shard", options.shard, "Every Nth target, from the Kth on")
      ->option_text("K/N");
  command
      .add_option("--as", options.as,
                  "What the inputs are: host, transcript, pem, observation, hosts")
      ->option_text("KIND");
  command.add_option("--name", options.names, "A name to verify, repeatable (the host's)")
      ->option_text("NAME");
  command.add_flag("--no-name", options.no_names, "Don't judge names");
  command.add_option("--domain", options.domain, "The mail domain, for better words")
      ->option_text("NAME");
  command
      .add_option(
          "--trust", options.trust,
          "Whom to trust, repeatable: a PEM file, a folder, `system` (unsaid); NAME=FILE for a "
          "verdict by that list")
      ->option_text("FILE|DIR");
  command
      .add_option("--intermediates", options.intermediates,
                  "Certificates that explain; they never improve a verdict")
      ->option_text("FILE");
  command.add_flag("--fetch-issuers", options.fetch_issuers,
                   "Ask the http: addresses in the certificates for what isn't sent");
  command
      .add_option("--write-chain", options.write_chain,
                  "Write the chain that the server should send, as PEM")
      ->option_text("FILE");
  CLI::Option* const reproduce =
      command
          .add_option("--reproduce", options.reproduce,
                      "Write a lab copy into a new folder: a scenario, keys and certificates")
          ->option_text("DIR");
  command
      .add_flag("--keep-names", options.keep_names,
                "In the copy, the original's host names instead of names in the lab")
      ->needs(reproduce);
  command
      .add_option("--bounce", options.bounce,
                  "A bounce or log extract: say whether the findings explain it")
      ->option_text("FILE");
  command.add_option("--crl", options.crls, "Revocation lists, repeatable")->option_text("FILE");
  command.add_option("--at", options.at, "The moment to judge at, RFC 3339 (now)")
      ->option_text("TIME");
  command.add_option("--purpose", options.purpose, "server, client or any")->option_text("WHAT");
  command
      .add_option("--profile", options.profile,
                  "How strictly certificates are judged: current (unsaid), rfc5280, webpki")
      ->option_text("PROFILE");
  command.add_option("--depth", options.depth, "The most intermediates that the sender follows")
      ->check(CLI::Range(0, 100))
      ->option_text("N");
  command
      .add_option("--server-software", options.server_software,
                  "Remedies for Postfix, Exim, sendmail or Exchange (as the greeting says)")
      ->option_text("PRODUCT");
  command
      .add_option("--policy", options.policy,
                  "Exit 0 exactly when mail would go out under TLS by this policy")
      ->option_text("POLICY");
  command.add_option("--fail-on", options.fail_on, "error (unsaid), warning, note or never")
      ->option_text("SEVERITY");
  command.add_option("--view", options.view, "report (unsaid) or s_client")->option_text("VIEW");
  command.add_option("--timeout", options.timeout, "The longest wait at each step (10s)")
      ->option_text("TIME");
  command.add_option("--save", options.save, "Keep what was seen, to be diagnosed again")
      ->option_text("FILE");
  command.add_option("--sni", options.sni, "The name sent in the ClientHello (the host's)")
      ->option_text("NAME");
  command.add_flag("--no-sni", options.no_sni, "Send no name, as many senders do");
  command
      .add_option("--look", options.looks,
                  "A further connection, repeatable: without-sni (unsaid), again, rsa-only, "
                  "ecdsa-only, tls10-only to tls13-only, static-rsa, injecting")
      ->option_text("LOOK");
  command.add_flag("--active", options.active, "All of these: about a dozen connections");
  command.add_flag("--single", options.single, "No further connection: only what a sender does");
  command.add_flag("--all-addresses", options.all_addresses,
                   "Each address of a host by itself, not the first that can be reached");
  command.add_flag("--implicit-tls", options.implicit_tls, "TLS from the first byte (on 465: yes)");
  command.add_option("--at-once", options.at_once, "Connections open at the same time (64)")
      ->check(CLI::Range(1, 1000))
      ->option_text("N");
  command.add_flag("-v,--verbose", options.verbose, "Also what was said on the wire");
  add_reports(command, options.output);
  add_output(command, options.output);
  command.footer(
      "Examples:\n"
      "  badmx check mx.example.com\n"
      "  badmx check pasted.txt                 an s_client transcript\n"
      "  badmx check chain.pem --name mx.example.com\n"
      "  badmx check hosts.txt --policy verify --junit=result.xml\n"
      "  badmx check mx.example.com --bounce returned.eml\n"
      "  badmx check pasted.txt --reproduce copy && badmx serve copy/scenario.toml\n"
      "  badmx check --input hosts.txt --shard 2/8 --resume done.ndjson\n"
      "Exit: 0 nothing at or above --fail-on, 1 findings, 2 nothing could be observed,\n"
      "64 usage.");
  command.callback([&commands] { commands.run = [&] { return run_check(commands.check); }; });
}

void add_gateway(CLI::App& app, Commands& commands) {
  auto& options = commands.gateway;
  CLI::App& command =
      *app.add_subcommand("gateway", "Puts a real mail sender on trial against the scenarios");
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
                  "postfix (unsaid), exim, opensmtpd, sendmail, haraka, hosts, csv, dnsmasq, "
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

void add_limbo(CLI::App& app, Commands& commands) {
  CLI::App& command =
      *app.add_subcommand("limbo", "Judges x509-limbo's cases from standard input, as its harness");
  command.footer(
      "Examples:\n"
      "  badmx limbo < limbo.json > results.json\n"
      "Each case is held to the standard that its id is about. Exit: 0 all were judged,\n"
      "64 usage.");
  command.callback([&commands] { commands.run = run_limbo; });
}

// CLI11 would take the word behind `--json` for its value: `--json=FILE` becomes an option of its
// own.
std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = argc - 1; i > 0; --i) {  // CLI11 takes them last first
    std::string word = argv[i];
    for (const std::string name : {"--json", "--junit", "--html", "--tlsrpt"}) {
      if (word.starts_with(name + "=")) word = name + "-file" + word.substr(name.size());
    }
    words.push_back(std::move(word));
  }
  return words;
}

// CLI11 only says that a command is wanted.
void refuse_other_commands(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  const std::string word = argv[1];
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (std::find(names.begin(), names.end(), word) != names.end()) return;
  const std::vector<std::string_view> allowed(names.begin(), names.end());
  throw Failure(exit_usage, fmt::format("there is no command \"{}\"{}", word,
                                        fixtures::suggestion(word, allowed)));
}

int run(int argc, char** argv) {
  Commands commands;
  CLI::App app{"badmx: every way SMTP TLS breaks, on your own machine", "badmx"};
  app.set_version_flag("--version", "badmx " BADMX_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<Formatter>());
  add_verify(app, commands);
  add_demo(app, commands);
  add_list(app, commands);
  add_explain(app, commands);
  add_check(app, commands);
  add_serve(app, commands);
  add_certgen(app, commands);
  add_gateway(app, commands);
  add_routes(app, commands);
  add_limbo(app, commands);
  app.footer(
      "Start with:  badmx demo expired-leaf\n"
      "             badmx check mx.example.com\n"
      "             badmx COMMAND --help");
  refuse_other_commands(app, argc, argv);
  try {
    app.parse(arguments(argc, argv));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? exit_fine : exit_usage;
  }
  return commands.run();
}

}  // namespace
}  // namespace badmx::cli

int main(int argc, char** argv) {
  // A reader that has gone is an error of write(), not the end: temporary files still go.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return badmx::cli::run(argc, argv);
  } catch (const badmx::cli::Failure& failure) {
    if (*failure.what() != '\0') std::fprintf(stderr, "badmx: %s\n", failure.what());
    return failure.exit_code;
  } catch (const badmx::fixtures::ScenarioError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return badmx::cli::exit_usage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "badmx: %s\n", error.what());
    return badmx::cli::exit_failure;
  }
}
