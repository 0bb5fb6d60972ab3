// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"

#include <nlohmann/json_fwd.hpp>
#include <yaml-cpp/yaml.h>

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Reading a configuration file strictly: every problem is kept with its place, so that a person
/// sees all of them at once.
namespace sluice::config {

/// One key that a mapping may have.
struct Field {
  std::string_view key;
  std::function<void(const YAML::Node& value)> read;
};

/// Reads a file; or, made by schema_of(), walks through everything that could be read and writes
/// down what it would take, so that the schema for editors cannot disagree with the reader.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  [[nodiscard]] diag::Location at(const YAML::Node& node) const;
  /// Keeps a problem: "sluice.yaml:3:1: message".
  void problem(const YAML::Node& node, const std::string& message);
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

  /// Calls `read` of each key that is there; the others are problems, with a suggestion. `what`
  /// names the mapping in messages: "environments[]".
  void mapping(const YAML::Node& node, std::string_view what, std::span<const Field> fields);
  void mapping(const YAML::Node& node, std::string_view what, std::initializer_list<Field> fields) {
    mapping(node, what, std::span<const Field>(fields.begin(), fields.size()));
  }
  /// Calls `read` for each item.
  void sequence(const YAML::Node& node,
                std::string_view what,
                const std::function<void(const YAML::Node& item)>& read);

  /// Calls `read` for each item of a list, or for the value itself when it is none.
  void one_or_more(const YAML::Node& node,
                   std::string_view what,
                   const std::function<void(const YAML::Node& item)>& read);

  /// A string that is not empty. What YAML reads as a number, boolean or null must be quoted.
  std::string text(const YAML::Node& node, std::string_view what);
  std::vector<std::string> texts(const YAML::Node& node, std::string_view what);
  /// One of `choices`.
  std::string choice(const YAML::Node& node,
                     std::string_view what,
                     std::span<const std::string_view> choices);
  /// A scalar as it is written, quoted or not: a number, a date. Empty after a problem.
  std::string scalar(const YAML::Node& node, std::string_view what);
  /// A finite number, not quoted.
  std::optional<double> number(const YAML::Node& node, std::string_view what);
  /// true or false, not quoted.
  bool boolean(const YAML::Node& node, std::string_view what);
  /// Says that `key` of the mapping is missing, when it is.
  void require(const YAML::Node& mapping,
               std::string_view what,
               std::initializer_list<const char*> keys);
  /// What the value just read looks like, for editors (a regular expression of ECMA 262 and RE2);
  /// whoever read it has checked it more exactly.
  void looks_like(std::string_view pattern);

 private:
  friend std::string schema_of(std::string_view title,
                               const std::function<void(Reader&, const YAML::Node& root)>& read);
  /// Goes on with `read` in the schema of a part of the current one.
  void describe(nlohmann::ordered_json& part, const std::function<void()>& read);

  std::string file_;
  std::vector<std::string> problems_;
  nlohmann::ordered_json* schema_ = nullptr;  ///< of the value being read; set while describing
};

/// The JSON Schema (draft 7, which editors know) of what `read` takes. It accepts everything that
/// `read` accepts; what only `read` can judge (dates, references between parts) it lets pass.
std::string schema_of(std::string_view title,
                      const std::function<void(Reader& reader, const YAML::Node& root)>& read);

/// A finite double from the whole of a JSON number.
std::optional<double> to_number(std::string_view text);

/// "; did you mean \"x\"?", or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace sluice::config
