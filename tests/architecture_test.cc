// Who may include whom, and other rules of the house that a compiler doesn't check
// (docs/design.md). Reads the sources themselves.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace badmx {
namespace {

using ::testing::IsEmpty;

struct SourceFile {
  std::string path;  // below the project: "x509/der.h"
  std::string wing;  // its folder: "x509"
  std::string text;
};

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// The wings, each a folder and a library, and the wings that it may include besides itself.
const std::map<std::string, std::set<std::string>>& wings() {
  static const std::map<std::string, std::set<std::string>> all = [] {
    using Names = std::set<std::string>;
    std::map<std::string, Names> made;
    const auto add = [&made](const std::string& wing, std::initializer_list<Names> stands_on) {
      Names& allowed = made[wing];
      for (const Names& names : stands_on) allowed.insert(names.begin(), names.end());
    };
    const Names wire{"net", "net/tls", "x509"};
    const Names dialogue{"net/smtp", "net", "net/tls", "x509"};
    add("x509", {});
    add("net/tls", {{"x509"}});
    add("net", {{"net/tls", "x509"}});
    add("net/smtp", {wire});
    add("certgen", {{"x509"}});
    add("server", {wire});
    add("server/smtp", {dialogue, {"server"}});
    add("client", {dialogue});
    add("checker", {dialogue});
    add("checker/facts", {{"checker", "x509"}});
    add("checker/paste", {{"checker", "net/smtp", "x509"}});
    add("checker/probe", {dialogue, {"checker", "checker/facts", "checker/paste"}});
    add("checker/rules", {{"checker", "checker/facts", "net", "net/smtp", "x509"}});
    add("checker/diagnose", {{"checker", "checker/facts", "checker/rules", "x509"}});
    add("checker/senders", {{"checker", "checker/rules", "checker/diagnose", "x509"}});
    add("checker/report",
        {dialogue, {"checker", "checker/rules", "checker/diagnose", "checker/senders"}});
    add("fixtures/scenario",
        {dialogue,
         {"certgen", "server/smtp", "client", "checker", "checker/facts", "checker/rules"}});
    add("fixtures/proof", {made["fixtures/scenario"],
                           {"fixtures/scenario", "server", "checker/probe", "checker/diagnose"}});
    add("fixtures/reproduce",
        {made["fixtures/scenario"],
         {"fixtures/scenario", "fixtures/proof", "checker/facts", "checker/paste"}});
    add("fixtures/gateway", {made["fixtures/scenario"], {"fixtures/scenario", "fixtures/proof"}});
    add("fixtures", {made["fixtures/scenario"], {"fixtures/scenario", "fixtures/proof"}});
    Names below_commands;
    for (const auto& entry : made) below_commands.insert(entry.first);
    add("cli", {below_commands});
    return made;
  }();
  return all;
}

const std::vector<SourceFile>& sources() {
  static const std::vector<SourceFile> all = [] {
    std::vector<SourceFile> files;
    const std::filesystem::path root = BADMX_SOURCE_DIR;
    for (const char* top :
         {"x509", "net", "certgen", "server", "checker", "client", "fixtures", "cli"}) {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
        const std::filesystem::path& path = entry.path();
        if (path.extension() != ".h" && path.extension() != ".cc") continue;
        files.push_back({std::filesystem::relative(path, root).string(),
                         std::filesystem::relative(path.parent_path(), root).string(), read(path)});
      }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
  }();
  return all;
}

// What stands between the quotes or angle brackets of each #include.
std::vector<std::string> includes(const SourceFile& file) {
  static const std::regex line(R"re((?:^|\n)\s*#\s*include\s*["<]([^">]+)[">])re");
  std::vector<std::string> found;
  for (std::sregex_iterator it(file.text.begin(), file.text.end(), line), end; it != end; ++it) {
    found.push_back((*it)[1]);
  }
  return found;
}

bool begins_with(const std::string& text, std::initializer_list<std::string_view> any) {
  return std::ranges::any_of(any, [&](std::string_view start) { return text.starts_with(start); });
}

TEST(Architecture, WingsIncludeOnlyThoseTheyStandOn) {
  std::vector<std::string> forbidden;
  for (const SourceFile& file : sources()) {
    ASSERT_TRUE(wings().contains(file.wing)) << file.path << " is in a folder that is no wing";
    for (const std::string& included : includes(file)) {
      const std::string wing = included.substr(0, included.rfind('/'));
      if (wing == file.wing || !wings().contains(wing)) continue;
      if (!wings().at(file.wing).contains(wing)) {
        forbidden.push_back(file.path + " includes " + included);
      }
    }
  }
  EXPECT_THAT(forbidden, IsEmpty());
}

// What is served is a Service's business.
TEST(Architecture, TheEngineNamesNoProtocol) {
  static const std::regex protocol(R"re(smtp|mail|message|greeting|http|dns)re", std::regex::icase);
  std::vector<std::string> named;
  for (const SourceFile& file : sources()) {
    std::smatch found;
    if (file.wing == "server" && std::regex_search(file.text, found, protocol)) {
      named.push_back(file.path + " says " + found.str());
    }
  }
  EXPECT_THAT(named, IsEmpty());
}

// Each outside library is seen by few files.
TEST(Architecture, OutsideLibrariesStayWhereTheyBelong) {
  struct Library {
    std::string_view header;
    std::regex allowed;  // paths
  };
  const std::regex disk(
      R"re(certgen/(write_folder|pem_files)\..*|checker/paste/trust\.cc|fixtures/scenario/catalogue\.cc|cli/.*)re");
  const std::vector<Library> libraries{
      {"openssl/", std::regex(R"re((x509|net/tls|certgen)/.*|server/flight\.cc)re")},
      {"asio",
       std::regex(
           R"re(net/(wire|wire_state|memory_end|dial|asio|capture)\..*|net/smtp/read_reply\..*|server/.*|client/deliver\.cc|fixtures/proof/in_memory\.cc|checker/probe/(probe|attempt|observe_by|http)\.(cc|h))re")},
      {"nlohmann/", std::regex(R"re(.*_json\.cc)re")},
      {"toml++/", std::regex(R"re(fixtures/scenario/scenario_file\.cc)re")},
      {"CLI/", std::regex(R"re(cli/(command_line|shared_options|declare_\w+)\.cc)re")},
      {"idn2", std::regex(R"re((certgen|checker)/.*\.cc)re")},
      // Who touches disk and sockets, as docs/design.md says.
      {"filesystem", disk},
      {"fstream", disk},
      {"cstdio", disk},
      {"sys/stat.h", disk},
      {"sys/socket.h", std::regex(R"re(checker/probe/resolve\.cc|cli/addresses\.cc)re")},
      {"netdb.h", std::regex(R"re(checker/probe/resolve\.cc)re")},
      {"gmock/", std::regex(R"re(fixtures/matchers\.h)re")},
      {"gtest/", std::regex(R"re(fixtures/matchers\.h)re")},
  };
  std::vector<std::string> forbidden;
  for (const SourceFile& file : sources()) {
    for (const std::string& included : includes(file)) {
      for (const Library& library : libraries) {
        if (included.starts_with(library.header) && !std::regex_match(file.path, library.allowed)) {
          forbidden.push_back(file.path + " includes " + included);
        }
      }
    }
  }
  EXPECT_THAT(forbidden, IsEmpty());
}

// What GCC 12 or clang 14 don't have, or what this project does without.
TEST(Architecture, HeadersThatThisProjectDoesWithoutAreNotIncluded) {
  std::vector<std::string> forbidden;
  for (const SourceFile& file : sources()) {
    for (const std::string& included : includes(file)) {
      if (begins_with(included, {"format", "expected", "print", "source_location", "generator",
                                 "util/", "common/"}) &&
          included.find("fmt/format") == std::string::npos) {
        forbidden.push_back(file.path + " includes " + included);
      }
    }
  }
  EXPECT_THAT(forbidden, IsEmpty());
}

// The text of an operand from its first character to where its brackets close.
std::string balanced(const std::string& text, std::size_t from) {
  int open = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '{' || c == '[') ++open;
    if (c == ')' || c == '}' || c == ']') --open;
    if (open < 0 || (open == 0 && c == ';')) return text.substr(from, i - from);
  }
  return text.substr(from);
}

