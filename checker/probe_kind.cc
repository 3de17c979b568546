#include "checker/probe_kind.h"

#include <algorithm>
#include <string>

namespace badmx::checker {
namespace {

using tls::Tolerance;

// Empty fields are as the tolerance says.
struct Row {
  Probe probe;
  std::string_view name;
  std::string_view words;
  Tolerance tolerance = Tolerance::current;
  std::string_view version{};
  std::string_view ciphers{};
  std::string_view signatures{};
};

constexpr std::string_view by_rsa =
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"
    "rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512";
constexpr std::string_view by_ecdsa = "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512";

constexpr std::array probe_rows{
    Row{Probe::ordinary, "ordinary", "as a current sender"},
    Row{Probe::permissive, "permissive", "permissive: old versions and weak ciphers allowed",
        Tolerance::all},
    Row{Probe::without_sni, "without-sni", "without a server name (SNI)"},
    Row{Probe::again, "again", "once more as a current sender"},
    Row{Probe::rsa_only, "rsa-only", "taking RSA certificates only", Tolerance::current, "", "aRSA",
        by_rsa},
    Row{Probe::ecdsa_only, "ecdsa-only", "taking ECDSA certificates only", Tolerance::current, "",
        "aECDSA", by_ecdsa},
    Row{Probe::tls10_only, "tls10-only", "with TLS 1.0 only", Tolerance::all, "1.0"},
    Row{Probe::tls11_only, "tls11-only", "with TLS 1.1 only", Tolerance::all, "1.1"},
    Row{Probe::tls12_only, "tls12-only", "with TLS 1.2 only", Tolerance::current, "1.2"},
    Row{Probe::tls13_only, "tls13-only", "with TLS 1.3 only", Tolerance::current, "1.3"},
    Row{Probe::static_rsa, "static-rsa", "with key exchange by the certificate's RSA key only",
        Tolerance::all, "1.2", "kRSA"},
    Row{Probe::injecting, "injecting", "with a command in cleartext after STARTTLS"},
};
static_assert(probe_rows.size() == all_probes.size());

const Row& row(Probe probe) { return probe_rows[static_cast<std::size_t>(probe)]; }

}  // namespace

std::span<const Probe> further_probes() { return std::span(all_probes).subspan(2); }

std::optional<Probe> probe_from(std::string_view text) {
  const auto probes = further_probes();
  const auto it = std::ranges::find(probes, text, [](Probe probe) { return name(probe); });
  return it == probes.end() ? std::nullopt : std::optional(*it);
}

std::string_view name(Probe probe) { return row(probe).name; }

std::string_view words(Probe probe) { return row(probe).words; }

tls::ClientSetup client_setup(Probe probe) {
  const Row& wanted = row(probe);
  tls::ClientSetup setup;
  setup.tolerance = wanted.tolerance;
  if (!wanted.version.empty()) setup.versions.emplace_back(wanted.version);
  setup.ciphers = wanted.ciphers;
  setup.signature_algorithms = wanted.signatures;
  return setup;
}

}  // namespace badmx::checker
