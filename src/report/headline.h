// The headline of a report: one line that promises no more than its sentences keep. The rules for
// its words are with the verdict (verdict.h).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/subject.h"

namespace lightsout {

std::string headline_of(const Subject& subject);

}  // namespace lightsout
