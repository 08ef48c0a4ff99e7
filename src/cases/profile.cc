// SPDX-License-Identifier: Apache-2.0
#include "cases/profile.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lightsout {

namespace {

// One stretch of the course, from whichever source.
struct Stretch {
  TimeRange range;
  std::optional<double> depth;  // share lost
};

double hours(Seconds duration) {
  return static_cast<double>(duration.count()) / 3600.0;
}

Course draw(const std::vector<Stretch>& stretches, bool with_depth) {
  Course course(kCourseBins, 0.0F);
  const Time begin = stretches.front().range.begin;
  for (const Stretch& stretch : stretches) {
    const double depth = with_depth ? *stretch.depth : 1.0;
    const double from = hours(stretch.range.begin - begin) * 2;
    const double to = hours(stretch.range.end - begin) * 2;
    const auto last =
        static_cast<std::size_t>(std::min(std::ceil(to), static_cast<double>(kCourseBins)));
    for (auto bin = static_cast<std::size_t>(from); bin < last; ++bin) {
      const double low = std::max(from, static_cast<double>(bin));
      const double high = std::min(to, static_cast<double>(bin) + 1);
      course[bin] += static_cast<float>(depth * std::max(0.0, high - low));
    }
  }
  return course;
}

void add_course(const std::vector<Stretch>& stretches, Profile& profile) {
  if (stretches.empty()) return;
  profile.on_off = draw(stretches, false);
  const bool known = std::all_of(stretches.begin(), stretches.end(),
                                 [](const Stretch& s) { return s.depth.has_value(); });
  if (known) profile.depth = draw(stretches, true);
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// The mean on the clock's circle; nullopt when the hours cancel each other out.
std::optional<double> mean_hour(const std::vector<Time>& begins, Seconds offset) {
  constexpr double kTurn = 2 * std::numbers::pi;
  double x = 0;
  double y = 0;
  for (const Time begin : begins) {
    const Seconds day = (begin + offset).time_since_epoch() % Seconds{86'400};
    const double angle = kTurn * hours(day) / 24;
    x += std::cos(angle);
    y += std::sin(angle);
  }
  constexpr double kNoDirection = 0.1;  // of 1: hours all over the day have no mean
  if (begins.empty() || std::hypot(x, y) < kNoDirection * static_cast<double>(begins.size())) {
    return std::nullopt;
  }
  const double turned = std::atan2(y, x) / kTurn * 24;
  return turned < 0 ? turned + 24 : turned;
}

constexpr Seconds kHalfHour{30 * 60};
constexpr Seconds kSharp{3 * 60};         // as the indicators of cases/deliberate.h
constexpr Seconds kKnownMinute{10 * 60};  // a begin less sure than this has no minute

std::optional<double> share_of_sharp(const std::vector<Time>& begins, Seconds offset) {
  if (begins.empty()) return std::nullopt;
  double sharp = 0;
  for (const Time begin : begins) {
    const Seconds past = (begin + offset).time_since_epoch() % kHalfHour;
    sharp += past <= kSharp || past >= kHalfHour - kSharp;
  }
  return sharp / static_cast<double>(begins.size());
}

Scope scope_of(const Entity& entity) {
  switch (entity.type()) {
    case EntityType::country:
      return Scope::country;
    case EntityType::region:
      return Scope::region;
    case EntityType::asn:
      return Scope::network;
    case EntityType::service:
      return Scope::service;
  }
  return Scope::country;
}

// What fell, where the verdict says that it was a part of the entity.
Scope scope_of(const Incident& incident) {
  if (incident.grade == Grade::regional) return Scope::region;
  if (incident.grade == Grade::network) return Scope::network;
  if (incident.grade == Grade::service) return Scope::service;
  return scope_of(incident.entity);
}

double share_of(Together together) {
  return together == Together::together ? 1.0 : together == Together::waves ? 0.5 : 0.0;
}

void add_lengths(const std::vector<Stretch>& stretches, Profile& profile) {
  std::vector<double> lengths;
  double dark = 0;
  for (const Stretch& stretch : stretches) {
    lengths.push_back(hours(stretch.range.length()));
    dark += lengths.back();
  }
  profile.cut_hours = median(lengths);
  profile.span_hours = hours(stretches.back().range.end - stretches.front().range.begin);
  profile.duty = std::min(1.0, dark / *profile.span_hours);
}

void add_cuts(const PastCase& past, Profile& profile) {
  std::vector<Stretch> stretches;
  std::vector<Time> begins;
  std::vector<double> lengths;
  bool all_end = true;
  for (const PastCut& cut : past.cuts) {
    begins.push_back(cut.begin);
    all_end = all_end && cut.end.has_value();
    if (!cut.end) continue;
    lengths.push_back(hours(*cut.end - cut.begin));
    std::optional<double> depth;
    if (cut.left) depth = 1 - *cut.left;
    stretches.push_back({{cut.begin, *cut.end}, depth});
  }
  profile.cuts = static_cast<double>(past.cuts.size());
  if (past.offset) {
    profile.local_hour = mean_hour(begins, *past.offset);
    profile.sharp = share_of_sharp(begins, *past.offset);
  }
  if (all_end) {
    add_course(stretches, profile);
    add_lengths(stretches, profile);
    return;
  }
  profile.cut_hours = median(lengths);
  if (past.cuts.back().end) profile.span_hours = hours(*past.cuts.back().end - begins.front());
}

// Days without hours make a course only where half a day more or less is little: from two on.
void add_days(const PastCase& past, Profile& profile) {
  const bool one_cut = !past.pattern;
  if (past.days && past.days->last) {
    const Seconds length = *past.days->last - past.days->first;
    if (length >= Seconds{2 * 86'400}) {
      profile.span_hours = hours(length);
      if (one_cut) {
        profile.cut_hours = profile.span_hours;
        add_course({{{past.days->first, *past.days->last}, std::nullopt}}, profile);
      }
    }
  }
  if (one_cut) {
    profile.cuts = 1;
    profile.duty = 1;
    return;
  }
  profile.cuts = static_cast<double>(past.pattern->cuts);
  if (!past.pattern->each) return;
  profile.cut_hours = hours(*past.pattern->each);
  if (past.pattern->cuts == 1) profile.span_hours = profile.cut_hours;
  if (profile.span_hours) {
    profile.duty = std::min(1.0, *profile.cuts * *profile.cut_hours / *profile.span_hours);
  }
}

// How the parts of an incident went or came: a quarter of an hour is together, gaps of more than 45
// minutes make waves (methods.md 4.3).
std::optional<double> together(std::vector<Time> times) {
  if (times.size() < 2) return std::nullopt;
  std::sort(times.begin(), times.end());
  if (times.back() - times.front() <= Seconds{15 * 60}) return 1.0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i] - times[i - 1] > Seconds{45 * 60}) return 0.5;
  }
  return 0.0;
}

// An incident that goes on has no length yet, and a course only as far as it has been drawn whole.
void forget_the_future(const std::vector<Stretch>& stretches, Profile& profile) {
  const Seconds seen = stretches.back().range.end - stretches.front().range.begin;
  profile.span_hours.reset();
  if (stretches.size() == 1) profile.cut_hours.reset();
  if (seen >= kCourseStep * kCourseBins) return;
  profile.depth.clear();
  profile.on_off.clear();
}

void add_plane(const PlaneView& view, std::size_t part, Profile& profile) {
  std::optional<double>& lost = profile.signature[part];
  std::optional<double>& fell = profile.signature[part + 3];
  const double depth = view.fell ? std::clamp(view.depth.value, 0.0, 1.0) : 0.0;
  lost = std::max(lost.value_or(0), depth);
  fell = std::max(fell.value_or(0), view.fell ? 1.0 : 0.0);
}

}  // namespace

