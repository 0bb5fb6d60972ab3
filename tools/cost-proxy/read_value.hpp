// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sluice::cost_proxy {

/// Why a text is no report; caught in read_report().
struct NotAReport {
  std::string reason;
};

/// A value of a report with its place, for messages. Whatever is not as asked throws NotAReport.
class Value {
 public:
  Value(const nlohmann::json& json, std::string place) : json_(&json), place_(std::move(place)) {}

  Value operator[](const char* member) const;

  [[nodiscard]] bool is_null() const { return json_->is_null(); }
  [[nodiscard]] const std::string& text() const;
  /// Of a member; empty when it is not there.
  [[nodiscard]] std::string text_or_empty(const char* member) const;
  [[nodiscard]] bool truth() const;
  /// A whole number, at most 2^62.
  [[nodiscard]] std::int64_t count() const;
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] std::vector<Value> items() const;
  [[nodiscard]] std::vector<std::pair<std::string, Value>> members() const;

  [[noreturn]] void fail(const std::string& wanted) const;

 private:
  const nlohmann::json* json_;
  std::string place_;
};

}  // namespace sluice::cost_proxy