// The code of a lambda in an operand is no initialiser list.
bool has_aggregate(const std::string& operand) {
  static const std::regex initialiser(R"re((\w|>|\(|,|=)\s*\{)re");
  return std::regex_search(operand, initialiser);
}

// GCC 12.2 destroys the temporary of `co_await f(Options{.name = s})` twice.
TEST(Architecture, NoAggregateTemporaryInsideCoAwait) {
  std::vector<std::string> forbidden;
  for (const SourceFile& file : sources()) {
    for (std::size_t at = file.text.find("co_await "); at != std::string::npos;
         at = file.text.find("co_await ", at + 1)) {
      const std::size_t line_start = file.text.rfind('\n', at) + 1;
      if (file.text.substr(line_start, at - line_start).find("//") != std::string::npos) continue;
      const std::string operand = balanced(file.text, at + 9);
      if (has_aggregate(operand)) {
        const auto line = std::count(file.text.begin(),
                                     file.text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        forbidden.push_back(fmt::format("{}:{}: {}", file.path, line + 1, operand));
      }
    }
  }
  EXPECT_THAT(forbidden, IsEmpty());
}

TEST(Architecture, TheAggregateSearchFindsWhatItIsFor) {
  EXPECT_TRUE(has_aggregate("f(Options{.name = s})"));
  EXPECT_TRUE(has_aggregate("write({a, b})"));
  EXPECT_FALSE(has_aggregate("f(std::move(options))"));
}

TEST(Architecture, OnlyHandlesFreeOpensslObjects) {
  static const std::regex release(
      R"re(\b(X509|EVP|SSL|BIO|BN|EC|OSSL|PKCS)\w*_free(_all)?\s*\()re");
  std::vector<std::string> forbidden;
  for (const SourceFile& file : sources()) {
    if (file.path != "x509/handle.h" && std::regex_search(file.text, release)) {
      forbidden.push_back(file.path);
    }
  }
  EXPECT_THAT(forbidden, IsEmpty());
}

TEST(Architecture, EveryHeaderIsGuarded) {
  std::vector<std::string> wrong;
  for (const SourceFile& file : sources()) {
    if (file.path.ends_with(".h") && file.text.find("#pragma once") == std::string::npos) {
      wrong.push_back(file.path + " has no #pragma once");
    }
  }
  EXPECT_THAT(wrong, IsEmpty());
}

// "x.cc has 401 lines", for each below a folder that has more.
std::vector<std::string> longer_than(std::ptrdiff_t most, const std::filesystem::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cc") continue;
    const std::string text = read(entry.path());
    const auto lines = std::ranges::count(text, '\n');
    if (lines > most) found.push_back(fmt::format("{} has {} lines", entry.path().string(), lines));
  }
  return found;
}

