#include "checker/probe_kind.h"

#include <algorithm>
#include <string>

namespace badmx::checker {
namespace {

using tls::Tolerance;

// Empty fields are as the tolerance says.
struct Row {
  Attitude attitude;
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

constexpr std::array attitude_rows{
    Row{Attitude::ordinary, "ordinary", "as a current sender"},
    Row{Attitude::permissive, "permissive", "permissive: old versions and weak ciphers allowed",
        Tolerance::all},
    Row{Attitude::without_sni, "without-sni", "without a server name (SNI)"},
    Row{Attitude::again, "again", "once more as a current sender"},
    Row{Attitude::rsa_only, "rsa-only", "taking RSA certificates only", Tolerance::current, "",
        "aRSA", by_rsa},
    Row{Attitude::ecdsa_only, "ecdsa-only", "taking ECDSA certificates only", Tolerance::current,
        "", "aECDSA", by_ecdsa},
    Row{Attitude::tls10_only, "tls10-only", "with TLS 1.0 only", Tolerance::all, "1.0"},
    Row{Attitude::tls11_only, "tls11-only", "with TLS 1.1 only", Tolerance::all, "1.1"},
    Row{Attitude::tls12_only, "tls12-only", "with TLS 1.2 only", Tolerance::current, "1.2"},
    Row{Attitude::tls13_only, "tls13-only", "with TLS 1.3 only", Tolerance::current, "1.3"},
    Row{Attitude::static_rsa, "static-rsa", "with key exchange by the certificate's RSA key only",
        Tolerance::all, "1.2", "kRSA"},
    Row{Attitude::injecting, "injecting", "with a command in clear behind STARTTLS"},
};
static_assert(attitude_rows.size() == all_attitudes.size());

const Row& row(Attitude attitude) { return attitude_rows[static_cast<std::size_t>(attitude)]; }

}  // namespace

std::span<const Attitude> all_looks() { return std::span(all_attitudes).subspan(2); }

std::optional<Attitude> look_from(std::string_view text) {
  const auto looks = all_looks();
  const auto it = std::ranges::find(looks, text, [](Attitude look) { return name(look); });
  return it == looks.end() ? std::nullopt : std::optional(*it);
}

std::string_view name(Attitude attitude) { return row(attitude).name; }

std::string_view words(Attitude attitude) { return row(attitude).words; }

tls::ClientSetup client_setup(Attitude attitude) {
  const Row& wanted = row(attitude);
  tls::ClientSetup setup;
  setup.tolerance = wanted.tolerance;
  if (!wanted.version.empty()) setup.versions.emplace_back(wanted.version);
  setup.ciphers = wanted.ciphers;
  setup.signature_algorithms = wanted.signatures;
  return setup;
}

}  // namespace badmx::checker
