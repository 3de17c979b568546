#include "server/engine.h"

#include "server/bound_ports.h"

#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <exception>
#include <fcntl.h>
#include <iterator>
#include <list>
#include <system_error>
#include <thread>
#include <utility>

namespace badmx::server {
namespace {

using asio::ip::tcp;

// What a coroutine of ours lets out is a fault of ours: it ends the thread, loudly.
void rethrow(std::exception_ptr problem) {
  if (problem) std::rethrow_exception(std::move(problem));
}

// The same listening socket for another thread's loop. Each connection goes to whichever is idle.
tcp::acceptor duplicate(asio::io_context& context, tcp::acceptor& acceptor) {
  const int copy = ::fcntl(acceptor.native_handle(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw std::system_error(errno, std::generic_category(), "can't copy a socket");
  return {context, acceptor.local_endpoint().protocol(), copy};
}

// Numbers that all threads count together.
struct Counters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::size_t> open{0};
};

// Keeps a wire where stopping finds it, and the number of open connections.
class Registration {
 public:
  Registration(std::list<net::Wire*>& open, Counters& counters, net::Wire* wire)
      : open_(open), counters_(counters), place_(open.insert(open.end(), wire)) {}
  ~Registration() {
    open_.erase(place_);
    counters_.open.fetch_sub(1, std::memory_order_relaxed);
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  std::list<net::Wire*>& open_;
  Counters& counters_;
  std::list<net::Wire*>::iterator place_;
};

// One thread with all that only it touches: a loop, its part of the service, listening sockets of
// its own (the same as every thread's, duplicated), open connections.
class Worker {
 public:
  Worker(Service& service, std::size_t connections, Counters& counters);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  asio::io_context& context() { return context_; }
  // To be called before start(). `port` is its place among the engine's.
  void listen(tcp::acceptor acceptor, std::size_t port);
  void start();
  // From any thread, as often as one likes; the destructor waits for the end.
  void stop();

 private:
  asio::awaitable<void> accept(tcp::acceptor& acceptor, std::size_t port);
  asio::awaitable<void> serve(tcp::socket socket, Connection connection);
  void close_all();

  const net::WireOptions wire_options_;
  const std::size_t connections_;
  Counters& counters_;
  std::unique_ptr<ServiceThread> service_;  // outlives the connections, which live in context_
  std::list<net::Wire*> open_;              // likewise
  bool stopping_ = false;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::list<tcp::acceptor> acceptors_;
  std::thread thread_;
};

Worker::Worker(Service& service, std::size_t connections, Counters& counters)
    : wire_options_(service.wire_options()),
      connections_(connections),
      counters_(counters),
      service_(service.make_thread()),
      context_(1),
      work_(asio::make_work_guard(context_)) {}

Worker::~Worker() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void Worker::listen(tcp::acceptor acceptor, std::size_t port) {
  acceptors_.push_back(std::move(acceptor));
  asio::co_spawn(context_, accept(acceptors_.back(), port), rethrow);
}

void Worker::start() {
  thread_ = std::thread([this] { context_.run(); });
}

void Worker::stop() {
  asio::post(context_, [this] { close_all(); });
}

void Worker::close_all() {
  stopping_ = true;
  for (tcp::acceptor& acceptor : acceptors_) {
    std::error_code ignored;
    acceptor.close(ignored);
  }
  for (net::Wire* wire : open_) wire->stop();
  work_.reset();
}

asio::awaitable<void> Worker::accept(tcp::acceptor& acceptor, std::size_t port) {
  constexpr std::chrono::milliseconds shortest_pause{10};
  constexpr std::chrono::milliseconds longest_pause{1000};
  std::chrono::milliseconds pause = shortest_pause;
  asio::steady_timer timer(context_);
  while (!stopping_) {
    std::error_code error;
    tcp::socket socket =
        co_await acceptor.async_accept(context_, asio::redirect_error(asio::use_awaitable, error));
    if (stopping_ || error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors or memory: what is waiting stays in the queue, so asking again at once
      // would turn the loop into a busy one.
      timer.expires_after(pause);
      pause = std::min(2 * pause, longest_pause);
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    pause = shortest_pause;
    if (counters_.open.fetch_add(1, std::memory_order_relaxed) >= connections_) {
      counters_.open.fetch_sub(1, std::memory_order_relaxed);
      continue;
    }
    const std::uint64_t number = counters_.accepted.fetch_add(1, std::memory_order_relaxed) + 1;
    const Connection connection{.port = port, .number = number};
    asio::co_spawn(context_, serve(std::move(socket), connection), rethrow);
  }
}

asio::awaitable<void> Worker::serve(tcp::socket socket, Connection connection) {
  net::Wire wire(std::move(socket), wire_options_);
  const Registration registration(open_, counters_, &wire);
  if (stopping_) wire.stop();
  co_await service_->serve(wire, connection);
}

}  // namespace

struct Engine::Threads {
  Counters counters;
  std::vector<std::uint16_t> ports;  // their numbers
  std::list<Worker> workers;
};

Engine::Engine(Service& service, const std::vector<Port>& ports, const EngineOptions& options)
    : threads_(std::make_unique<Threads>()) {
  std::list<Worker>& workers = threads_->workers;
  for (int made = 0; made < std::max(options.threads, 1); ++made) {
    workers.emplace_back(service, options.connections, threads_->counters);
  }
  for (std::size_t place = 0; place < ports.size(); ++place) {
    BoundPort bound = bind_port(workers.front().context(), ports[place]);
    threads_->ports.push_back(bound.number);
    for (tcp::acceptor& acceptor : bound.acceptors) {
      for (auto worker = std::next(workers.begin()); worker != workers.end(); ++worker) {
        worker->listen(duplicate(worker->context(), acceptor), place);
      }
      workers.front().listen(std::move(acceptor), place);
    }
  }
  for (Worker& worker : workers) worker.start();
}

Engine::~Engine() {
  for (Worker& worker : threads_->workers) worker.stop();
}

std::uint16_t Engine::port(std::size_t place) const { return threads_->ports.at(place); }

}  // namespace badmx::server
