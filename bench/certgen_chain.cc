// The healthy three-certificate chain by badmx::certgen: see chain_job.h.
#include "bench/chain_job.h"
#include "certgen/pki.h"
#include "certgen/spec.h"
#include "x509/pem.h"

namespace badmx::bench {
namespace {

certgen::PkiSpec chain_spec(ChainKeys keys) {
  certgen::PkiSpec spec = certgen::healthy_pki();
  if (keys == ChainKeys::rsa_2048) {
    for (certgen::CertificateSpec& certificate : spec.certificates) {
      certificate.key.kind = certgen::KeyKind::rsa;
      certificate.key.bits = 2048;
    }
  }
  return spec;
}

// A new seed for each chain: nothing that one seed's keys would be remembered by is of use here.
std::string make_chain(ChainKeys keys) {
  certgen::KeyStore store(certgen::random_seed());
  certgen::NamingContext place;
  place.scenario = "bench";
  place.host = "mx.bench.test";
  place.domain = "bench.test";
  place.lab = "bench.test";
  place.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const certgen::Pki pki = certgen::generate(chain_spec(keys), place, store);
  std::string text;
  for (const certgen::IssuedCertificate& issued : pki.certificates) {
    text += x509::pem("CERTIFICATE", issued.der);
  }
  for (const certgen::IssuedCertificate& issued : pki.certificates) {
    text += x509::pem("PRIVATE KEY", issued.key);
  }
  return text;
}

}  // namespace
}  // namespace badmx::bench

int main(int argc, char** argv) {
  return badmx::bench::run_chain_job({argv + 1, argv + argc}, badmx::bench::make_chain);
}
