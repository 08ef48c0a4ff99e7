// The straight line, as functions: inputs -> series -> detections -> incidents -> report.
//
// Every command walks a part of it; none has a way of its own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/options.h"
#include "app/world.h"
#include "report/report.h"

namespace lightsout {

class Store;

struct Gathered {
  std::vector<Series> series;  // by SignalId
  std::vector<Annotation> annotations;
  std::vector<KnownNetwork> networks;
  Damage damage;
  std::vector<InputNote> notes;
};

// Reads --input, --fetch and --store into series; says on standard error what it did. When a store
// is given, what was read goes into it first and the series are those of the store.
Result<Gathered> gather(const Options& options, World& world, Store* store);

// The store of --store, or nullptr when none was asked for. While `serve` has the file open it is
// reached through the server's socket.
Result<std::unique_ptr<Store>> open_store(const Options& options, World& world);

// Gathered -> the report about options.entity. Series that have nothing to do with the entity only
// serve to notice that a whole source went dark.
Result<Report> investigate_gathered(const Options& options, World& world, Gathered gathered);

// The entity's series and those of its parts: for country:KZ also asn:9198@country:KZ,
// region:KZ-75 and service:telegram@country:KZ.
bool belongs_to(const Entity& part, const Entity& whole);

// Notes and damage on standard error, and the exit code that they ask for: kOk, kDamaged or, with
// --strict, kRuntimeError.
int say_damage(const Options& options, World& world, const Gathered& gathered);

}  // namespace lightsout
