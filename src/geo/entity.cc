// SPDX-License-Identifier: Apache-2.0
#include "geo/entity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace lightsout {

namespace {

constexpr std::size_t kLongest = 200;  // bytes of an entity's text

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_country(std::string_view code) {
  return code.size() == 2 && is_upper(code[0]) && is_upper(code[1]);
}

std::optional<std::uint32_t> asn_of(std::string_view digits) {
  std::uint32_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (digits.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return number;
}

// Any UTF-8 letter may stand in a name; blanks, slashes and control characters may not, because
// the text is also a path in a URL.
bool is_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f || c == '/' || c == '@' || c == '"' || c == '<' || c == '>';
  });
}

bool is_place(std::string_view text) {  // what may stand behind the '@'
  if (text.starts_with("country:")) return is_country(text.substr(8));
  if (text.starts_with("asn:")) return asn_of(text.substr(4)).has_value();
  return false;
}

}  // namespace

Result<Entity> Entity::parse(std::string_view text) {
  const Error refused{
      ErrorKind::usage,
      fmt::format("'{}' is not an entity; write country:KZ, region:KZ-75, asn:9198, "
                  "asn:9198@country:KZ or service:telegram@country:KZ",
                  text.substr(0, 80))};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() > kLongest) return refused;
  const std::string_view type = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  const std::size_t at = rest.find('@');
  const std::string_view code = rest.substr(0, at);
  const bool placed = at != std::string_view::npos;
  if (placed && !is_place(rest.substr(at + 1))) return refused;

  if (type == "country" && !placed && is_country(code)) {
    return Entity(EntityType::country, std::string(text));
  }
  if (type == "region" && !placed && code.size() > 3 && is_country(code.substr(0, 2)) &&
      code[2] == '-' && is_name(code.substr(3))) {
    return Entity(EntityType::region, std::string(text));
  }
  if (type == "asn" && asn_of(code) && (!placed || rest.substr(at + 1).starts_with("country:"))) {
    return Entity(EntityType::asn, std::string(text));
  }
  if (type == "service" && is_name(code)) return Entity(EntityType::service, std::string(text));
  return refused;
}

std::string_view Entity::code() const {
  const std::string_view rest = std::string_view(text_).substr(text_.find(':') + 1);
  return rest.substr(0, rest.find('@'));
}

std::string_view Entity::country() const {
  const std::string_view text = text_;
  if (type_ == EntityType::country || type_ == EntityType::region) return code().substr(0, 2);
  const std::size_t place = text.find("@country:");
  return place == std::string_view::npos ? std::string_view{} : text.substr(place + 9);
}

Asn Entity::asn() const {
  if (type_ == EntityType::asn) return Asn{*asn_of(code())};
  const std::string_view text = text_;
  const std::size_t place = text.find("@asn:");
  return place == std::string_view::npos ? Asn{} : Asn{*asn_of(text.substr(place + 5))};
}

}  // namespace lightsout
