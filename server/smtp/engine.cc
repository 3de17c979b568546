#include "server/smtp/engine.h"

#include "server/smtp/bound_ports.h"

#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <fcntl.h>
#include <system_error>
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

}  // namespace

Worker::Worker(const Limits& limits, Journal& journal, Counters& counters)
    : limits_(limits),
      journal_(journal),
      counters_(counters),
      context_(1),
      work_(asio::make_work_guard(context_)) {}

Worker::~Worker() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void Worker::listen(tcp::acceptor acceptor, const SharedPort& port) {
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

asio::awaitable<void> Worker::accept(tcp::acceptor& acceptor, const SharedPort& port) {
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
    if (counters_.open.fetch_add(1, std::memory_order_relaxed) >= limits_.connections) {
      counters_.open.fetch_sub(1, std::memory_order_relaxed);
      continue;
    }
    const std::uint64_t number = counters_.accepted.fetch_add(1, std::memory_order_relaxed) + 1;
    asio::co_spawn(context_, serve(std::move(socket), port, number), rethrow);
  }
}

asio::awaitable<void> Worker::serve(tcp::socket socket, const SharedPort& port,
                                    std::uint64_t number) {
  net::Wire wire(std::move(socket), wire_options(limits_));
  const Registration registration(open_, counters_, &wire);
  if (stopping_) wire.stop();
  Surroundings around;
  around.port = &port;
  around.contexts = &contexts_;
  around.journal = &journal_;
  around.limits = &limits_;
  around.number = number;
  co_await converse(wire, around);
}

Server::Engine::Engine(std::vector<Listener> listeners, Options options)
    : limits(options.limits), journal(limits, std::move(options.on_record)) {
  for (int made = 0; made < std::max(options.threads, 1); ++made) {
    workers.emplace_back(limits, journal, counters);
  }
  share_ports(listeners);
  for (Worker& worker : workers) worker.start();
}

void Server::Engine::share_ports(std::vector<Listener>& listeners) {
  ports.resize(listeners.size());
  for (const std::vector<std::size_t>& group : port_groups(listeners)) {
    const Listener& first = listeners[group.front()];
    BoundPort bound = bind_port(workers.front().context(), first.addresses, first.port);
    SharedPort& shared = shared_ports.emplace_back();
    for (const std::size_t place : group) {
      Listener& listener = listeners[place];
      Site& site = sites.emplace_back();
      site.scenario = listener.scenario;
      site.behaviour = std::move(listener.behaviour);
      shared.sites.push_back(&site);
      if (!listener.sni.empty()) shared.by_name.emplace(folded_name(listener.sni), &site);
      ports[place] = bound.number;
    }
    for (tcp::acceptor& acceptor : bound.acceptors) {
      for (auto worker = std::next(workers.begin()); worker != workers.end(); ++worker) {
        worker->listen(duplicate(worker->context(), acceptor), shared);
      }
      workers.front().listen(std::move(acceptor), shared);
    }
  }
}

Server::Engine::~Engine() {
  for (Worker& worker : workers) worker.stop();
}

}  // namespace badmx::server
