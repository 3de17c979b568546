// Asio, compiled once for all (ASIO_SEPARATE_COMPILATION).

// A standard header must come first: Asio 1.22 asks for a macro of libstdc++ before it has included
// anything, and would free here what other files allocate in another way.
// clang-format off
#include <memory>
#include <asio/impl/src.hpp>
// clang-format on
