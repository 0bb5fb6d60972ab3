// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sluice {

/// Why a tool could not do its work. What is wrong with the *user's manifests* is never an Error;
/// that is a diag::Finding.
struct Error {
  /// What a caller may branch on. Everything else goes into `message`.
  enum class Kind : std::uint8_t { usage, not_found, io, parse, subprocess, limit, unsupported };

  Kind kind = Kind::io;
  std::string message;  ///< One sentence that names the file or command; no final full stop.
};

/// A T, or the Error that prevented it. The names are those of std::expected (g++ 12 has it in
/// C++23 mode only), so that leaving this class is a mechanical edit.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// The value. Asking when there is none is a bug: run_tool reports the exception as one.
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  Error& error() { return std::get<1>(state_); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
using Status = Result<std::monostate>;
inline const Status ok{std::monostate{}};

/// The same error with the step that met it in front: "render apps/web: helm: ...".
inline Error in_context(std::string_view step, Error error) {
  error.message = std::string(step) + ": " + error.message;
  return error;
}

}  // namespace sluice

/// Returns the Error of `expr` to the caller, if there is one.
#define SLUICE_TRY(expr)                               \
  do {                                                 \
    if (auto sluice_result = (expr); !sluice_result) { \
      return std::move(sluice_result.error());         \
    }                                                  \
  } while (false)

/// `var` must be declared: `Quantity cpu; SLUICE_TRY_ASSIGN(cpu, parse_quantity(text));`
#define SLUICE_TRY_ASSIGN(var, expr)           \
  do {                                         \
    auto sluice_result = (expr);               \
    if (!sluice_result) {                      \
      return std::move(sluice_result.error()); \
    }                                          \
    (var) = std::move(*sluice_result);         \
  } while (false)
