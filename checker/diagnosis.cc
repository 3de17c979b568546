#include "checker/diagnosis.h"

#include <fmt/format.h>

namespace badmx::checker {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "";
}

std::string_view name(FixAt fix_at) {
  switch (fix_at) {
    case FixAt::server:
      return "server";
    case FixAt::sender:
      return "sender";
    case FixAt::network:
      return "network";
    case FixAt::undecided:
      return "undecided";
  }
  return "";
}

std::string text(const Location& where) {
  switch (where.kind) {
    case LocationKind::nowhere:
      return "";
    case LocationKind::point:
      return std::string(smtp::name(where.point));
    case LocationKind::sent:
      return fmt::format("sent[{}]", where.index);
    case LocationKind::trusted:
      return fmt::format("trusted[{}]", where.index);
    case LocationKind::given:
      return fmt::format("given[{}]", where.index);
  }
  return "";
}

}  // namespace badmx::checker
