// The smallest honest checker: what `badmx check` is measured against.
//   minimal_client CAFILE NAME CONCURRENCY LIST
// For each ADDRESS:PORT in the file LIST: banner, EHLO, STARTTLS, a handshake that verifies chain
// and name, EHLO, QUIT. One thread. Exit 0 when all of them verified, 1 otherwise.
#include "bench/session.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace badmx::bench {
namespace {

using asio::ip::tcp;

constexpr std::chrono::seconds longest_run{300};

struct Work {
  x509::SslContextHandle context{};
  std::string name{};
  std::vector<tcp::endpoint> targets{};
  std::size_t next = 0;
  std::size_t verified = 0;
};

asio::awaitable<void> check_targets(Work& work) {
  while (work.next < work.targets.size()) {
    const tcp::endpoint target = work.targets[work.next++];
    x509::SslHandle ssl(SSL_new(work.context.get()));
    SSL_set_connect_state(ssl.get());
    SSL_set_tlsext_host_name(ssl.get(), work.name.c_str());
    SSL_set1_host(ssl.get(), work.name.c_str());
    Session session = co_await open_session(target, std::move(ssl));
    co_await close_session(std::move(session));
    ++work.verified;
  }
}

std::vector<tcp::endpoint> read_targets(const char* file) {
  std::ifstream lines(file);
  std::vector<tcp::endpoint> targets;
  for (std::string line; std::getline(lines, line);) targets.push_back(parse_endpoint(line));
  return targets;
}

int run(const char* trust, const char* name, int concurrency, const char* list) {
  Work work;
  work.name = name;
  work.targets = read_targets(list);
  work.context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(work.context.get(), SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_file(work.context.get(), trust) != 1) {
    throw std::runtime_error("can't read " + std::string(trust));
  }
  asio::io_context io(1);
  for (int i = 0; i < concurrency; ++i) {
    asio::co_spawn(io, check_targets(work), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  }
  io.run_for(longest_run);
  std::printf("%zu of %zu verified\n", work.verified, work.targets.size());
  return work.verified == work.targets.size() && !work.targets.empty() ? 0 : 1;
}

}  // namespace
}  // namespace badmx::bench

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: minimal_client CAFILE NAME CONCURRENCY LIST\n", stderr);
    return 64;
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return badmx::bench::run(argv[1], argv[2], std::stoi(argv[3]), argv[4]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "minimal_client: %s\n", error.what());
    return 1;
  }
}
