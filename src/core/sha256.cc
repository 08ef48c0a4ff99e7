// SPDX-License-Identifier: Apache-2.0
#include "core/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "core/check.h"

namespace lightsout {

struct Sha256::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  Context() { CHECK(md != nullptr && EVP_DigestInit_ex(md, EVP_sha256(), nullptr) == 1); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(md); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(Bytes bytes) {
  CHECK(EVP_DigestUpdate(context_->md, bytes.data(), bytes.size()) == 1);
}

namespace {

std::string hex_of(const std::array<unsigned char, 32>& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

std::string Sha256::hex() const {
  const Context copy;
  CHECK(EVP_MD_CTX_copy_ex(copy.md, context_->md) == 1);
  std::array<unsigned char, 32> digest{};
  CHECK(EVP_DigestFinal_ex(copy.md, digest.data(), nullptr) == 1);
  return hex_of(digest);
}

std::string sha256_hex(std::string_view text) {
  Sha256 hash;
  hash.add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return hash.hex();
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> digest{};
  unsigned length = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
             &length) != nullptr);
  return hex_of(digest);
}

}  // namespace lightsout
