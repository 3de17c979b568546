// Old names lead to names that there are, and docs/codes.md has each of them.
#include "fixtures/scenario/renamed.h"

#include "checker/rules/rules.h"
#include "fixtures/scenario/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::fixtures {
namespace {

TEST(Renamed, AreTheRowsOfThePage) {
  std::ifstream page(BADMX_SOURCE_DIR "/docs/codes.md");
  std::vector<std::string> shown;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| ") && !line.starts_with("| what")) shown.push_back(line);
  }
  std::vector<std::string> rows;
  for (const Renamed& row : renamed()) {
    rows.push_back("| " + std::string(row.kind) + " | `" + std::string(row.before) + "` | `" +
                   std::string(row.now) + "` |");
  }
  EXPECT_EQ(shown, rows);
}

TEST(Renamed, LeadToWhatThereIs) {
  const Catalogue catalogue = Catalogue::built_in();
  for (const Renamed& row : renamed()) {
    SCOPED_TRACE(row.before);
    EXPECT_EQ(now_called(row.before), row.now);
    EXPECT_TRUE(std::ranges::none_of(
        renamed(),
        [&row](const Renamed& other) { return other.kind == row.kind && other.before == row.now; }))
        << row.now << " has another name now, too";
    if (row.kind == "finding") {
      EXPECT_EQ(checker::find_rule(row.before), nullptr);
      EXPECT_NE(checker::find_rule(row.now), nullptr);
    }
    if (row.kind == "scenario") {
      EXPECT_NE(catalogue.find(row.now), nullptr);
    }
    EXPECT_EQ(catalogue.find(row.before), nullptr);
  }
}

}  // namespace
}  // namespace badmx::fixtures
