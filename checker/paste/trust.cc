#include "checker/paste/trust.h"

#include "checker/paste/pem_reader.h"
#include "x509/pem.h"
#include "x509/printable.h"
#include "x509/trust_locations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>

namespace badmx::checker {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_trusted = 10000;
constexpr std::size_t most_files = 10000;

std::string path_text(const std::string& path) { return x509::printable(path, 300); }

[[noreturn]] void fail(const std::string& path, std::string_view why) {
  throw std::runtime_error(fmt::format("{}: {}", path_text(path), why));
}

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
};

// Certificates in the order of the text; none when there are none.
std::vector<x509::Bytes> certificates_in(std::string_view content) {
  if (content.find("-----BEGIN ") == std::string_view::npos) {
    const auto seen = read_pem(content, "");
    return seen ? seen->attempts.front().chain : std::vector<x509::Bytes>{};
  }
  std::vector<x509::Bytes> all;
  for (x509::PemBlock& block : x509::read_pem_blocks(content, most_trusted)) {
    if (!block.whole) continue;
    if (block.label == "PKCS7" || block.label == "CMS") {
      if (auto certificates = read_pkcs7(block.der)) {
        std::ranges::move(*certificates, std::back_inserter(all));
      }
    } else if (block.label.ends_with("CERTIFICATE")) {
      // What stands behind the certificate in a "TRUSTED CERTIFICATE" isn't of it.
      if (auto first = first_sequence(block.der)) all.push_back(std::move(*first));
    }
  }
  return all;
}

// Adds those that aren't there yet; says how many were.
class Collector {
 public:
  std::size_t add(std::vector<x509::Bytes> certificates) {
    std::size_t added = 0;
    for (x509::Bytes& certificate : certificates) {
      if (!seen_.insert(certificate).second) continue;
      all_.push_back(std::move(certificate));
      ++added;
    }
    return added;
  }
  std::vector<x509::Bytes> take() { return std::move(all_); }

 private:
  std::set<x509::Bytes> seen_;
  std::vector<x509::Bytes> all_;
};

// "9d04f354.0", as c_rehash names what OpenSSL looks up in a folder.
bool is_hash_name(const std::string& name) {
  return name.size() >= 10 && name[8] == '.' &&
         std::ranges::all_of(
             name.substr(0, 8),
             [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }) &&
         std::ranges::all_of(name.substr(9), [](char c) { return c >= '0' && c <= '9'; });
}

enum class Files { all, hashed };

std::vector<std::string> files_of(const std::string& folder, Files which) {
  std::error_code error;
  std::vector<std::string> files;
  fs::directory_iterator entries(folder, error);
  if (error) fail(folder, error.message());
  for (const fs::directory_entry& entry : entries) {
    if (!entry.is_regular_file(error)) continue;
    if (which == Files::hashed && !is_hash_name(entry.path().filename().string())) continue;
    files.push_back(entry.path().string());
    if (files.size() == most_files) break;
  }
  std::ranges::sort(files);
  return files;
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

Trust load_folder(const std::string& folder) {
  Collector collector;
  std::size_t count = 0;
  for (const std::string& file : files_of(folder, Files::all)) {
    count += collector.add(certificates_in(load_text(file)));
  }
  if (count == 0) fail(folder, "no certificate in any of its files");
  return {.anchors = collector.take(),
          .description = fmt::format("{} ({})", path_text(folder), counted(count, "certificate"))};
}

Trust load_system() {
  const x509::TrustLocations places = x509::system_trust_locations();
  Collector collector;
  std::size_t count = 0;
  std::error_code error;
  if (fs::is_regular_file(places.file, error)) {
    count += collector.add(certificates_in(load_text(places.file)));
  }
  for (const std::string& folder : places.folders) {
    if (!fs::is_directory(folder, error)) continue;
    for (const std::string& file : files_of(folder, Files::hashed)) {
      count += collector.add(certificates_in(load_text(file)));
    }
  }
  if (count == 0) {
    throw std::runtime_error(
        fmt::format("no trusted certificates on this system: neither {} nor {} has any; install "
                    "ca-certificates or say --trust FILE",
                    path_text(places.file), fmt::join(places.folders, ":")));
  }
  return {.anchors = collector.take(),
          .description = fmt::format("the system's {}", counted(count, "root"))};
}

}  // namespace

std::string load_text(const std::string& file, std::size_t most) {
  std::unique_ptr<std::FILE, CloseFile> opened;
  std::FILE* from = stdin;
  std::error_code ignored;
  if (file != "-") {
    if (fs::is_directory(file, ignored)) fail(file, "is a folder");
    opened.reset(std::fopen(file.c_str(), "rb"));
    if (!opened) fail(file, std::generic_category().message(errno));
    from = opened.get();
  }
  std::string content;
  std::string piece(65536, '\0');
  while (const std::size_t length = std::fread(piece.data(), 1, piece.size(), from)) {
    content.append(piece, 0, length);
    if (content.size() > most) fail(file, fmt::format("is larger than {} MiB", most >> 20U));
  }
  if (std::ferror(from) != 0) fail(file, "can't be read");
  return content;
}

std::vector<x509::Bytes> load_certificates(const std::string& file) {
  std::vector<x509::Bytes> all = certificates_in(load_text(file));
  if (all.empty()) fail(file, "no certificate in it");
  return all;
}

std::vector<x509::Bytes> load_crls(const std::string& file) {
  const std::string content = load_text(file);
  std::vector<x509::Bytes> all;
  for (x509::PemBlock& block : x509::read_pem_blocks(content)) {
    if (block.label == "X509 CRL" && block.whole) all.push_back(std::move(block.der));
  }
  if (all.empty() && is_whole_sequence(x509::as_bytes(content))) {
    all.push_back(x509::copy(x509::as_bytes(content)));
  }
  if (all.empty()) fail(file, "no CRL in it");
  return all;
}

Trust load_trust(const std::string& from) {
  if (from == "system") return load_system();
  std::error_code error;
  if (fs::is_directory(from, error)) return load_folder(from);
  Collector collector;
  const std::size_t count = collector.add(load_certificates(from));
  return {.anchors = collector.take(),
          .description = fmt::format("{} ({})", path_text(from), counted(count, "certificate"))};
}

Trust load_trust(std::span<const std::string> from) {
  Collector collector;
  std::vector<std::string> descriptions;
  for (const std::string& one : from) {
    Trust trust = load_trust(one);
    collector.add(std::move(trust.anchors));
    descriptions.push_back(std::move(trust.description));
  }
  return {.anchors = collector.take(),
          .description = fmt::format("{}", fmt::join(descriptions, " and "))};
}

}  // namespace badmx::checker
