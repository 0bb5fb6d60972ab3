// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "jmespath/functions.hpp"
#include "jmespath/value.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// JMESPath (https://jmespath.org/specification.html) over manifests and computed values.
namespace sluice::jmespath {

/// What a field that an object does not have is.
enum class Dialect : std::uint8_t {
  standard,  ///< null
  /// Kyverno's: an error, which turns into null inside comparators, function arguments, ||, the
  /// left of &&, !, multiselects, pipes, projections and filters. So `a.b || 'x'` has a default and
  /// `a.b` alone must exist. A field of null or of a scalar is null in both dialects.
  kyverno,
};

enum class Outcome : std::uint8_t {
  ok,
  unknown_key,  ///< only in Dialect::kyverno
  error,
};

/// An expression, compiled once and evaluated many times; immutable, so safe from several threads.
class Expression {
 public:
  /// Errors: parse (not an expression, with the byte), unsupported (a function that `functions`
  /// does not have).
  static Result<Expression> compile(std::string_view text, const FunctionTable& functions);

  [[nodiscard]] const std::string& text() const { return *text_; }
  [[nodiscard]] const Node& root() const { return *root_; }

 private:
  Expression() = default;

  std::unique_ptr<Arena> arena_;
  std::unique_ptr<std::string> text_;
  const Node* root_ = nullptr;
};

/// One evaluation: where its values live, and why it failed. Cheap to make.
class Evaluation {
 public:
  Evaluation(Arena& arena, Dialect dialect) : arena_(arena), dialect_(dialect) {}

  Outcome run(const Expression& expression, const Value& root, Value& out) {
    return execute(expression.root(), root, out);
  }
  /// For functions that take an expression: `&name`.
  Outcome execute(const Node& node, const Value& current, Value& out);

  [[nodiscard]] Arena& arena() { return arena_; }
  /// One sentence, printable only after printable(): it may quote the manifest.
  [[nodiscard]] const std::string& error() const { return error_; }
  /// For what a function cannot do here although its dialect's own engine could.
  Outcome fail_unsupported(std::string message) {
    unsupported_ = true;
    return fail(std::move(message));
  }
  [[nodiscard]] bool is_unsupported() const { return unsupported_; }
  /// The time for functions that ask for it, in nanoseconds since 1970 UTC; 0: nobody has set one.
  std::int64_t now = 0;
  Outcome fail(std::string message) {
    error_ = std::move(message);
    return Outcome::error;
  }

 private:
  Outcome field(const Node& node, const Value& current, Value& out);
  Outcome compare(const Node& node, const Value& current, Value& out);
  Outcome project(const Node& node, const Value& current, Value& out);
  Outcome collect(const Node& node, std::span<const Value> elements, Value& out);
  Outcome flatten(const Node& node, const Value& current, Value& out);
  Outcome slice(const Node& node, const Value& current, Value& out);
  Outcome multiselect(const Node& node, const Value& current, Value& out);
  Outcome logic(const Node& node, const Value& current, Value& out);
  Outcome call(const Node& node, const Value& current, Value& out);
  /// As execute(), but an unknown key is null.
  Outcome lenient(const Node& node, const Value& current, Value& out);

  Arena& arena_;
  Dialect dialect_;
  std::string error_;
  bool unsupported_ = false;
};

}  // namespace sluice::jmespath
