#include "x509/verify.h"

#include "x509/error.h"
#include "x509/handle.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace badmx::x509 {

// Partial chains are allowed only where an anchor needs them, so that OpenSSL otherwise does what
// s_client does.
struct TrustStore::State {
  X509StoreHandle store;
  std::size_t size = 0;
  bool has_partial_anchor = false;
};

namespace {

constexpr int auth_level = 2;
constexpr std::size_t most_complaints = 1000;

// The whole of the bytes, as libssl demands of a Certificate message's entries.
X509Handle parse(const Bytes& der) {
  const unsigned char* at = der.data();
  X509Handle certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate && at != der.data() + der.size()) certificate.reset();
  if (!certificate) drain_errors();
  return certificate;
}

// OpenSSL 3.0 takes 90 us to read a certificate, nearly all of it to look up its key's decoder, and
// the servers of one list often send the same: each thread keeps what it read last. Null as
// parse().
X509Handle parse_or_recall(const Bytes& der) {
  constexpr std::size_t most_recalled = 64;
  // By text: GCC 12 at -O3 sees overruns in the comparison of two vectors.
  thread_local std::map<std::string, X509Handle, std::less<>> recalled;
  auto known = recalled.find(as_text(der));
  if (known == recalled.end()) {
    X509Handle certificate = parse(der);
    if (!certificate) return nullptr;
    if (recalled.size() >= most_recalled) recalled.clear();
    known = recalled.emplace(as_text(der), std::move(certificate)).first;
  }
  X509_up_ref(known->second.get());
  return X509Handle(known->second.get());
}

X509CrlHandle parse_crl(const Bytes& der) {
  const unsigned char* at = der.data();
  X509CrlHandle crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (!crl) drain_errors();
  return crl;
}

using Complaints = std::vector<VerifyComplaint>;

extern "C" int note_complaint(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  // The path of whoever signed a list is verified by a context of its own, which has this function
  // too: what fails there is one complaint of the outer one.
  if (X509_STORE_CTX_get0_parent_ctx(context) != nullptr) return ok;
  auto* const complaints = static_cast<Complaints*>(X509_STORE_CTX_get_app_data(context));
  const int code = X509_STORE_CTX_get_error(context);
  VerifyComplaint complaint{.depth = X509_STORE_CTX_get_error_depth(context),
                            .code = code,
                            .text = X509_verify_cert_error_string(code)};
  if (complaints->size() < most_complaints &&
      std::ranges::find(*complaints, complaint) == complaints->end()) {
    complaints->push_back(std::move(complaint));
  }
  return 1;
}

const char* purpose_name(VerifyPurpose purpose) {
  switch (purpose) {
    case VerifyPurpose::server:
      return "ssl_server";
    case VerifyPurpose::client:
      return "ssl_client";
    case VerifyPurpose::any:
      break;
  }
  return "default";
}

// The code to complain with when no name is the certificate's: X509_V_OK when one is, or none is
// asked for.
int check_names(X509* leaf, std::span<const std::string> names) {
  if (names.empty()) return X509_V_OK;
  int code = X509_V_ERR_IP_ADDRESS_MISMATCH;
  for (const std::string& name : names) {
    const bool is_address = X509_check_ip_asc(leaf, name.c_str(), 0) != -2;
    const int match = is_address ? X509_check_ip_asc(leaf, name.c_str(), 0)
                                 : X509_check_host(leaf, name.data(), name.size(), 0, nullptr);
    if (match == 1) return X509_V_OK;
    if (!is_address) code = X509_V_ERR_HOSTNAME_MISMATCH;
  }
  return code;
}

void check(int result, const char* what) {
  if (result != 1) throw Error(what);
}

}  // namespace

TrustStore::TrustStore(std::span<const Bytes> anchors) : state_(std::make_unique<State>()) {
  state_->store.reset(X509_STORE_new());
  if (!state_->store) throw Error("can't make a certificate store");
  for (const Bytes& der : anchors) {
    const X509Handle anchor = parse(der);
    if (!anchor) continue;
    check(X509_STORE_add_cert(state_->store.get(), anchor.get()), "can't trust a certificate");
    ++state_->size;
    // Judged here, once: the store is read by many threads later.
    if (X509_self_signed(anchor.get(), 0) != 1) state_->has_partial_anchor = true;
  }
  drain_errors();
}

TrustStore::~TrustStore() = default;
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore& TrustStore::operator=(TrustStore&&) noexcept = default;

std::size_t TrustStore::size() const { return state_->size; }

std::optional<std::vector<VerifyComplaint>> verify(const VerifyRequest& request,
                                                   const TrustStore& trust) {
  X509StackHandle sent(sk_X509_new_null());
  if (!sent) throw Error("out of memory");
  for (const Bytes& der : request.chain) {
    X509Handle certificate = parse_or_recall(der);
    if (!certificate) return std::nullopt;
    if (sk_X509_push(sent.get(), certificate.get()) == 0) throw Error("out of memory");
    (void)certificate.release();
  }
  if (sk_X509_num(sent.get()) == 0) return std::nullopt;
  X509* const leaf = sk_X509_value(sent.get(), 0);

  const TrustStore::State& state = trust.state();
  const X509StoreContextHandle context(X509_STORE_CTX_new());
  if (!context) throw Error("out of memory");
  check(X509_STORE_CTX_init(context.get(), state.store.get(), leaf, sent.get()),
        "can't begin to verify");
  check(X509_STORE_CTX_set_default(context.get(), purpose_name(request.purpose)),
        "can't set the purpose");
  X509_VERIFY_PARAM* const how = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(how, request.moment.time_since_epoch().count());
  X509_VERIFY_PARAM_set_auth_level(how, auth_level);
  unsigned long flags = X509_V_FLAG_TRUSTED_FIRST;
  if (state.has_partial_anchor) flags |= X509_V_FLAG_PARTIAL_CHAIN;

  const X509CrlStackHandle crls(sk_X509_CRL_new_null());
  if (!crls) throw Error("out of memory");
  for (const Bytes& der : request.crls) {
    X509CrlHandle crl = parse_crl(der);
    if (!crl) continue;
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_issuer_name(leaf)) == 0) {
      // With lists by reasons, by other keys of the CA's and by others for it: RFC 5280 6.3.
      flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_EXTENDED_CRL_SUPPORT;
    }
    if (sk_X509_CRL_push(crls.get(), crl.get()) == 0) throw Error("out of memory");
    (void)crl.release();
  }
  X509_STORE_CTX_set0_crls(context.get(), crls.get());
  X509_VERIFY_PARAM_set_flags(how, flags);

  Complaints complaints;
  X509_STORE_CTX_set_app_data(context.get(), &complaints);
  X509_STORE_CTX_set_verify_cb(context.get(), note_complaint);
  const int result = X509_verify_cert(context.get());
  drain_errors();
  if (result != 1 && complaints.empty()) {
    const int code = X509_STORE_CTX_get_error(context.get());
    if (code == X509_V_OK || code == X509_V_ERR_OUT_OF_MEM) throw Error("can't verify");
    complaints.push_back({.depth = X509_STORE_CTX_get_error_depth(context.get()),
                          .code = code,
                          .text = verify_text(code)});
  }
  if (const int code = check_names(leaf, request.names); code != X509_V_OK) {
    complaints.push_back({.depth = 0, .code = code, .text = verify_text(code)});
  }
  drain_errors();
  return complaints;
}

std::string verify_text(int code) { return X509_verify_cert_error_string(code); }

}  // namespace badmx::x509
