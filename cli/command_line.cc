#include "cli/command_line.h"

#include "cli/declarations.h"
#include "cli/failure.h"
#include "cli/options.h"
#include "cli/shared_options.h"
#include "cli/terminal.h"
#include "fixtures/scenario/suggest.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::cli {
namespace {

constexpr const char* version_line = "badmx " BADMX_VERSION;
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

std::string suggested(const std::string& word, const std::vector<std::string>& allowed) {
  const std::vector<std::string_view> words(allowed.begin(), allowed.end());
  return fixtures::suggestion(word, words);
}

// CLI11 only says that a command is wanted.
void require_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (std::ranges::find(names, word) != names.end()) return;
  throw Failure(exit_usage,
                fmt::format("there is no command \"{}\"{}", word, suggested(word, names)));
}

// Not app.help(): once a command is parsed, that is the command's.
std::string program_help(const CLI::App& app) {
  return app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal);
}

int run_help(const CLI::App& app, const std::string& about) {
  if (about.empty()) {
    print(program_help(app));
    return exit_fine;
  }
  require_command(app, about);
  print(app.get_subcommand(about)->help(app.get_name()));
  return exit_fine;
}

int run_version() {
  print(fmt::format("{}\n", version_line));
  return exit_fine;
}

void add_help(CLI::App& app, Commands& commands) {
  CLI::App& command = *app.add_subcommand("help", "Prints the commands, or what one of them takes");
  command.add_option("COMMAND", commands.help_about, "The command (default: all)")
      ->option_text(" ");
  command.footer(
      "Examples:\n"
      "  badmx help\n"
      "  badmx help check                     the same as badmx check --help");
  command.callback([&app, &commands] {
    commands.run = [&app, &commands] { return run_help(app, commands.help_about); };
  });
}

void add_version(CLI::App& app, Commands& commands) {
  CLI::App& command = *app.add_subcommand("version", "Prints the version");
  command.footer(
      "Examples:\n"
      "  badmx version                        the same as badmx --version");
  command.callback([&commands] { commands.run = run_version; });
}

void add_commands(CLI::App& app, Commands& commands) {
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
  add_help(app, commands);
  add_version(app, commands);
}

std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = argc - 1; i > 0; --i) {  // CLI11 takes them last first
    words.push_back(destination_apart(argv[i]));
  }
  return words;
}

// The long names of the options that help shows.
std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// A word that the command has no use for: a misspelt option before all, since what stands behind it
// is left over with it. `where` is the command's name and a colon, nothing for the program's own.
[[noreturn]] void refuse_word(const CLI::App& command, const std::string& where,
                              const std::string& help) {
  const std::vector<std::string> left = command.remaining();
  const auto option =
      std::ranges::find_if(left, [](const std::string& word) { return word.starts_with('-'); });
  if (option == left.end()) {
    throw Failure(exit_usage, fmt::format("{}found \"{}\", which is an argument too many{}", where,
                                          left.front(), help));
  }
  const std::string typed = destination_typed(*option);
  const std::string name = typed.substr(0, typed.find('='));
  const std::string hint = suggested(name, option_names(command));
  throw Failure(exit_usage, fmt::format("{}there is no option \"{}\"{}", where, name,
                                        hint.empty() ? help : hint));
}

// CLI11 names the type of a value that is missing, with its bounds, as it knows them.
std::string in_words(const CLI::ParseError& error) {
  std::string text = error.what();
  if (!text.ends_with(" missing")) return text;
  return text.substr(0, text.find(':')) + ": its value is missing";
}

// One line for what CLI11 refuses. It misses what is required before it minds a misspelt option,
// which often is the reason.
[[noreturn]] void refuse(const CLI::App& app, const CLI::ParseError& error) {
  const std::string of_program = fmt::format("; see {} --help", app.get_name());
  if (!app.remaining().empty()) refuse_word(app, "", of_program);
  const auto parsed = app.get_subcommands();
  if (parsed.empty()) throw Failure(exit_usage, in_words(error) + of_program);
  const CLI::App& command = *parsed.front();
  const std::string where = command.get_name() + ": ";
  const std::string help = fmt::format("; see {} {} --help", app.get_name(), command.get_name());
  if (!command.remaining().empty()) refuse_word(command, where, help);
  throw Failure(exit_usage, where + in_words(error) + help);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  Commands commands;
  CLI::App app{"badmx: every way SMTP TLS breaks, on your own machine", "badmx"};
  app.set_version_flag("--version", version_line);
  app.require_subcommand(1);
  app.formatter(std::make_shared<Formatter>());
  add_commands(app, commands);
  app.footer(
      "Start with:  badmx demo expired-leaf\n"
      "             badmx check mx.example.com\n"
      "             badmx help COMMAND");
  if (argc < 2) return run_help(app, "");
  if (argv[1][0] != '-') require_command(app, argv[1]);
  try {
    app.parse(words_of(argc, argv));
  } catch (const CLI::CallForHelp&) {
    print(app.help());
    return exit_fine;
  } catch (const CLI::CallForVersion&) {
    return run_version();
  } catch (const CLI::ParseError& error) {
    refuse(app, error);
  }
  return commands.run();
}

}  // namespace badmx::cli
