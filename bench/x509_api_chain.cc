// The same chain as certgen_chain.cc by OpenSSL's X509 API, used as its manual shows: see
// chain_job.h.
#include "bench/chain_job.h"
#include "x509/handle.h"

#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <span>
#include <stdexcept>

namespace badmx::bench {
namespace {

constexpr long day = 86400;

struct Extension {
  int nid = 0;
  const char* value = "";
};

struct Subject {
  const char* common_name = "";
  long days_before = 0;
  long days_after = 0;
  std::span<const Extension> extensions{};
};

constexpr std::array root_extensions{
    Extension{NID_basic_constraints, "critical,CA:TRUE"},
    Extension{NID_key_usage, "critical,keyCertSign,cRLSign"},
    Extension{NID_subject_key_identifier, "hash"},
    Extension{NID_name_constraints, "critical,permitted;DNS:bench.test,permitted;DNS:localhost"}};
constexpr std::array intermediate_extensions{
    Extension{NID_basic_constraints, "critical,CA:TRUE"},
    Extension{NID_key_usage, "critical,keyCertSign,cRLSign"},
    Extension{NID_subject_key_identifier, "hash"},
    Extension{NID_authority_key_identifier, "keyid"}};
constexpr std::array leaf_extensions{
    Extension{NID_basic_constraints, "critical,CA:FALSE"},
    Extension{NID_key_usage, "critical,digitalSignature"},
    Extension{NID_ext_key_usage, "serverAuth"},
    Extension{NID_subject_alt_name, "DNS:mx.bench.test,DNS:localhost"},
    Extension{NID_subject_key_identifier, "hash"},
    Extension{NID_authority_key_identifier, "keyid"}};

constexpr Subject root{"badmx bench root", 730, 2920, root_extensions};
constexpr Subject intermediate{"badmx bench intermediate", 730, 2920, intermediate_extensions};
constexpr Subject leaf{"mx.bench.test", 1, 90, leaf_extensions};

struct Issued {
  x509::X509Handle certificate{};
  x509::KeyHandle key{};
};

void require(bool success) {
  if (!success) throw std::runtime_error("OpenSSL failed");
}

x509::KeyHandle make_key(ChainKeys keys) {
  x509::KeyHandle key(keys == ChainKeys::ec_p256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048));
  require(key != nullptr);
  return key;
}

void set_serial(X509* certificate) {
  std::array<unsigned char, 16> random{};
  require(RAND_bytes(random.data(), random.size()) == 1);
  random[0] = static_cast<unsigned char>((random[0] & 0x3F) | 0x40);
  const x509::BignumHandle number(BN_bin2bn(random.data(), random.size(), nullptr));
  require(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void add_extensions(X509* certificate, X509* issuer, std::span<const Extension> extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const Extension& wanted : extensions) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, wanted.nid, wanted.value);
    require(extension != nullptr);
    const int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    require(added == 1);
  }
}

// `issuer` null: self-signed.
Issued issue(const Subject& subject, ChainKeys keys, const Issued* issuer) {
  Issued issued{x509::X509Handle(X509_new()), make_key(keys)};
  X509* certificate = issued.certificate.get();
  X509* signer = issuer ? issuer->certificate.get() : certificate;
  X509_set_version(certificate, X509_VERSION_3);
  set_serial(certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -subject.days_before * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), subject.days_after * day);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject.common_name), -1, -1,
                             0);
  require(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1);
  require(X509_set_pubkey(certificate, issued.key.get()) == 1);
  add_extensions(certificate, signer, subject.extensions);
  EVP_PKEY* signing_key = issuer ? issuer->key.get() : issued.key.get();
  require(X509_sign(certificate, signing_key, EVP_sha256()) > 0);
  return issued;
}

std::string make_chain(ChainKeys keys) {
  const Issued top = issue(root, keys, nullptr);
  const Issued middle = issue(intermediate, keys, &top);
  const Issued bottom = issue(leaf, keys, &middle);
  const x509::BioHandle memory(BIO_new(BIO_s_mem()));
  for (const Issued* issued : {&bottom, &middle, &top}) {
    require(PEM_write_bio_X509(memory.get(), issued->certificate.get()) == 1);
  }
  for (const Issued* issued : {&bottom, &middle, &top}) {
    require(PEM_write_bio_PrivateKey(memory.get(), issued->key.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr) == 1);
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace
}  // namespace badmx::bench

int main(int argc, char** argv) {
  return badmx::bench::run_chain_job({argv + 1, argv + argc}, badmx::bench::make_chain);
}
