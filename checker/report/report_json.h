// The diagnosis as JSON; docs/report-schema.md describes every field.
#pragma once

#include "checker/diagnosis.h"
#include "checker/report/answer.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace badmx::checker {

inline constexpr std::string_view diagnosis_schema = "badmx-diagnosis/2";
inline constexpr std::string_view report_schema = "badmx-report/2";

// One diagnosis: an object of the schema badmx-diagnosis/2.
std::string report_json(const Diagnosis& diagnosis);
// Several targets: an object of the schema badmx-report/2, whose "results" hold one object each.
std::string report_json(std::span<const TargetReport> reports);

// One target as one line, as it stands in "results".
std::string report_json_line(const TargetReport& report);
// The target of such a line; nothing when it isn't one.
std::optional<std::string> target_of_line(std::string_view line);

}  // namespace badmx::checker
