// PatientHttp: one GET that is tried again when trying again can help, and not for ever.
//
// Tried again: no answer, an answer cut short, and the statuses 408, 429 and 5xx. The waits are
// 2 s, 4 s, 8 s, or what the server asks for in Retry-After, up to a limit; all waits of one run
// together have a limit too. There is no jitter: one client is no herd, and the same trouble gives
// the same requests at the same moments.
//
//   PatientHttp http(outside, clock);
//   const PatientAnswer got = http.get(url, limit, judge);
//   if (!got.trouble.empty()) ...   // half a sentence for people
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/http.h"

namespace lightsout {

constexpr int kFetchAttempts = 4;                              // for one request
constexpr Seconds kFetchFirstWait{2};                          // doubled each time
constexpr Seconds kFetchLongestWait{120};                      // who asks for more is left alone
constexpr Seconds kFetchWaitBudget = std::chrono::minutes{5};  // of all waits in one run

struct PatientAnswer {
  std::optional<HttpAnswer> answer;  // the last one that arrived, good or bad
  std::string trouble;               // empty: `answer` has status 200 and the judge was content
};

class PatientHttp {
 public:
  // Says what is wrong with a body of status 200. An Error of kind malformed is tried again, since
  // an answer cut short looks like that; any other is final.
  using Judge = std::function<Status(const std::string& body)>;

  PatientHttp(Http& http, Clock& clock) : http_(http), clock_(clock) {}

  PatientAnswer get(const std::string& url, std::size_t body_limit, const Judge& judge);

  std::size_t requests() const { return requests_; }
  // Calls of get() in a row, the last included, that got no answer of any kind.
  int silent() const { return silent_; }

 private:
  struct Attempt {
    PatientAnswer result;
    bool try_again = false;
    bool silent = false;  // nothing came back at all
  };
  Attempt attempt(const std::string& url, std::size_t body_limit, const Judge& judge);
  bool wait(int attempts, PatientAnswer& result);

  Http& http_;
  Clock& clock_;
  Seconds waited_{0};
  std::size_t requests_ = 0;
  int silent_ = 0;
};

}  // namespace lightsout
