// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "config/reader.hpp"
#include "model/subject.hpp"
#include "yaml/value.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::model {
namespace {

using yaml::Value;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string at(const std::string& file, const Value& value) {
  return text::printable(file) + ':' + std::to_string(std::max(1U, value.line)) + ": ";
}

Error refuse(const std::string& file, const Value& value, const std::string& why) {
  return {Error::Kind::parse, at(file, value) + why};
}

Status read_numbers(const Value& metrics, const std::string& file, Subject& subject) {
  for (const auto& [name, value] : metrics.members) {
    const std::string shown = "metric " + text::quoted(name, 80);
    if (value.kind != yaml::Kind::integer && value.kind != yaml::Kind::real) {
      return refuse(file, value,
                    shown + " is no number" +
                        (value.is_string() ? " but the text " + text::quoted(value.text, 40) : ""));
    }
    const auto number = config::to_number(value.text);
    if (!number || !is_finite_metric(*number)) {
      return refuse(file, value, shown + " is not finite");
    }
    subject.metrics.emplace(name, *number);
  }
  return ok;
}

/// The text of an optional member of a given length in hexadecimal digits.
Status read_hex(const Value& root,
                std::string_view key,
                std::initializer_list<std::size_t> lengths,
                const std::string& file,
                std::string& into) {
  const Value* const value = root.find(key);
  if (value == nullptr) {
    return ok;
  }
  if (!value->is_string() || !is_hex(value->text) ||
      std::ranges::find(lengths, value->text.size()) == lengths.end()) {
    return refuse(file, *value,
                  text::quoted(key) + " is no whole digest in lower-case hexadecimal digits");
  }
  into = value->text;
  return ok;
}

}  // namespace

bool is_finite_metric(double value) {
  return std::isfinite(value) && std::abs(value) < 1.7976931348623157e308;
}

Result<Subject> read_metrics(std::string bytes, const std::string& file) {
  const auto first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) {
    return Error{Error::Kind::parse, text::printable(file) + " is empty"};
  }
  Value root;
  // What Python's json module writes by default, and what no JSON reader takes.
  const bool has_nan =
      bytes.find("NaN") != std::string::npos || bytes.find("Infinity") != std::string::npos;
  // Only a name that ends in .json keeps the reader from trying YAML, which has NaN.
  const std::string name = file.ends_with(".json") ? file : file + " (as x.json)";
  auto parsed = yaml::parse_value(std::move(bytes), name);
  if (!parsed) {
    parsed.error().message += has_nan ? " (a metric that is NaN or Infinity is no metric)" : "";
    return std::move(parsed.error());
  }
  root = std::move(*parsed);
  if (!root.is_mapping() || root.style != yaml::Style::json) {
    return refuse(file, root, "this is no JSON object");
  }
  const Value* const metrics = root.find("metrics");
  if (metrics == nullptr || !metrics->is_mapping() || metrics->members.empty()) {
    return refuse(file, root, "there is no \"metrics\" object with a metric in it");
  }
  Subject subject{.source = file};
  SLUICE_TRY(read_numbers(*metrics, file, subject));
  SLUICE_TRY(read_hex(root, "git_commit", {40, 64}, file, subject.commit));
  SLUICE_TRY(read_hex(root, "model_sha256", {64}, file, subject.model_sha256));
  if (!subject.model_sha256.empty()) {
    subject.model_sha256 = "sha256:" + subject.model_sha256;
  }
  if (const Value* const data = root.find("data"); data != nullptr) {
    if (!data->is_mapping()) {
      return refuse(file, *data, "\"data\" is no object");
    }
    SLUICE_TRY(read_hex(*data, "sha256", {64}, file, subject.data));
  }
  if (const Value* const split = root.find("split"); split != nullptr) {
    subject.split = yaml::to_json(*split);
  }
  return subject;
}

}  // namespace sluice::model
