// The transcript reader on what the machine's own `openssl s_client` prints.

#include "tests/checker/only_session.h"
#include "x509/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace badmx::checker {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::Contains;
using testing::Field;
using testing::IsEmpty;

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// A program under way, its output in a file; killed and reaped when it goes out of scope.
class Program {
 public:
  Program(std::vector<std::string> words, const fs::path& output) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                       0600);
    ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
      pid_ = -1;
    }
    ::posix_spawn_file_actions_destroy(&actions);
  }
  ~Program() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Whether it ended within ten seconds.
  bool ended() {
    const auto deadline = steady_clock::now() + seconds(10);
    while (pid_ > 0 && steady_clock::now() < deadline) {
      if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

 private:
  pid_t pid_ = -1;
};

class LiveTranscript : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "badmx-live-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    Program key({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-keyout", file("key.pem"), "-out", file("certificate.pem"), "-days",
                 "2", "-subj", "/C=GB/O=Lab, Inc/CN=mx.example.test"},
                folder_ / "req.txt");
    ASSERT_TRUE(key.ended());
    ASSERT_TRUE(fs::exists(file("certificate.pem"))) << content(folder_ / "req.txt");
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::string file(const char* name) const { return (folder_ / name).string(); }

  // What s_client prints about an s_server that serves the certificate, under these options.
  std::string session(const std::vector<std::string>& server_options,
                      const std::vector<std::string>& client_options) {
    std::vector<std::string> words{"openssl",
                                   "s_server",
                                   "-accept",
                                   "127.0.0.1:0",
                                   "-www",
                                   "-cert",
                                   file("certificate.pem"),
                                   "-key",
                                   file("key.pem")};
    words.insert(words.end(), server_options.begin(), server_options.end());
    const Program server(words, folder_ / "server.txt");
    const std::string port = listening_port();
    if (port.empty()) return {};
    words = {"openssl", "s_client", "-connect", "127.0.0.1:" + port};
    words.insert(words.end(), client_options.begin(), client_options.end());
    Program client(words, folder_ / "client.txt");
    return client.ended() ? content(folder_ / "client.txt") : std::string{};
  }

 private:
  std::string listening_port() const {
    const auto deadline = steady_clock::now() + seconds(10);
    while (steady_clock::now() < deadline) {
      const std::string said = content(folder_ / "server.txt");
      const std::size_t at = said.find("ACCEPT ");
      const std::size_t end = said.find('\n', at == std::string::npos ? 0 : at);
      if (at != std::string::npos && end != std::string::npos) {
        const std::size_t colon = said.rfind(':', end);
        return said.substr(colon + 1, end - colon - 1);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return {};
  }

  fs::path folder_;
};

TEST_F(LiveTranscript, IsReadWithShowcerts) {
  const std::string text = session({}, {"-showcerts"});
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen) << text;
  const Attempt& attempt = seen->attempts[0];
  ASSERT_EQ(attempt.chain.size(), 1U) << text;
  const auto certificate = x509::read_certificate(attempt.chain[0]);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(x509::text(certificate->subject), "C=GB, O=Lab, Inc, CN=mx.example.test");
  EXPECT_TRUE(attempt.handshake_done);
  EXPECT_EQ(attempt.stop, Stop::finished);
  EXPECT_EQ(attempt.tls.version, "TLSv1.3");
  EXPECT_THAT(seen->pasted.errors, Contains(Field(&PrintedError::code, 18)));
  EXPECT_EQ(seen->pasted.verify_return_code, 18);
  EXPECT_THAT(seen->pasted.gaps, IsEmpty());
}

TEST_F(LiveTranscript, IsReadWithoutShowcertsToo) {
  const std::string text = session({}, {});
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen) << text;
  EXPECT_EQ(seen->attempts[0].chain.size(), 1U);
  EXPECT_THAT(seen->pasted.certificates, IsEmpty());
}

TEST_F(LiveTranscript, TellsARequestForAClientCertificate) {
  const std::string text = session({"-verify", "1"}, {});
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen) << text;
  EXPECT_TRUE(seen->attempts[0].client_certificate_requested);
}

TEST_F(LiveTranscript, TellsThatAClientCertificateIsDemanded) {
  const std::string text = session({"-Verify", "1", "-tls1_2"}, {"-tls1_2"});
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen) << text;
  EXPECT_TRUE(seen->attempts[0].client_certificate_required) << text;
  EXPECT_FALSE(seen->attempts[0].handshake_done);
  EXPECT_EQ(seen->attempts[0].chain.size(), 1U);
}

TEST_F(LiveTranscript, HasTheStartTimeOfAnOldProtocol) {
  const auto before = std::chrono::system_clock::now() - seconds(5);
  const std::string text = session({"-tls1_2"}, {"-tls1_2"});
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen) << text;
  ASSERT_TRUE(seen->pasted.start_time) << text;
  EXPECT_GE(*seen->pasted.start_time, std::chrono::floor<seconds>(before));
  EXPECT_THAT(seen->pasted.secrets, Contains("TLS master key"));
}

TEST_F(LiveTranscript, TellsThatNoVersionIsShared) {
  const std::string text = session({"-tls1_3"}, {"-tls1_2"});
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen) << text;
  EXPECT_FALSE(seen->attempts[0].certificate_seen);
  EXPECT_EQ(seen->attempts[0].stop, Stop::alert) << text;
  EXPECT_THAT(seen->attempts[0].alerts, Contains(Field(&tls::AlertSeen::number, 70)));
}

}  // namespace
}  // namespace badmx::checker
