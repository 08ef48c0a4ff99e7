// Result<T>: a value, or an Error that says why there is none.
//
// Input can be anything, so a function that reads it returns a Result; nothing of ours throws.
// Looking at the value of a failed Result is our own bug and stops the program (see check.h).
//
//   Result<Prefix> prefix = Prefix::parse(text);
//   if (!prefix) return prefix.error();
//   use(*prefix);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/check.h"

namespace lightsout {

enum class ErrorKind {
  malformed,    // the bytes are not what the format says
  unsupported,  // well-formed, but a part of the format that we do not read
  not_found,    // what was asked for does not exist
  limit,        // a named maximum was reached
  usage,        // the caller (a person, mostly) asked for something that makes no sense
  world,        // disk, network, permission: outside of us
  source_gap,   // a source had nothing for us: no fault, but no answer either
};

struct Error {
  ErrorKind kind = ErrorKind::malformed;
  std::string message;  // one sentence: what, where, why, and what to do next where we know it
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(value()); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const T& value() const {
    CHECK(ok());
    return *std::get_if<T>(&state_);
  }
  T& value() {
    CHECK(ok());
    return *std::get_if<T>(&state_);
  }
  const Error& error() const {
    CHECK(!ok());
    return *std::get_if<Error>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Status is a Result without a value: done, or why not.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    CHECK(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace lightsout
