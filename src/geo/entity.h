// Entity: who a measurement speaks about, in one spelling everywhere.
//
//   country:KZ                      a country, ISO 3166-1 alpha-2
//   region:KZ-75                    a part of one, ISO 3166-2; where a source gives only a name,
//   the
//                                   name stands there with its blanks as underscores:
//                                   region:VE-Zulia
//   asn:9198                        a network
//   asn:9198@country:KZ             the part of a network that is in a country
//   service:telegram                a service
//   service:telegram@country:KZ     a service as seen from a country, or from a network:
//   service:telegram@asn:9198
//
// The same text stands in URLs, the database, tests, logs and configuration.
//
//   const Entity entity = *Entity::parse("asn:9198@country:KZ");
//   entity.country()   // "KZ"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"
#include "net/asn.h"

namespace lightsout {

enum class EntityType { country, region, asn, service };

class Entity {
 public:
  static Result<Entity> parse(std::string_view text);

  EntityType type() const { return type_; }
  const std::string& text() const { return text_; }

  // The part before the '@' without its type: "KZ", "KZ-75", "9198", "telegram".
  std::string_view code() const;
  // The country that it lies in or is seen from, alpha-2; empty for asn:9198 and service:telegram.
  std::string_view country() const;
  // The network named in it, on either side of the '@'; Asn{0} when there is none.
  Asn asn() const;

  auto operator<=>(const Entity& other) const { return text_ <=> other.text_; }
  bool operator==(const Entity& other) const { return text_ == other.text_; }

 private:
  Entity(EntityType type, std::string text) : type_(type), text_(std::move(text)) {}

  EntityType type_;
  std::string text_;
};

}  // namespace lightsout
