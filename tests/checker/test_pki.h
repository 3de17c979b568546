// Certificates for the checker's tests, made with OpenSSL's X509 functions: neither certgen nor
// the project's own DER has a hand in them.
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"
#include "x509/handle.h"

#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace badmx::checker::testing {

inline constexpr x509::Moment test_moment =
    std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(12);

// Extensions in the syntax of OpenSSL's configuration files; empty: without.
struct CertificateRecipe {
  std::string cn = "mx.lab.test";
  std::string key = "leaf";  // keys of one label are one key
  int from = -1;             // days from test_moment
  int to = 90;
  std::string names = "DNS:mx.lab.test,DNS:localhost";
  std::string basic = "";
  std::string usage = "critical,digitalSignature";
  std::string extended = "serverAuth";
  std::string constraints = "";
  std::string info_access = "";  // "caIssuers;URI:http://…"
  std::string digest = "sha256";
  int rsa_bits = 0;  // 0: EC P-256
  bool subject_key_id = true;
  bool authority_key_id = true;
  std::string signed_by = "";      // another key than the issuer's
  std::string issuer_key_of = "";  // the authority key id is this key's
  int version = 3;
  std::vector<std::string> again;  // OpenSSL names of extensions to put in a second time
  std::string critical_oid = "";   // an unknown extension
  std::string raw_oid = "";        // an extension with garbage for its value
  std::string list_at = "";        // cRLDistributionPoints: "URI:http://…"
};

inline CertificateRecipe ca(const std::string& cn, const std::string& key) {
  CertificateRecipe draw;
  draw.cn = cn;
  draw.key = key;
  draw.from = -700;
  draw.to = 3000;
  draw.names = "";
  draw.basic = "critical,CA:TRUE";
  draw.usage = "critical,keyCertSign,cRLSign";
  draw.extended = "";
  return draw;
}

class TestPki {
 public:
  // Certificates stand under their label; the issuer is the label of one made before, or its own.
  const x509::Bytes& issue(const std::string& label, const CertificateRecipe& draw,
                           const std::string& issuer) {
    const CertificateRecipe& above = issuer == label ? draw : draws_.at(issuer);
    x509::X509Handle certificate(X509_new());
    X509* x = certificate.get();
    X509_set_version(x, draw.version - 1);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial_);
    set_name(X509_get_subject_name(x), draw.cn);
    set_name(X509_get_issuer_name(x), above.cn);
    const auto base = static_cast<std::time_t>(test_moment.time_since_epoch().count());
    ASN1_TIME_set(X509_getm_notBefore(x), base + std::time_t{draw.from} * 86400);
    ASN1_TIME_set(X509_getm_notAfter(x), base + std::time_t{draw.to} * 86400);
    X509_set_pubkey(x, key(draw.key, draw.rsa_bits));
    if (draw.version == 3) extend(x, draw, above, issuer == label);
    const std::string signer = draw.signed_by.empty() ? above.key : draw.signed_by;
    const EVP_MD* digest = EVP_get_digestbyname(draw.digest.c_str());
    if (X509_sign(x, key(signer, above.rsa_bits), digest) == 0) {
      throw std::runtime_error("X509_sign");
    }
    unsigned char* der = nullptr;
    const int length = i2d_X509(x, &der);
    const x509::MemoryHandle owned(der);
    draws_[label] = draw;
    return certificates_[label] = x509::Bytes(der, der + length);
  }

  const x509::Bytes& operator[](const std::string& label) const { return certificates_.at(label); }
  // Of a label that a certificate was issued with; borrowed.
  EVP_PKEY* key_of(const std::string& label) { return keys_.at(label).get(); }
  x509::Bytes& edit(const std::string& label) { return certificates_.at(label); }

 private:
  static void set_name(X509_NAME* name, const std::string& cn) {
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("Lab"), -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(cn.c_str()), -1, -1, 0);
  }

  EVP_PKEY* key(const std::string& label, int rsa_bits) {
    auto& made = keys_[label];
    if (!made) {
      made.reset(rsa_bits == 0 ? EVP_EC_gen("P-256")
                               : EVP_RSA_gen(static_cast<unsigned int>(rsa_bits)));
    }
    return made.get();
  }

  static void add(X509* x, X509V3_CTX* context, int nid, const std::string& value) {
    if (value.empty()) return;
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, context, nid, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no such extension: " + value);
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static void add_raw(X509* x, const std::string& oid, int critical, const std::string& value) {
    ASN1_OBJECT* object = OBJ_txt2obj(oid.c_str(), 1);
    ASN1_OCTET_STRING* octets = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(octets, reinterpret_cast<const unsigned char*>(value.data()),
                          static_cast<int>(value.size()));
    X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, object, critical, octets);
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(octets);
    ASN1_OBJECT_free(object);
  }

  void extend(X509* x, const CertificateRecipe& draw, const CertificateRecipe& above, bool self) {
    // The key identifiers are taken from a stand-in that has the key which is to be named.
    const std::string named = draw.issuer_key_of.empty() ? above.key : draw.issuer_key_of;
    x509::X509Handle stand_in(X509_new());
    X509_set_pubkey(stand_in.get(), key(named, above.rsa_bits));
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, stand_in.get(), stand_in.get(), nullptr, nullptr, 0);
    add(stand_in.get(), &context, NID_subject_key_identifier, "hash");
    X509V3_set_ctx(&context, stand_in.get(), x, nullptr, nullptr, 0);
    add(x, &context, NID_basic_constraints, draw.basic);
    add(x, &context, NID_key_usage, draw.usage);
    add(x, &context, NID_ext_key_usage, draw.extended);
    add(x, &context, NID_subject_alt_name, draw.names);
    add(x, &context, NID_name_constraints, draw.constraints);
    add(x, &context, NID_info_access, draw.info_access);
    add(x, &context, NID_crl_distribution_points, draw.list_at);
    if (draw.subject_key_id) add(x, &context, NID_subject_key_identifier, "hash");
    if (draw.authority_key_id && !self) {
      add(x, &context, NID_authority_key_identifier, "keyid:always");
    }
    for (const std::string& name : draw.again) {
      add(x, &context, OBJ_sn2nid(name.c_str()), draw.names);
    }
    if (!draw.critical_oid.empty()) add_raw(x, draw.critical_oid, 1, std::string("\x05\x00", 2));
    if (!draw.raw_oid.empty()) add_raw(x, draw.raw_oid, 0, "garbage");
  }

  long serial_ = 1000;
  std::map<std::string, x509::KeyHandle> keys_;
  std::map<std::string, CertificateRecipe> draws_;
  std::map<std::string, x509::Bytes> certificates_;
};

// "root" (limited to lab.test and localhost) → "intermediate" → "leaf".
inline TestPki healthy_pki() {
  TestPki pki;
  CertificateRecipe root = ca("Lab Root", "root");
  root.constraints = "critical,permitted;DNS:lab.test,permitted;DNS:localhost";
  pki.issue("root", root, "root");
  pki.issue("intermediate", ca("Lab Intermediate", "intermediate"), "root");
  pki.issue("leaf", CertificateRecipe{}, "intermediate");
  return pki;
}

}  // namespace badmx::checker::testing
