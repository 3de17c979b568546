#include "x509/oid_name.h"

#include <openssl/objects.h>

#include <array>

namespace badmx::x509 {

std::string oid_of(std::string_view name) {
  const std::string text(name);
  const int short_name = OBJ_sn2nid(text.c_str());
  const int number = short_name != NID_undef ? short_name : OBJ_ln2nid(text.c_str());
  if (number == NID_undef) return {};
  std::array<char, 128> dotted{};
  OBJ_obj2txt(dotted.data(), static_cast<int>(dotted.size()), OBJ_nid2obj(number), 1);
  return dotted.data();
}

}  // namespace badmx::x509
