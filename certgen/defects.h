// Table 1: what no well-formed spec expresses. A row works before the signature is made (on the
// tree of what is signed), after it (on the certificate's tree: signed part, algorithm, signature),
// or both; several act in the table's order.
#pragma once

#include "x509/bytes.h"
#include "x509/der.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::certgen {

struct Defect {
  std::string_view name;
  std::string_view summary;
  std::string_view reference;
  std::string_view argument;  // what may stand behind a colon; empty: nothing may
  // Null: nothing to do. Both throw std::invalid_argument when it can't be done to this one.
  void (*before_signing)(x509::der::Node& tbs, std::string_view argument) = nullptr;
  void (*after_signing)(x509::Bytes& certificate, std::string_view argument) = nullptr;
};

std::span<const Defect> defects();

struct DefectUse {
  const Defect* defect = nullptr;  // a row of defects()
  std::string argument;            // empty where none is given
};

// "duplicate-extension:subject-alt-name". Throws std::invalid_argument for an unknown name, or an
// argument where none may stand.
DefectUse find_defect(std::string_view text);
// All of them, in the table's order.
std::vector<DefectUse> find_defects(const std::vector<std::string>& texts);

}  // namespace badmx::certgen