Profile profile_of(const PastCase& past) {
  Profile profile{.name = past.name};
  if (past.cuts.empty()) {
    add_days(past, profile);
  } else {
    add_cuts(past, profile);
  }
  for (std::size_t plane = 0; plane < past.saw.size(); ++plane) {
    if (!past.saw[plane]) continue;
    profile.signature[plane] = past.saw[plane]->lost;
    profile.signature[plane + 3] = past.saw[plane]->fell ? 1.0 : 0.0;
  }
  if (past.mobile) profile.signature[6] = *past.mobile == MobileRole::together ? 0.0 : 1.0;
  if (past.onset) profile.signature[7] = share_of(*past.onset);
  if (past.back) profile.signature[8] = share_of(*past.back);
  profile.trigger = past.trigger;
  profile.scope = scope_of(past.entity);
  return profile;
}

std::string_view name_of(Scope scope) {
  constexpr std::string_view kNames[] = {"a country", "a region", "a network", "a service"};
  return kNames[static_cast<std::size_t>(scope)];
}

Profile profile_of(const Incident& incident, Seconds offset, std::optional<Trigger> trigger) {
  Profile profile{.name = incident.id, .trigger = trigger};
  profile.scope = scope_of(incident);
  std::vector<Stretch> stretches;
  std::vector<Time> begins;
  const double depth = std::clamp(incident.depth.value, 0.0, 1.0);
  Time begin = incident.onset.value;
  const auto add = [&](Time end) {
    if (end <= begin) return;
    begins.push_back(begin);
    stretches.push_back({{begin, end}, depth});
  };
  for (const Window& window : incident.windows) {
    add(window.range.begin);
    begin = window.range.end;
  }
  add(incident.range().end);
  if (!stretches.empty()) {
    add_course(stretches, profile);
    add_lengths(stretches, profile);
    if (incident.open()) forget_the_future(stretches, profile);
    profile.cuts = static_cast<double>(stretches.size());
    profile.local_hour = mean_hour(begins, offset);
    const Seconds unsure = incident.onset.latest - incident.onset.earliest;
    if (unsure <= kKnownMinute) profile.sharp = share_of_sharp(begins, offset);
  }
  for (const PlaneView& view : incident.planes) {
    if (!view.judged) continue;
    if (view.plane == Plane::control) add_plane(view, 0, profile);
    if (view.plane == Plane::data) add_plane(view, 1, profile);
    if (view.signal.source().find("telescope") != std::string::npos) add_plane(view, 2, profile);
  }
  std::vector<Time> fell;
  std::vector<Time> returned;
  for (const PartView& provider : incident.providers) {
    if (!provider.judged || !provider.fell) continue;
    fell.push_back(provider.fell_at.value);
    if (provider.returned) returned.push_back(provider.returned->value);
  }
  profile.signature[7] = together(std::move(fell));
  profile.signature[8] = together(std::move(returned));
  return profile;
}

}  // namespace lightsout
