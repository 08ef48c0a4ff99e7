// Watching: what `serve` runs beside its pages with --watch and --webhook, each on its own thread.
//
//   Result<std::unique_ptr<Watching>> watching = Watching::start(options, world, store, hub, say);
//   ...
//   (*watching)->stop();   // waits for the request that is under way, at most its timeout
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/options.h"
#include "app/world.h"
#include "serve/hub.h"
#include "store/store.h"

namespace lightsout {

class Watching {
 public:
  using Say = std::function<void(std::string_view sentence)>;  // from any thread

  // `store` is the one that publishes. Neither option given: nothing runs. All must outlive it.
  static Result<std::unique_ptr<Watching>> start(const Options& options, World& world, Store& store,
                                                 Hub& hub, Say say);
  virtual ~Watching() = default;  // stops
  virtual void stop() = 0;
};

}  // namespace lightsout
