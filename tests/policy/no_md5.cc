// A crypto policy in small: a provider of OpenSSL's whose MD5 never begins. A configuration that
// prefers it (default_properties = ?provider=no_md5) has everything but MD5.
#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

namespace {

void* refuse_context(void*) { return nullptr; }
void free_context(void*) {}
int refuse_init(void*, const OSSL_PARAM*) { return 0; }
int refuse_update(void*, const unsigned char*, size_t) { return 0; }
int refuse_final(void*, unsigned char*, size_t*, size_t) { return 0; }

// What OpenSSL asks before it takes a digest at all.
int get_params(OSSL_PARAM* params) {
  OSSL_PARAM* const block = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_BLOCK_SIZE);
  OSSL_PARAM* const size = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_SIZE);
  if (block != nullptr && OSSL_PARAM_set_size_t(block, 64) != 1) return 0;
  return size == nullptr ? 1 : OSSL_PARAM_set_size_t(size, 16);
}

using Function = void (*)();

const OSSL_DISPATCH md5[] = {
    {OSSL_FUNC_DIGEST_NEWCTX, reinterpret_cast<Function>(refuse_context)},
    {OSSL_FUNC_DIGEST_FREECTX, reinterpret_cast<Function>(free_context)},
    {OSSL_FUNC_DIGEST_INIT, reinterpret_cast<Function>(refuse_init)},
    {OSSL_FUNC_DIGEST_UPDATE, reinterpret_cast<Function>(refuse_update)},
    {OSSL_FUNC_DIGEST_FINAL, reinterpret_cast<Function>(refuse_final)},
    {OSSL_FUNC_DIGEST_GET_PARAMS, reinterpret_cast<Function>(get_params)},
    {0, nullptr},
};

const OSSL_ALGORITHM digests[] = {{"MD5", "provider=no_md5", md5, "MD5 that never begins"},
                                  {nullptr, nullptr, nullptr, nullptr}};

const OSSL_ALGORITHM* query(void*, int operation, int* no_cache) {
  *no_cache = 0;
  return operation == OSSL_OP_DIGEST ? digests : nullptr;
}

const OSSL_DISPATCH provider[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, reinterpret_cast<Function>(query)}, {0, nullptr}};

}  // namespace

extern "C" int OSSL_provider_init(const OSSL_CORE_HANDLE* handle, const OSSL_DISPATCH*,
                                  const OSSL_DISPATCH** out, void** context) {
  *out = provider;
  *context = const_cast<OSSL_CORE_HANDLE*>(handle);
  return 1;
}