TEST(Architecture, NoSourceHasMoreThan400LinesAndNoTestMoreThan500) {
  const std::filesystem::path root = BADMX_SOURCE_DIR;
  for (const char* top :
       {"x509", "net", "certgen", "server", "checker", "client", "fixtures", "cli", "bench"}) {
    EXPECT_THAT(longer_than(400, root / top), IsEmpty());
  }
  EXPECT_THAT(longer_than(500, root / "tests"), IsEmpty());
}

TEST(Architecture, NoControlFlowMacrosAndNoDetachedCoroutines) {
  static const std::regex macro(R"re((?:^|\n)\s*#\s*define\s)re");
  static const std::regex detached(R"re(asio::detached)re");
  std::vector<std::string> forbidden;
  for (const SourceFile& file : sources()) {
    // toml++ takes its assertions from a macro, and that file alone includes it.
    const bool configures_toml = file.path.ends_with("fixtures/scenario/scenario_file.cc");
    if (!configures_toml && std::regex_search(file.text, macro)) {
      forbidden.push_back(file.path + " defines a macro");
    }
    if (std::regex_search(file.text, detached)) forbidden.push_back(file.path + " uses detached");
  }
  EXPECT_THAT(forbidden, IsEmpty());
}

// Includes go down only: no file is reached from itself.
TEST(Architecture, NoHeaderIncludesItselfByADetour) {
  std::map<std::string, std::vector<std::string>> edges;
  for (const SourceFile& file : sources()) edges[file.path] = includes(file);
  std::vector<std::string> circles;
  for (const auto& entry : edges) {
    std::set<std::string> seen;
    std::vector<std::string> todo = entry.second;
    while (!todo.empty()) {
      const std::string next = todo.back();
      todo.pop_back();
      if (next == entry.first) {
        circles.push_back(next);
        break;
      }
      if (!edges.contains(next) || !seen.insert(next).second) continue;
      todo.insert(todo.end(), edges[next].begin(), edges[next].end());
    }
  }
  EXPECT_THAT(circles, IsEmpty());
}

}  // namespace
}  // namespace badmx
