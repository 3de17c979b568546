// Asio, compiled once for all (ASIO_SEPARATE_COMPILATION).
#include <asio/impl/src.hpp>
