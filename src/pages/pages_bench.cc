// How fast a page is made anew from a kept picture, beside how fast its bytes alone can be copied
// and its text alone be escaped in the same run: the price of knowing what to say.
//
//   build/bench/src/pages_pages_bench
//
// Bound: a country page in 5 ms of one core, so 150 a second on each of two cores and more.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "core/check.h"
#include "pages/site.h"
#include "report/escape.h"
#include "web/made_observatory.h"

namespace lightsout {
namespace {

using Steady = std::chrono::steady_clock;
constexpr int kRounds = 200;

template <typename Work>
double median_ms(Work work) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const auto begin = Steady::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + kRounds / 2, times.end());
  return times[kRounds / 2];
}

void measure(MadeObservatory& made, const std::string& target, const Page& page) {
  const Result<WebRequest> request = parse_target(target);
  CHECK(request.ok());
  const PageContext context{.observatory = made.observatory,
                            .say = english(),
                            .request = *request,
                            .query = {},
                            .zone = {},
                            .now = made.observatory.now()};
  std::string body = page.show(context).body;  // draws and keeps the picture
  const double anew = median_ms([&] { body = page.show(context).body; });
  std::size_t bytes = 0;
  const double escaped = median_ms([&] { bytes += escape_html(body).size(); });
  CHECK(bytes > 0);
  fmt::print(
      "{:<28} {:>7} bytes  {:>7.3f} ms anew  {:>6.0f} a second on a core  x {:.1f} of "
      "escaping as many bytes\n",
      target, body.size(), anew, 1000 / anew, anew / escaped);
}

void run() {
  MadeObservatory made;
  const std::string incident = "/incident/" + made.incident_of("KZ").id;
  const std::vector<std::pair<std::string, std::string_view>> targets = {
      {"/", "/"},
      {"/country/KZ", "/country/{code}"},
      {"/country/NL", "/country/{code}"},
      {"/network/AS9198/in/KZ", "/network/{asn}/in/{code}"},
      {incident, "/incident/{id}"},
      {"/lite/country/KZ", "/lite/country/{code}"}};
  for (const auto& [target, pattern] : targets) {
    for (const Page& page : all_pages()) {
      if (page.path == pattern) measure(made, target, page);
    }
  }
}

}  // namespace
}  // namespace lightsout

int main() {
  lightsout::run();
  return 0;
}
