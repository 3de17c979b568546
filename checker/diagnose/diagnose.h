// From what was seen to what is wrong. Pure: no clock, no disk, no socket.
#pragma once

#include "checker/criteria.h"
#include "checker/diagnosis.h"
#include "checker/observation.h"

namespace badmx::checker {

Diagnosis diagnose(const Observation& observation, const Criteria& criteria);

}  // namespace badmx::checker
