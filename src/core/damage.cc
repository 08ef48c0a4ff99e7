// SPDX-License-Identifier: Apache-2.0
#include "core/damage.h"

#include <utility>

namespace lightsout {

void Damage::add(DamagedPart part) {
  ++count_;
  bytes_ += part.bytes;
  if (parts_.size() < kKept) parts_.push_back(std::move(part));
}

void Damage::merge(const Damage& other) {
  count_ += other.count_;
  bytes_ += other.bytes_;
  for (const DamagedPart& part : other.parts_) {
    if (parts_.size() < kKept) parts_.push_back(part);
  }
}

}  // namespace lightsout
