// Annotations: what happened outside of the network, as a plain CSV `time,text,source`.
//
// They are drawn beside the curves and never reasoned from. A line `# SEMI-SYNTHETIC ...` may stand
// before the header.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "signal/annotation.h"
#include "source/source.h"

namespace lightsout {

constexpr std::size_t kMaxAnnotations = 10'000;
constexpr std::size_t kMaxAnnotationText = 400;  // characters of a text or source; the rest is cut

// Reads the inputs that are annotations, by time, into `annotations` and returns the others. A line
// that cannot be read is an Error: these files are short and written by hand.
Result<std::vector<Input>> take_annotations(std::span<const Input> inputs,
                                            std::vector<Annotation>& annotations);

}  // namespace lightsout
