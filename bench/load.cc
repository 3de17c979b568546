// Load for any SMTP server with STARTTLS. Certificates are not verified; every session must
// succeed, or the exit code is 1.
//   load sessions ADDRESS:PORT COUNT CONCURRENCY THREADS   whole sessions, as fast as they go
//   load hold     ADDRESS:PORT COUNT                       idle TLS connections
//   load stall    ADDRESS:PORT COUNT                       connections that say nothing
// The last two print "ready" once all COUNT are open and hold them until standard input ends; then
// each must still be open.
#include "bench/session.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace badmx::bench {
namespace {

using asio::ip::tcp;

constexpr std::chrono::seconds longest_run{300};
constexpr std::size_t opened_at_once = 32;

enum class Holding { tls, silence };

// What one thread has to do. It has a context of its own, so that threads don't meet in OpenSSL.
struct Work {
  x509::SslContextHandle context{};
  tcp::endpoint peer{};
  std::size_t left = 0;
  std::size_t done = 0;
  std::vector<Session> held{};
  std::string failure{};
};

// SSL_VERIFY_NONE would still run the verifier and ignore what it says.
int believe(X509_STORE_CTX*, void*) { return 1; }

void prepare(Work& work, tcp::endpoint peer, std::size_t count) {
  work.peer = peer;
  work.left = count;
  work.context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_cert_verify_callback(work.context.get(), believe, nullptr);
  SSL_CTX_set_mode(work.context.get(), SSL_MODE_RELEASE_BUFFERS);
}

x509::SslHandle connection(const Work& work) {
  x509::SslHandle ssl(SSL_new(work.context.get()));
  SSL_set_connect_state(ssl.get());
  return ssl;
}

asio::awaitable<void> run_sessions(Work& work) {
  while (work.left > 0) {
    --work.left;
    x509::SslHandle ssl = connection(work);
    Session session = co_await open_session(work.peer, std::move(ssl));
    co_await close_session(std::move(session));
    ++work.done;
  }
}

asio::awaitable<void> open_tls(Work& work) {
  while (work.left > 0) {
    --work.left;
    x509::SslHandle ssl = connection(work);
    Session session = co_await open_session(work.peer, std::move(ssl));
    work.held.push_back(std::move(session));
    ++work.done;
  }
}

asio::awaitable<void> open_silent(Work& work) {
  while (work.left > 0) {
    --work.left;
    Session session = co_await open_silent_session(work.peer);
    work.held.push_back(std::move(session));
    ++work.done;
  }
}

// Runs `concurrency` of the coroutine to their ends, and notes the first failure.
void run_all(asio::io_context& io, Work& work, asio::awaitable<void> (*coroutine)(Work&),
             std::size_t concurrency) {
  for (std::size_t i = 0; i < concurrency; ++i) {
    asio::co_spawn(io, coroutine(work), [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  }
  try {
    io.run_for(longest_run);
    if (!io.stopped()) work.failure = "not done in time";
  } catch (const std::exception& error) {
    work.failure = error.what();
  }
}

int report(const char* what, std::size_t done, std::size_t wanted, const std::string& failure) {
  if (done == wanted) return 0;
  std::fprintf(stderr, "load: %zu of %zu %s; first failure: %s\n", done, wanted, what,
               failure.c_str());
  return 1;
}

int load_sessions(tcp::endpoint peer, std::size_t count, std::size_t concurrency,
                  std::size_t threads) {
  std::vector<Work> works(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    prepare(works[i], peer, count / threads + (i < count % threads ? 1 : 0));
  }
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> running;
    for (Work& work : works) {
      running.emplace_back([&work, concurrency] {
        asio::io_context io(1);
        run_all(io, work, run_sessions, concurrency);
      });
    }
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::size_t done = 0;
  std::string failure;
  for (const Work& work : works) {
    done += work.done;
    if (!work.failure.empty()) failure = work.failure;
  }
  std::printf("%zu sessions in %.3f s\n", done, taken.count());
  return report("sessions", done, count, failure);
}

int hold(tcp::endpoint peer, std::size_t count, Holding holding) {
  asio::io_context io(1);
  Work work;
  prepare(work, peer, count);
  run_all(io, work, holding == Holding::tls ? open_tls : open_silent, opened_at_once);
  if (const int code = report("connections", work.done, count, work.failure); code != 0) {
    return code;
  }
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  std::size_t open = 0;
  for (Session& session : work.held) open += session.is_quiet() ? 1 : 0;
  return report("connections still open", open, count, "closed by the server, or it said more");
}

int run(const std::vector<std::string>& words) {
  const std::string mode = words.empty() ? "" : words[0];
  if (mode == "sessions" && words.size() == 5) {
    return load_sessions(parse_endpoint(words[1]), std::stoul(words[2]), std::stoul(words[3]),
                         std::stoul(words[4]));
  }
  if (mode == "hold" && words.size() == 3) {
    return hold(parse_endpoint(words[1]), std::stoul(words[2]), Holding::tls);
  }
  if (mode == "stall" && words.size() == 3) {
    return hold(parse_endpoint(words[1]), std::stoul(words[2]), Holding::silence);
  }
  std::fputs(
      "usage: load sessions ADDRESS:PORT COUNT CONCURRENCY THREADS\n"
      "       load hold|stall ADDRESS:PORT COUNT\n",
      stderr);
  return 64;
}

}  // namespace
}  // namespace badmx::bench

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return badmx::bench::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: %s\n", error.what());
    return 1;
  }
}
