// SHA-256 (FIPS 180-4) of bytes that arrive in pieces; the digest as 64 lower-case hex digits.
//
//   Sha256 hash;
//   hash.add(bytes);
//   hash.hex();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/byte_reader.h"

namespace lightsout {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(Bytes bytes);
  std::string hex() const;  // of all that was added so far

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256_hex(std::string_view text);

// HMAC-SHA-256 (RFC 2104): who knows the key made or checks it.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

}  // namespace lightsout
