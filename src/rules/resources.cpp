// SPDX-License-Identifier: Apache-2.0
#include "rules/resources.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace sluice::rules {
namespace {

constexpr std::string_view huge_prefix = "hugepages-";
constexpr k8s::Int128 nano = 1'000'000'000;

bool is_huge(std::string_view name) {
  return name.starts_with(huge_prefix);
}

/// Of Kubernetes itself: without a domain, or of kubernetes.io.
bool is_native(std::string_view name) {
  return name.find('/') == std::string_view::npos ||
         name.find("kubernetes.io/") != std::string_view::npos;
}

bool may_overcommit(std::string_view name) {
  return is_native(name) && !is_huge(name);
}

/// A device or another resource of somebody else's, which comes in whole numbers.
bool is_extended(std::string_view name) {
  return !is_native(name) && !name.starts_with("requests.") &&
         has_form(Form::qualified_name, "requests." + std::string(name));
}

/// A whole number of pages, whose size the name ends with.
bool is_whole_pages(std::string_view name, k8s::Quantity amount) {
  const auto page = k8s::parse_quantity(name.substr(huge_prefix.size()));
  return page && page->nano() > 0 && page->nano() % nano == 0 &&
         amount.value() % page->value() == 0;
}

void check_amount(Object& object, const Pair& pair, k8s::Quantity amount) {
  const std::string_view name = pair.key.text;
  if (amount.nano() < 0) {
    object.invalid({&pair.value}, "schema/quantity", "not be negative");
  } else if (is_extended(name) && amount.nano() % nano != 0) {
    object.invalid({&pair.value}, "schema/quantity", "be a whole number",
                   "only cpu, memory and storage come in parts");
  } else if (is_huge(name) && !is_whole_pages(name, amount)) {
    object.invalid({&pair.value}, "schema/quantity",
                   "be a multiple of the page size that the name ends with");
  }
}

void check_request(Object& object, const Pair& request, const Node* limits, k8s::Quantity amount) {
  const std::string_view name = request.key.text;
  const Node* limit = nullptr;
  for (const auto& [key, value] : object.pairs(limits)) {
    limit = key.text == name ? &value : limit;
  }
  if (limit == nullptr) {
    if (!may_overcommit(name)) {
      object.invalid({&request.value}, "schema/quantity", "have a limit of the same amount",
                     "what cannot be overcommitted is requested through limits");
    }
    return;
  }
  const auto most = object.quantity(limit);
  if (!most) {
    return;
  }
  const std::string bound = most->text();
  if (!may_overcommit(name) && amount != *most) {
    object.invalid({&request.value}, "schema/quantity",
                   "equal the limit of " + bound + ", as this cannot be overcommitted");
  } else if (amount > *most) {
    object.invalid({&request.value}, "schema/quantity", "be at most the limit of " + bound,
                   "raise the limit or lower the request");
  }
}

bool is_compute(std::string_view name) {
  return name == "cpu" || name == "memory";
}

/// A claim as a whole, or some of its requests; not both.
bool is_new_claim(std::set<std::string>& seen, std::string_view name, std::string_view request) {
  const std::string prefix = std::string(name) + '/';
  const auto part = seen.lower_bound(prefix);
  const bool in_parts = part != seen.end() && part->starts_with(prefix);
  if (seen.contains(std::string(name)) || (request.empty() && in_parts)) {
    return false;
  }
  return seen.insert(request.empty() ? std::string(name) : prefix + std::string(request)).second;
}

void check_claims(Object& object, const Node* resources, const Names& claims) {
  std::set<std::string> seen;
  for (const Node& claim : object.items(resources, "claims")) {
    const std::string_view name = object.text(&claim, "name");
    if (name.empty()) {
      object.required(&claim, "name");
      continue;
    }
    object.form(&claim, "request", Form::dns_label);
    if (!claims.has(name)) {
      object.invalid({&claim, "name"}, "schema/reference", "be one of the pod's resourceClaims");
    }
    if (!is_new_claim(seen, name, object.text(&claim, "request"))) {
      object.duplicate({&claim, "name"}, "another claim");
    }
  }
}

}  // namespace

void check_resource_name(Object& object, At at, std::string_view name, Level level) {
  if (!has_form(Form::qualified_name, name)) {
    return object.text_form(at, name, Form::qualified_name, "schema/quantity");
  }
  const bool plain = name.find('/') == std::string_view::npos;
  if (level == Level::pod
          ? !(is_compute(name) || is_huge(name))
          : plain && !is_compute(name) && !is_huge(name) && name != "ephemeral-storage") {
    constexpr std::array<std::string_view, 3> known{"cpu", "memory", "ephemeral-storage"};
    const auto near = text::nearest(name, known);
    object.invalid(at, "schema/quantity",
                   level == Level::pod ? "name cpu, memory or huge pages"
                                       : "name a resource of containers, or one with a domain",
                   near ? "did you mean \"" + std::string(*near) +
                              "\"? devices have a domain, such as nvidia.com/gpu"
                        : "cpu, memory, ephemeral-storage, hugepages-2Mi, nvidia.com/gpu");
  } else if (!plain && !is_native(name) && !is_extended(name)) {
    object.invalid(at, "schema/quantity", "not begin with \"requests.\"");
  }
}

void check_amounts(Object& object, const Node* limits, const Node* requests, Level level) {
  bool compute = false;
  const Node* huge = nullptr;
  for (const Node* list : {limits, requests}) {
    for (const Pair pair : object.pairs(list)) {
      const std::string_view name = pair.key.text;
      check_resource_name(object, {&pair.key}, name, level);
      compute = compute || is_compute(name);
      huge = is_huge(name) ? &pair.key : huge;
      if (const auto amount = object.quantity(&pair.value)) {
        check_amount(object, pair, *amount);
        if (list == requests) {
          check_request(object, pair, limits, *amount);
        }
      }
    }
  }
  if (huge != nullptr && !compute) {
    object.forbidden({huge}, "without cpu or memory");
  }
}

void check_resources(Object& object, const Node* resources, const Names& claims, Level level) {
  if (resources != nullptr) {
    check_amounts(object, object.get(resources, "limits"), object.get(resources, "requests"),
                  level);
    check_claims(object, resources, claims);
  }
}

void check_storage_amount(Object& object, At at, const Node* amount) {
  if (const auto quantity = object.quantity(amount); quantity && quantity->nano() <= 0) {
    object.invalid(at, "schema/quantity", "be more than zero");
  }
}

void check_not_negative(Object& object, const Node* mapping, std::string_view field) {
  const Node* amount = object.get(mapping, field);
  if (const auto quantity = object.quantity(amount); quantity && quantity->nano() < 0) {
    object.invalid({mapping, field}, "schema/quantity", "not be negative");
  }
}

}  // namespace sluice::rules
