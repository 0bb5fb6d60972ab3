// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/value.hpp"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::model {

/// One key that a mapping may have.
struct Field {
  std::string_view key;
  std::function<void(const yaml::Value& value)> read;
};

/// Reads a file of settings strictly and keeps every problem with its place.
class Fields {
 public:
  explicit Fields(std::string file) : file_(std::move(file)) {}

  void problem(const yaml::Value& at, const std::string& message);
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

  void mapping(const yaml::Value& value,
               std::string_view what,
               std::initializer_list<Field> fields);
  void sequence(const yaml::Value& value,
                std::string_view what,
                const std::function<void(const yaml::Value& item)>& read);
  std::string text(const yaml::Value& value, std::string_view what);
  std::optional<double> number(const yaml::Value& value, std::string_view what);
  /// A number that is at least 0.
  std::optional<double> amount(const yaml::Value& value, std::string_view what);
  /// 0.01, or "1%".
  std::optional<double> share(const yaml::Value& value, std::string_view what);
  bool boolean(const yaml::Value& value, std::string_view what);
  /// The index of the value among `choices`; 0 after a problem.
  std::size_t choice(const yaml::Value& value,
                     std::string_view what,
                     std::initializer_list<std::string_view> choices);

 private:
  std::string file_;
  std::vector<std::string> problems_;
};

/// A finite double from the whole of a JSON number.
std::optional<double> to_number(std::string_view text);

}  // namespace sluice::model
