// What stands behind a Server: threads, sockets, and what they share. Internal to the server.
#pragma once

#include "server/smtp/contexts.h"
#include "server/smtp/conversation.h"
#include "server/smtp/journal.h"
#include "server/smtp/server.h"
#include "server/smtp/site.h"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <thread>
#include <vector>

namespace badmx::server {

// Numbers that all threads count together.
struct Counters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::size_t> open{0};
};

// One thread with all that only it touches: a loop, TLS contexts, listening sockets of its own (the
// same as every thread's, duplicated), open connections.
class Worker {
 public:
  Worker(const Limits& limits, Journal& journal, Counters& counters);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  asio::io_context& context() { return context_; }
  // To be called before start(). The port outlives the worker.
  void listen(asio::ip::tcp::acceptor acceptor, const SharedPort& port);
  void start();
  // From any thread, as often as one likes; the destructor waits for the end.
  void stop();

 private:
  asio::awaitable<void> accept(asio::ip::tcp::acceptor& acceptor, const SharedPort& port);
  asio::awaitable<void> serve(asio::ip::tcp::socket socket, const SharedPort& port,
                              std::uint64_t number);
  void close_all();

  const Limits& limits_;
  Journal& journal_;
  Counters& counters_;
  Contexts contexts_;           // outlives the connections made from it, which live in context_
  std::list<net::Wire*> open_;  // likewise
  bool stopping_ = false;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::list<asio::ip::tcp::acceptor> acceptors_;
  std::thread thread_;
};

struct Server::Engine {
  Engine(std::vector<Listener> listeners, Options options);
  ~Engine();  // all threads stop side by side
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void share_ports(std::vector<Listener>& listeners);

  const Limits limits;
  Journal journal;
  Counters counters;
  std::vector<std::uint16_t> ports;  // by listener
  std::list<Site> sites;
  std::list<SharedPort> shared_ports;
  std::list<Worker> workers;
};

}  // namespace badmx::server
