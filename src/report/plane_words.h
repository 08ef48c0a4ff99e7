// What the planes of an incident did, in the words that its headline and its sentences share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/subject.h"

namespace lightsout {

inline constexpr double kMost = 0.5;  // a share lost from which on "most" is lost

// Routing or probing: what tells of connectivity itself.
bool on_connectivity(const PlaneView& view);

// Was there any of it that could be judged: of the whole, or of its parts?
bool connectivity_judged(const Incident& incident);

// The routes that lost most, of those that could be judged; nullptr without any.
const PlaneView* routes_of(const Incident& incident);
bool routes_stood(const Incident& incident);

// How a sentence calls what was measured: "web traffic".
std::string label_for(const PlaneView& view);

// The labels of the series that fell (or did not), each once, the deepest first, at most so many:
// the last one then is "three more".
std::vector<std::string> labels(const Incident& incident, bool fell, std::size_t most);

// "connectivity in Iran"; of a service that names itself in what was measured, "YouTube traffic in
// Russia" and not "YouTube traffic in YouTube in Russia".
std::string somewhere(const Subject& subject, const std::string& what, std::string_view parts = {});

}  // namespace lightsout
