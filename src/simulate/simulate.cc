// SPDX-License-Identifier: Apache-2.0
#include "simulate/simulate.h"

#include <fmt/format.h>

#include "core/sha256.h"
#include "simulate/collector.h"
#include "simulate/json_text.h"
#include "simulate/services.h"
#include "simulate/tables.h"

namespace lightsout {

namespace {

struct Written {
  std::string name;
  std::size_t bytes;
  std::string sha256;
};

std::string manifest_of(const Scenario& scenario, const std::vector<Written>& files) {
  std::string text = fmt::format(
      "{{\n  \"label\": \"{}\",\n  \"scenario\": {{\"title\": {}, \"sha256\": \"{}\"}},\n"
      "  \"seed\": \"{}\",\n  \"range\": [\"{}\", \"{}\"],\n  \"files\": [",
      kSemiSynthetic, json_text(scenario.title), scenario.sha256, scenario.seed,
      format_time(scenario.range.begin), format_time(scenario.range.end));
  for (std::size_t i = 0; i < files.size(); ++i) {
    fmt::format_to(std::back_inserter(text),
                   "{}\n    {{\"name\": {}, \"bytes\": {}, \"sha256\": \"{}\"}}", i > 0 ? "," : "",
                   json_text(files[i].name), files[i].bytes, files[i].sha256);
  }
  return text + "\n  ]\n}\n";
}

}  // namespace

Status simulate(const Scenario& scenario, const ResidualPool& pool, const Sink& sink) {
  std::vector<Written> files;
  const Sink noted = [&](std::string_view name, std::string_view bytes) {
    files.push_back({std::string(name), bytes.size(), sha256_hex(bytes)});
    return sink(name, bytes);
  };
  if (Status status = write_series(scenario, draw_series(scenario, pool), noted); !status) {
    return status;
  }
  if (find_signal(scenario, "bgp") != nullptr) {
    if (Status status = write_prefix_table(scenario, noted); !status) return status;
    if (Status status = write_routes(scenario, noted); !status) return status;
  }
  if (Status status = write_services(scenario, noted); !status) return status;
  if (Status status = write_providers(scenario, noted); !status) return status;
  if (Status status = write_annotations(scenario, noted); !status) return status;
  return sink(kManifestName, manifest_of(scenario, files));
}

}  // namespace lightsout
