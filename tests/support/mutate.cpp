// SPDX-License-Identifier: Apache-2.0
#include "support/mutate.hpp"

#include <array>
#include <string_view>

namespace sluice::test {
namespace {

using Json = nlohmann::json;

struct Spot {
  std::string key;  ///< that the value stands below
  Json* value = nullptr;
};

/// Every mapping and list below that may be changed, in a fixed order.
void spots_below(const std::string& key, Json& value, std::vector<Spot>& spots) {
  if (!value.is_structured()) {
    return;
  }
  spots.push_back({key, &value});
  for (auto it = value.begin(); it != value.end(); ++it) {
    spots_below(value.is_object() ? it.key() : key, *it, spots);
  }
}

bool is_string_map(const std::string& key) {
  return key == "labels" || key == "annotations" || key == "matchLabels" || key == "nodeSelector";
}

}  // namespace

std::size_t Mutator::below(std::size_t end) {
  return static_cast<std::size_t>(random_()) % end;
}

void Mutator::learn(const Json& object) {
  learn_below("", object, 0);
}

void Mutator::learn_below(const std::string& key, const Json& value, int depth) {
  constexpr std::size_t most = 12;
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end(); ++it) {
      auto& values = seen_[key][it.key()];
      if (depth > 0 && values.size() < most) {
        values.push_back(*it);
      }
      learn_below(it.key(), *it, depth + 1);
    }
  } else if (value.is_array()) {
    for (const auto& element : value) {
      learn_below(key, element, depth + 1);
    }
  }
}

Json Mutator::changed(Json object) {
  const std::size_t changes = below(4) + 1;
  for (std::size_t i = 0; i < changes; ++i) {
    change(object);
  }
  return object;
}

void Mutator::change(Json& object) {
  std::vector<Spot> spots;
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (it.key() == "metadata" && it->is_object()) {
      for (const auto* const key : {"labels", "annotations"}) {
        if (it->contains(key)) {
          spots_below(key, (*it)[key], spots);
        }
      }
    } else if (it.key() != "apiVersion" && it.key() != "kind" && it.key() != "items") {
      spots_below(it.key(), *it, spots);
    }
  }
  if (spots.empty()) {
    return;
  }
  const Spot& spot = spots[below(spots.size())];
  if (spot.value->is_object()) {
    change_mapping(spot.key, *spot.value);
  } else {
    change_list(*spot.value);
  }
}

void Mutator::change_mapping(const std::string& key, Json& mapping) {
  const auto known = seen_.find(key);
  if (mapping.empty() || (below(3) == 0 && known != seen_.end())) {
    if (known == seen_.end() || known->second.empty()) {
      return;
    }
    auto member = known->second.begin();
    std::advance(member, static_cast<std::ptrdiff_t>(below(known->second.size())));
    if (!member->second.empty()) {
      mapping[member->first] = member->second[below(member->second.size())];
    }
    return;
  }
  auto member = mapping.begin();
  std::advance(member, static_cast<std::ptrdiff_t>(below(mapping.size())));
  if (below(2) == 0) {
    mapping.erase(member);
  } else if (is_string_map(key)) {
    constexpr std::array<std::string_view, 4> texts = {"", "true", "prod", "10"};
    *member = texts[below(texts.size())];
  } else if (!member->is_structured()) {
    *member = other_than(*member);
  }
}

void Mutator::change_list(Json& list) {
  if (list.empty()) {
    return;
  }
  const std::size_t at = below(list.size());
  switch (below(4)) {
    case 0:
      list.erase(at);
      return;
    case 1:
      list.push_back(Json(list[at]));
      return;
    case 2:
      list = Json::array();
      return;
    default:
      if (!list[at].is_structured()) {
        list[at] = other_than(list[at]);
      }
  }
}

Json Mutator::other_than(const Json& scalar) {
  if (scalar.is_boolean()) {
    return !scalar.get<bool>();
  }
  if (scalar.is_number()) {
    constexpr std::array<int, 8> numbers = {0, 1, 2, 10, 443, 1000, 30000, 1000650000};
    return numbers[below(numbers.size())];
  }
  constexpr std::array<std::string_view, 12> texts = {
      "",
      "true",
      "ALL",
      "nginx",
      "nginx:latest",
      "docker.io/nginx:1.2.3",
      "30s",
      "100m",
      "512Mi",
      "*.example.com",
      "default",
      "registry.example.com/a/b@sha256:"
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
  return texts[below(texts.size())];
}

}  // namespace sluice::test
