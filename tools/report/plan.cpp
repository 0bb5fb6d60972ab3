// SPDX-License-Identifier: Apache-2.0
#include "report/plan.hpp"

#include "base/text.hpp"
#include "report/scope.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace sluice::report {

namespace {

using k8s::Resource;

/// Environment, destination, group, kind, namespace, name.
using Key =
    std::tuple<std::string, std::string, std::string, std::string, std::string, std::string>;

struct Group {
  std::vector<const Resource*> base, head;
};

Key key_of(const Resource& resource, const ClusterScope& scope) {
  return {std::string(resource.env()),
          resource.document->origin().destination,
          std::string(resource.group()),
          resource.ref.kind,
          scope.has(resource) ? "" : resource.ref.name_space,
          resource.ref.name};
}

Change change_of(const Resource* base, const Resource* head) {
  const Resource& any = head != nullptr ? *head : *base;
  Change change{.kind = base == nullptr   ? Change::Kind::added
                        : head == nullptr ? Change::Kind::removed
                                          : Change::Kind::changed,
                .env = std::string(any.env()),
                .destination = any.document->origin().destination,
                .unit = std::string(any.unit()),
                .object = any.ref,
                .base = base,
                .head = head};
  if (base != nullptr && head != nullptr) {
    change.fields = changed_fields(*base, *head);
    if (base->unit() != head->unit()) {
      change.moved_from = std::string(base->unit());
    }
  }
  return change;
}

/// Takes out of both sides the pairs that `same` says are one, in order.
template <class Same>
void take_pairs(Group& group,
                const Same& same,
                std::vector<std::pair<const Resource*, const Resource*>>& pairs) {
  std::erase_if(group.head, [&](const Resource* head) {
    const auto base = std::ranges::find_if(
        group.base, [&](const Resource* candidate) { return same(*candidate, *head); });
    if (base == group.base.end()) {
      return false;
    }
    pairs.emplace_back(*base, head);
    group.base.erase(base);
    return true;
  });
}

/// Mostly one object on each side; more when an object is there twice, which validate reports.
void compare_group(Group group, std::vector<Change>& changes) {
  std::vector<std::pair<const Resource*, const Resource*>> pairs;
  std::map<const Resource*, Digest> digests;
  for (const auto* side : {&group.base, &group.head}) {
    for (const Resource* resource : *side) {
      digests[resource] = yaml::digest(*resource->document, *resource->object);
    }
  }
  const auto equal = [&digests](const Resource& a, const Resource& b) {
    return digests.at(&a) == digests.at(&b) && a.unit() == b.unit();
  };
  take_pairs(group, equal, pairs);
  pairs.clear();  // nothing happens to these
  take_pairs(
      group,
      [](const Resource& a, const Resource& b) {
        return a.ref.api_version == b.ref.api_version && a.unit() == b.unit();
      },
      pairs);
  take_pairs(group, [](const Resource&, const Resource&) { return true; }, pairs);
  for (const auto& [base, head] : pairs) {
    changes.push_back(change_of(base, head));
  }
  for (const Resource* base : group.base) {
    changes.push_back(change_of(base, nullptr));
  }
  for (const Resource* head : group.head) {
    changes.push_back(change_of(nullptr, head));
  }
}

}  // namespace

std::string_view name(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::added:
      return "added";
    case Change::Kind::removed:
      return "removed";
    case Change::Kind::changed:
      return "changed";
  }
  return "changed";
}

std::size_t Plan::count(Change::Kind kind) const {
  return static_cast<std::size_t>(std::ranges::count(changes, kind, &Change::kind));
}

std::string Plan::sentence() const {
  std::vector<std::string> words;
  for (const auto kind : {Change::Kind::added, Change::Kind::changed, Change::Kind::removed}) {
    if (const std::size_t n = count(kind); n != 0) {
      words.push_back(std::to_string(n) + ' ' + std::string(name(kind)));
    }
  }
  return words.empty() ? "no changes" : text::join(words, ", ");
}

Plan compare(const Side& base, const Side& head) {
  const ClusterScope scope({&base, &head});
  std::map<Key, Group> groups;
  for (const Resource& resource : base.resources) {
    groups[key_of(resource, scope)].base.push_back(&resource);
  }
  for (const Resource& resource : head.resources) {
    groups[key_of(resource, scope)].head.push_back(&resource);
  }
  Plan plan;
  for (auto& [key, group] : groups) {
    compare_group(std::move(group), plan.changes);
  }
  std::ranges::stable_sort(plan.changes, {}, [](const Change& change) {
    return std::tie(change.env, change.unit, change.destination, change.kind, change.object);
  });
  return plan;
}

}  // namespace sluice::report
