// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/expression.hpp"
#include "policy/scalars.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

using jmespath::Expression;

/// Why an expression or a variable has no value.
struct Failure {
  enum class Kind : std::uint8_t {
    unknown_key,  ///< the object does not have it
    error,        ///< Kyverno fails there too
    unsupported,  ///< Kyverno could, this engine cannot: there is no verdict
  };
  Kind kind = Kind::error;
  std::string message;
};

/// Functions of Kyverno 1.19 that are built, over the standard ones.
const jmespath::FunctionTable& kyverno_functions();

/// Compiled expressions by their text. Not safe from several threads: each has its own.
class ExpressionCache {
 public:
  /// Errors: as Expression::compile.
  Result<std::shared_ptr<const Expression>> get(std::string_view text);

 private:
  static constexpr std::size_t most = 4096;  ///< texts that manifests make up must not pile up
  std::map<std::string, std::shared_ptr<const Expression>, std::less<>> by_text_;
};

/// What expressions of a rule may name: `request`, `images`, `element`, the variables of the rule
/// and of the values file.
class Context {
 public:
  /// Gives the value of a deferred name, or says why there is none.
  using Loader = std::function<bool(Context& context, Value& out, Failure& failure)>;

  Context(Arena& arena, ExpressionCache& cache) : arena_(&arena), cache_(&cache) {}

  [[nodiscard]] Arena& arena() { return *arena_; }

  /// `name` at the root is `value` from now on.
  void set(std::string_view name, const Value& value);
  /// Merges `value` in at a path of keys ("request", "object", "metadata"); mappings on the way are
  /// merged, all else replaced.
  void merge(std::span<const std::string_view> path, const Value& value);
  [[nodiscard]] Value get(std::string_view name) const;
  /// `loader` runs when an expression first mentions `name`: a broken variable that nobody uses
  /// does no harm.
  void defer(std::string_view name, Loader loader);

  /// Evaluates an expression against all of it.
  bool query(std::string_view text, Value& out, Failure& failure);
  bool query(const Expression& expression, Value& out, Failure& failure);
  /// Evaluates an expression against one value.
  bool search(std::string_view text, const Value& root, Value& out, Failure& failure);

  /// The state to come back to after each element of a foreach.
  struct Checkpoint {
    std::vector<Member> members;
    std::vector<bool> loaded;  ///< of each deferred name
  };
  [[nodiscard]] Checkpoint checkpoint() const;
  void restore(const Checkpoint& checkpoint);

  std::int64_t now = 0;   ///< nanoseconds since 1970 UTC; 0: the machine's clock
  bool deleting = false;  ///< request.operation is DELETE: request.object means request.oldObject

 private:
  struct Deferred {
    std::string_view name;
    Loader loader;
    bool loading = false;
  };

  bool load_mentioned(std::string_view text, Failure& failure);
  bool run(const Expression& expression, const Value& root, Value& out, Failure& failure);

  Arena* arena_;
  ExpressionCache* cache_;
  std::vector<Member> members_;
  std::vector<Deferred> deferred_;
};

/// Lays `value` over `base` at `path`, in the arena.
Value merged(Arena& arena,
             const Value& base,
             std::span<const std::string_view> path,
             const Value& value);

/// "a.b.c" or "a.\"b.c\".d" as the keys it names.
std::vector<std::string_view> dotted_path(Arena& arena, std::string_view text);

}  // namespace sluice::policy
