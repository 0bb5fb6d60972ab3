// SPDX-License-Identifier: Apache-2.0
#include "base/in_parts.hpp"
#include "cost/delta.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <tuple>
#include <utility>

namespace sluice::cost {
namespace {

using k8s::Resource;

/// A node and the document that it lies in.
struct Value {
  const yaml::Document& document;
  const yaml::Node& node;

  [[nodiscard]] std::string canonical() const {
    std::string out;
    yaml::append_canonical_json(document, node, out);
    return out;
  }
};

bool same_value(const Value& a, const Value& b) {
  const auto left = a.document.children(a.node);
  const auto right = b.document.children(b.node);
  const bool scalars = a.node.is_scalar() && b.node.is_scalar();
  if (scalars || a.node.kind != b.node.kind || left.size() != right.size()) {
    return scalars && ((a.node.kind == b.node.kind && a.node.text == b.node.text) ||
                       a.canonical() == b.canonical());
  }
  if (a.node.kind == yaml::Kind::sequence) {
    return std::equal(left.begin(), left.end(), right.begin(), [&](const auto& x, const auto& y) {
      return same_value({a.document, x}, {b.document, y});
    });
  }
  for (std::size_t i = 0; i < left.size(); i += 2) {
    const bool in_place = left[i].text == right[i].text;  // nearly always
    const auto* other = in_place ? &right[i + 1] : b.document.find(b.node, left[i].text);
    if (other == nullptr || !same_value({a.document, left[i + 1]}, {b.document, *other})) {
      return false;
    }
  }
  return true;
}

bool same_object(const Resource& a, const Resource& b) {
  return a.document->bytes() == b.document->bytes() ||
         same_value({*a.document, *a.object}, {*b.document, *b.object});
}

using Used = std::map<KeyView, const Resource*>;

Used by_key(const Workload& workload) {
  Used out;
  for (const auto* resource : workload.used) {
    out.emplace(key_of(*resource), resource);
  }
  return out;
}

std::vector<Source> reasons(const Workload& base, const Workload& head) {
  std::set<Source> out;
  const auto before = by_key(base);
  const auto after = by_key(head);
  const auto look = [&](const Used& from, const Used& in) {
    for (const auto& [key, resource] : from) {
      const auto other = in.find(key);
      if (other == in.end() || !same_object(*resource, *other->second)) {
        const auto* newest = &from == &before && other != in.end() ? other->second : resource;
        out.insert(describe({Origin::Basis::object, newest, nullptr}));
      }
    }
  };
  look(before, after);
  look(after, before);
  if (!same_object(*base.resource, *head.resource)) {
    out.insert(describe({Origin::Basis::manifest, head.resource, nullptr}));
  }
  return {out.begin(), out.end()};
}

PartView view(const Part& part) {
  PartView out{.name = part.name,
               .per_pod = {},
               .min = part.pods.min,
               .max = part.pods.max,
               .surge = part.pods.surge,
               .role = part.pods.role,
               .bound = part.pods.bound,
               .pods_from = describe(part.pods.from),
               .qos = std::string(name(part.qos)),
               .placement = part.placement,
               .missing = part.missing};
  std::uint32_t place = 0;
  for (const auto& [resource, quantity] : part.per_pod.amounts) {
    std::vector<Origin> origins;
    for (const auto& [index, origin] : part.per_pod.origins) {
      if (index == place) {
        origins.push_back(origin);
      }
    }
    out.per_pod.push_back({resource, quantity, describe(origins)});
    ++place;
  }
  return out;
}

std::optional<Side> side_of(const Workload* workload) {
  if (workload == nullptr) {
    return std::nullopt;
  }
  Side out{.at = workload->resource->document->where(*workload->resource->object),
           .parts = {},
           .claims = workload->claims,
           .totals = totals_of(*workload),
           .notes = workload->notes};
  for (const auto& part : workload->parts) {
    out.parts.push_back(view(part));
  }
  return out;
}

Row row_of(const Pair& pair) {
  const auto& shown = pair.shown();
  Row row{.key = key_of(shown.key),
          .owners = {std::string(shown.owners.team), std::string(shown.owners.owner),
                     std::string(shown.owners.cost_center)},
          .change = pair.change,
          .was = "",
          .because = {},
          .base = side_of(pair.base),
          .head = side_of(pair.head)};
  if (pair.change == Change::changed) {
    row.because = reasons(*pair.base, *pair.head);
  } else if (pair.change == Change::renamed) {
    row.was = std::string(pair.base->key.name_space) + "/" + std::string(pair.base->key.name);
  }
  return row;
}

void count(Report& report, Change change) {
  switch (change) {
    case Change::added:
      ++report.added;
      break;
    case Change::removed:
      ++report.removed;
      break;
    case Change::changed:
      ++report.changed;
      break;
    case Change::renamed:
      ++report.renamed;
      break;
    case Change::unchanged:
      ++report.unchanged;
      break;
  }
}

void sum_up(const Delta& delta, Report& report) {
  struct Sums {
    Group group;
    Totals both;  ///< of workloads that the sides share
  };
  std::map<std::tuple<std::string_view, std::string_view, OwnersView>, Sums> groups;
  const auto sums_of = [&groups](const Workload& workload) -> Sums& {
    return groups[{workload.key.env, workload.key.name_space, workload.owners}];
  };
  for (const auto& pair : delta.pairs) {
    if (pair.base == pair.head) {
      add(sums_of(*pair.head).both, *pair.head);
      continue;
    }
    if (pair.base != nullptr) {
      add(sums_of(*pair.base).group.base, *pair.base);
    }
    if (pair.head != nullptr) {
      add(sums_of(*pair.head).group.head, *pair.head);
    }
  }
  for (auto& [key, sums] : groups) {
    auto& [group, both] = sums;
    add(group.base, both);
    add(group.head, both);
    const auto& [env, name_space, owners] = key;
    group.env = env;
    group.name_space = name_space;
    group.owners = {std::string(owners.team), std::string(owners.owner),
                    std::string(owners.cost_center)};
    add(report.base, group.base);
    add(report.head, group.head);
    report.groups.push_back(std::move(group));
  }
}

}  // namespace

Report finish(const Delta& delta, const Prices* prices, unsigned jobs) {
  std::vector<const Pair*> shown;
  Report report{.has_base = delta.base != nullptr};
  if (prices != nullptr) {
    report.prices = {prices->file, prices->currency, prices->hours_per_month};
  }
  for (const auto& pair : delta.pairs) {
    count(report, pair.change);
    if (!report.has_base || pair.change != Change::unchanged) {
      shown.push_back(&pair);
    }
  }
  constexpr std::size_t worth_a_thread = 50;  // rows
  report.rows.resize(shown.size());
  const bool alone = jobs == 1 || delta.pairs.size() < worth_a_thread;
  std::jthread sums;  // beside the rows
  if (alone) {
    sum_up(delta, report);
  } else {
    sums = std::jthread([&] { sum_up(delta, report); });
  }
  in_parts(shown.size(),
           std::clamp<std::size_t>(shown.size() / worth_a_thread, 1, alone ? 1 : jobs - 1),
           [&](std::size_t, std::size_t begin, std::size_t end) {
             for (auto i = begin; i < end; ++i) {
               report.rows[i] = row_of(*shown[i]);
             }
           });
  if (!alone) {
    sums.join();
  }
  for (const auto& [key, reason, resource] : delta.head->left_out) {
    report.not_counted.push_back(
        {key_of(key), reason, resource->document->where(*resource->object)});
  }
  return report;
}

}  // namespace sluice::cost
