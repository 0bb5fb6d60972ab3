// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/read_value.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::cost_proxy {

Value Value::operator[](const char* member) const {
  if (!json_->is_object()) {
    fail("an object");
  }
  const auto found = json_->find(member);
  if (found == json_->end()) {
    throw NotAReport{(place_.empty() ? "it" : place_) + " has no \"" + member + '"'};
  }
  return {*found, place_ + '/' + member};
}

const std::string& Value::text() const {
  if (!json_->is_string()) {
    fail("a text");
  }
  return json_->get_ref<const std::string&>();
}

std::string Value::text_or_empty(const char* member) const {
  return json_->is_object() && json_->contains(member) ? (*this)[member].text() : std::string();
}

bool Value::truth() const {
  if (!json_->is_boolean()) {
    fail("true or false");
  }
  return json_->get<bool>();
}

std::int64_t Value::count() const {
  constexpr std::uint64_t most = std::uint64_t{1} << 62U;
  if (!json_->is_number_unsigned()) {
    fail("a whole number");
  }
  return static_cast<std::int64_t>(std::min(json_->get<std::uint64_t>(), most));
}

std::vector<std::string> Value::texts() const {
  std::vector<std::string> out;
  for (const Value& item : items()) {
    out.push_back(item.text());
  }
  return out;
}

std::vector<Value> Value::items() const {
  if (!json_->is_array()) {
    fail("a list");
  }
  std::vector<Value> out;
  for (std::size_t i = 0; i < json_->size(); ++i) {
    out.emplace_back((*json_)[i], place_ + '/' + std::to_string(i));
  }
  return out;
}

std::vector<std::pair<std::string, Value>> Value::members() const {
  if (!json_->is_object()) {
    fail("an object");
  }
  std::vector<std::pair<std::string, Value>> out;
  for (const auto& [name, value] : json_->items()) {
    out.emplace_back(name, Value(value, place_ + '/' + text::printable(name, 80)));
  }
  return out;
}

void Value::fail(const std::string& wanted) const {
  throw NotAReport{(place_.empty() ? "it" : place_) + " is not " + wanted};
}

}  // namespace sluice::cost_proxy
