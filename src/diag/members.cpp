// SPDX-License-Identifier: Apache-2.0
#include "diag/members.hpp"

#include "base/text.hpp"

#include <limits>

namespace sluice::diag {

Json parse_strictly(std::string_view text) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&open](int /*depth*/, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == Json::parse_event_t::key &&
               !open.back().insert(parsed.get<std::string>()).second) {
      throw Unreadable{"member \"" + text::printable(parsed.get<std::string>()) +
                       "\" is there twice"};
    }
    return true;
  };
  return Json::parse(text, watch);
}

Members::Members(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
  if (!json.is_object()) {
    throw Unreadable{place_ + " is not an object"};
  }
}

const Json* Members::optional(const std::string& key) {
  asked_.insert(key);
  const auto found = json_.find(key);
  return found == json_.end() ? nullptr : &*found;
}

const Json& Members::required(const std::string& key) {
  const Json* value = optional(key);
  if (value == nullptr) {
    throw Unreadable{place_ + " has no \"" + key + '"'};
  }
  return *value;
}

std::string Members::text(const std::string& key) {
  return as_text(required(key), key);
}

std::string Members::text_or_empty(const std::string& key) {
  const Json* value = optional(key);
  return value == nullptr ? std::string() : as_text(*value, key);
}

std::uint32_t Members::number(const std::string& key) {
  return as_number(required(key), key);
}

std::uint32_t Members::number_or_zero(const std::string& key) {
  const Json* value = optional(key);
  return value == nullptr ? 0 : as_number(*value, key);
}

const Json& Members::list(const std::string& key) {
  const Json& value = required(key);
  if (!value.is_array()) {
    throw Unreadable{place_ + '/' + key + " is not a list"};
  }
  return value;
}

std::vector<std::string> Members::texts(const std::string& key) {
  std::vector<std::string> items;
  for (const Json& item : list(key)) {
    items.push_back(as_text(item, key));
  }
  return items;
}

void Members::done() const {
  for (const auto& [key, value] : json_.items()) {
    if (!asked_.contains(key)) {
      throw Unreadable{place_ + " has the unknown member \"" + text::printable(key) + '"'};
    }
  }
}

std::string Members::as_text(const Json& value, const std::string& key) const {
  if (!value.is_string()) {
    throw Unreadable{place_ + '/' + key + " is not a string"};
  }
  return value.get<std::string>();
}

std::uint32_t Members::as_number(const Json& value, const std::string& key) const {
  if (!value.is_number_unsigned() ||
      value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
    throw Unreadable{place_ + '/' + key + " is not a count"};
  }
  return value.get<std::uint32_t>();
}

}  // namespace sluice::diag
