#include "net/transcript.h"

namespace badmx::net {

std::string_view name(Layer layer) { return layer == Layer::tls ? "tls" : "clear"; }

}  // namespace badmx::net
