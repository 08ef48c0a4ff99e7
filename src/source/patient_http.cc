// SPDX-License-Identifier: Apache-2.0
#include "source/patient_http.h"

#include <fmt/format.h>

#include <algorithm>

#include "source/ioda_answer.h"

namespace lightsout {

PatientHttp::Attempt PatientHttp::attempt(const std::string& url, std::size_t body_limit,
                                          const Judge& judge) {
  ++requests_;
  Result<HttpAnswer> answer = http_.get({.url = url, .body_limit = body_limit});
  if (!answer) {
    // The address stands in the manifest; in a sentence for people it is in the way.
    std::string trouble = answer.error().message;
    if (trouble.starts_with(url + ": ")) trouble.erase(0, url.size() + 2);
    const bool silent = answer.error().kind == ErrorKind::world;
    return {.result = {.trouble = std::move(trouble)}, .try_again = silent, .silent = silent};
  }
  const int status = answer->status;
  if (status == 200) {
    const Status judged = judge(answer->body);
    if (judged) return {{.answer = std::move(*answer)}};
    return {{std::move(*answer), judged.error().message},
            judged.error().kind == ErrorKind::malformed};
  }
  const std::string said = ioda_error_text(answer->body);
  std::string trouble =
      fmt::format("the server answered {}{}{}", status, said.empty() ? "" : ": ", said);
  // RFC 9110 section 15: these may pass; the other 4xx are about the question.
  const bool may_pass = status == 408 || status == 429 || status >= 500;
  return {{std::move(*answer), std::move(trouble)}, may_pass};
}

PatientAnswer PatientHttp::get(const std::string& url, std::size_t body_limit, const Judge& judge) {
  for (int attempts = 1;; ++attempts) {
    Attempt now = attempt(url, body_limit, judge);
    if (now.try_again && attempts < kFetchAttempts && wait(attempts, now.result)) continue;
    if (now.try_again && attempts > 1) now.result.trouble += fmt::format(" ({} times)", attempts);
    silent_ = now.silent ? silent_ + 1 : 0;
    return std::move(now.result);
  }
}

// False when waiting longer would keep people waiting for nothing.
bool PatientHttp::wait(int attempts, PatientAnswer& result) {
  if (silent_ > 0 && !result.answer) return false;  // the request before got no answer either
  Seconds wait = kFetchFirstWait * (1 << (attempts - 1));
  if (result.answer && result.answer->retry_after) {
    wait = std::max(wait, *result.answer->retry_after);
  }
  if (wait > kFetchLongestWait) {
    result.trouble += fmt::format(" and asks to come back in {}", format_duration(wait));
    return false;
  }
  if (waited_ + wait > kFetchWaitBudget) return false;
  waited_ += wait;
  clock_.sleep(wait);
  return true;
}

}  // namespace lightsout
