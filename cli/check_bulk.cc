#include "cli/check_bulk.h"

#include "checker/diagnose/diagnose.h"
#include "checker/host_port.h"
#include "checker/paste/trust.h"
#include "checker/report/report_json.h"
#include "cli/check_input.h"
#include "cli/exit_code.h"
#include "cli/failure.h"
#include "cli/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace badmx::cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string host_port_text(const checker::HostPort& at) {
  return at.port ? fmt::format("{}:{}", at.host, *at.port) : at.host;
}

struct Shard {
  std::size_t number = 1;
  std::size_t of = 1;
};

Shard read_shard(const std::string& text) {
  Shard shard;
  if (text.empty()) return shard;
  const char* const end = text.data() + text.size();
  const auto [slash, first] = std::from_chars(text.data(), end, shard.number);
  const bool has_slash = first == std::errc{} && slash != end && *slash == '/';
  const auto rest =
      has_slash ? std::from_chars(slash + 1, end, shard.of) : std::from_chars(end, end, shard.of);
  if (!has_slash || rest.ec != std::errc{} || rest.ptr != end || shard.number < 1 ||
      shard.of < shard.number) {
    throw Failure(exit_usage,
                  fmt::format("--shard: found \"{}\", allowed is K/N with K from 1 to N", text));
  }
  return shard;
}

// The targets of the lines that are there; a last line that was cut when the run before was killed
// is none.
std::set<std::string> done_before(const std::string& file) {
  std::set<std::string> done;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (auto target = checker::target_of_line(line)) done.insert(std::move(*target));
  }
  return done;
}

// A killed run may have left a line without its end: nothing is to be written behind that.
bool ends_in_a_line(const std::string& file) {
  std::ifstream content(file, std::ios::binary | std::ios::ate);
  if (!content || content.tellg() == std::streampos(0)) return true;
  content.seekg(-1, std::ios::end);
  return content.get() == '\n';
}

std::vector<checker::HostPort> wanted(const CheckOptions& options) {
  const Shard shard = read_shard(options.shard);
  const std::set<std::string> done =
      options.resume.empty() ? std::set<std::string>{} : done_before(options.resume);
  std::vector<checker::HostPort> list;
  std::size_t place = 0;
  const std::string content = checker::load_text(options.input, std::size_t{256} << 20U);
  for (checker::HostPort& at : checker::read_host_list(content)) {
    if (place++ % shard.of != shard.number - 1 || done.contains(host_port_text(at))) continue;
    list.push_back(std::move(at));
  }
  return list;
}

// Lines go out one at a time and at once, so that a run that is killed loses nothing.
class Output {
 public:
  explicit Output(const CheckOptions& options) {
    const std::string file = options.resume.empty() ? options.ndjson.value_or("-") : options.resume;
    if (file == "-") return;
    const bool fresh = options.resume.empty();
    file_.open(file, fresh ? std::ios::out : std::ios::app);
    if (!file_) throw Failure(exit_usage, fmt::format("{}: can't be written", file));
    if (!fresh && !ends_in_a_line(file)) file_ << "\n";
  }

  void write(const std::string& line) {
    if (!file_.is_open()) {
      print(line);
    } else if (!(file_ << line << std::flush)) {
      throw Failure(exit_usage, "the results can't be written");
    }
  }

 private:
  std::ofstream file_;
};

class Progress {
 public:
  explicit Progress(std::size_t all) : all_(all), shown_(wants_progress()) {}
  ~Progress() {
    if (shown_) std::fprintf(stderr, "\r\x1b[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step() {
    ++done_;
    const auto now = Clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const double rate = static_cast<double>(done_) / std::max(seconds, 0.001);
    std::fprintf(stderr, "\r\x1b[K%zu of %zu, %.0f/s, %.0f s left", done_, all_, rate,
                 static_cast<double>(all_ - done_) / rate);
  }

 private:
  std::size_t all_;
  std::size_t done_ = 0;
  bool shown_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_ = begin_;
};

}  // namespace

int run_check_bulk(const CheckOptions& options, std::optional<checker::Policy> policy,
                   std::size_t fail_on) {
  const std::vector<checker::HostPort> list = wanted(options);
  const checker::Criteria common = criteria_for_all(options);
  Output output(options);
  Progress progress(list.size());
  std::mutex mutex;  // of all below, and of the two above
  int code = exit_fine;
  stream_cases(options, list, [&](std::size_t place, const Case& one) {
    checker::Criteria criteria = common;
    criteria.names = one.names;
    criteria.moment = one.moment;
    checker::TargetReport report{.target = host_port_text(list[place]),
                                 .diagnosis = checker::diagnose(one.observation, criteria),
                                 .error = {}};
    const std::string line = checker::report_json_line(report);
    const std::scoped_lock lock(mutex);
    output.write(line);
    progress.step();
    code = worse(code, exit_code_of(one.observation, *report.diagnosis, policy, fail_on));
  });
  return code;
}

}  // namespace badmx::cli
