#include "cli/declarations.h"
#include "cli/shared_options.h"

#include <CLI/CLI.hpp>

namespace badmx::cli {

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
  command.add_flag("--no-name", options.no_names, "Don't check names");
  command.add_option("--domain", options.domain, "The mail domain, for better words")
      ->option_text("NAME");
  command
      .add_option(
          "--trust", options.trust,
          "Trusted root CAs (PEM file or directory), repeatable; `system` (default); NAME=FILE "
          "for a verdict by that list")
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
  command.add_option("--at", options.at, "The time to check at, RFC 3339 (default: now)")
      ->option_text("TIME");
  command.add_option("--purpose", options.purpose, "server, client or any")->option_text("WHAT");
  command
      .add_option("--profile", options.profile,
                  "How strictly certificates are checked: current (default), rfc5280, webpki")
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
  command.add_option("--fail-on", options.fail_on, "error (default), warning, note or never")
      ->option_text("SEVERITY");
  command.add_option("--view", options.view, "report (default) or s_client")->option_text("VIEW");
  command.add_option("--timeout", options.timeout, "The longest wait at each step (10s)")
      ->option_text("TIME");
  command.add_option("--save", options.save, "Keep what was seen, to be diagnosed again")
      ->option_text("FILE");
  command.add_option("--sni", options.sni, "The name sent in the ClientHello (the host's)")
      ->option_text("NAME");
  command.add_flag("--no-sni", options.no_sni, "Send no name, as many senders do");
  command
      .add_option("--probe", options.probes,
                  "A further connection, repeatable: without-sni (default), again, rsa-only, "
                  "ecdsa-only, tls10-only to tls13-only, static-rsa, injecting")
      ->option_text("PROBE");
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

}  // namespace badmx::cli
