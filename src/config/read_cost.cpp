// SPDX-License-Identifier: Apache-2.0
#include "config/sections.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::config {
namespace {

using YAML::Node;

std::int64_t whole_number(Reader& r, const Node& node, const std::string& what) {
  const std::string text = r.scalar(node, what);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr std::int64_t most = 1'000'000;
  if (error != std::errc{} || end != text.data() + text.size() || number < 0 || number > most) {
    r.problem(node, what + " is no whole number from 0 to 1000000");
    return 0;
  }
  return number;
}

/// "/spec/template/spec"; only `each` may end in "/*".
std::string pointer(Reader& r, const Node& node, const std::string& what) {
  std::string text = r.text(node, what);
  if (!text.empty() &&
      (!text.starts_with('/') || text.ends_with('/') || text.find("//") != std::string::npos)) {
    r.problem(node, what + " is no JSON pointer such as /spec/template/spec");
    return {};
  }
  return text;
}

void read_amounts(Reader& r,
                  const Node& node,
                  const std::string& what,
                  std::map<std::string, std::string>& amounts) {
  std::vector<Field> fields;
  std::vector<std::string> names{"cpu", "memory", "gpu", "storage", "month"};
  // A resource of an extension is named in full; anything else must be one of the words above.
  if (node.IsMap()) {
    for (const auto& entry : node) {
      if (entry.first.IsScalar() && entry.first.Scalar().find('/') != std::string::npos) {
        names.push_back(entry.first.Scalar());
      }
    }
  }
  for (const auto& name : names) {
    fields.push_back({name, [&r, &amounts, &what, &name](const Node& v) {
                        amounts[name] = quantity(r, v, what + '.' + name);
                      }});
  }
  r.mapping(node, what, fields);
}

std::vector<Field> threshold_fields(Reader& r, const std::string& what, CostThresholds& out) {
  return {{"flags",
           [&r, what, &out](const Node& v) { read_amounts(r, v, what + ".flags", out.flags); }},
          {"limits",
           [&r, what, &out](const Node& v) { read_amounts(r, v, what + ".limits", out.limits); }},
          {"owner", [&r, what, &out](const Node& v) { out.owner = r.text(v, what + ".owner"); }}};
}

void read_rules(Reader& r, const Node& node, Cost& cost) {
  static constexpr std::array<std::string_view, 3> severities = {"note", "warn", "fail"};
  std::vector<Field> fields;
  for (const char* rule : {"gpu", "missing-requests", "quota", "unbounded"}) {
    fields.push_back({rule, [&r, &cost, rule](const Node& v) {
                        cost.rules[rule] =
                            r.choice(v, std::string("cost.rules.") + rule, severities);
                      }});
  }
  r.mapping(node, "cost.rules", fields);
}

CostKind read_kind(Reader& r, const Node& node) {
  static constexpr std::array<std::string_view, 3> roles = {"steady", "batch", "node"};
  CostKind out{.at = r.at(node)};
  const std::string what = "cost.kinds[]";
  std::vector<Field> fields = {
      {"group", [&](const Node& v) { out.group = r.text(v, what + ".group"); }},
      {"kind", [&](const Node& v) { out.kind = r.text(v, what + ".kind"); }},
      {"role", [&](const Node& v) { out.role = r.choice(v, what + ".role", roles); }},
      {"default", [&](const Node& v) { out.otherwise = whole_number(r, v, what + ".default"); }}};
  const std::array<std::pair<const char*, std::string*>, 8> pointers{{{"each", &out.each},
                                                                      {"pod", &out.pod},
                                                                      {"replicas", &out.replicas},
                                                                      {"min", &out.min},
                                                                      {"max", &out.max},
                                                                      {"times", &out.times},
                                                                      {"claims", &out.claims},
                                                                      {"suspend", &out.suspend}}};
  for (const auto& [key, target] : pointers) {
    // Names of their own: clang before 16 cannot capture a structured binding.
    fields.push_back({key, [&r, what, key = key, target = target](const Node& v) {
                        *target = pointer(r, v, what + "." + key);
                      }});
  }
  r.mapping(node, what, fields);
  r.require(node, what, {"group", "kind", "pod"});
  return out;
}

CostNodes read_pool(Reader& r, const Node& node) {
  CostNodes out;
  const std::string what = "cost.nodePools[]";
  r.mapping(node, what,
            {{"label", [&](const Node& v) { out.label = r.text(v, what + ".label"); }},
             {"value", [&](const Node& v) { out.value = r.text(v, what + ".value"); }},
             {"count", [&](const Node& v) { out.count = whole_number(r, v, what + ".count"); }}});
  r.require(node, what, {"label", "value", "count"});
  return out;
}

}  // namespace

void read_cost(Reader& r, const Node& node, Cost& cost) {
  static constexpr std::array<std::string_view, 2> units = {"hourly", "monthly"};
  auto fields = threshold_fields(r, "cost", cost.workload);
  const auto change_fields = threshold_fields(r, "cost.change", cost.change);
  const auto prices = [&](const Node& v) {
    if (v.IsSequence()) {
      r.sequence(v, "cost.prices", [&](const Node& item) {
        cost.prices.push_back(inside(r, item, "cost.prices[]"));
      });
    } else {
      cost.prices.push_back(inside(r, v, "cost.prices"));
    }
  };
  const std::vector<Field> more = {
      {"change", [&](const Node& v) { r.mapping(v, "cost.change", change_fields); }},
      {"rules", [&](const Node& v) { read_rules(r, v, cost); }},
      {"kinds",
       [&](const Node& v) {
         r.sequence(v, "cost.kinds",
                    [&](const Node& item) { cost.kinds.push_back(read_kind(r, item)); });
       }},
      {"nodes", [&](const Node& v) { cost.nodes = whole_number(r, v, "cost.nodes"); }},
      {"nodePools",
       [&](const Node& v) {
         r.sequence(v, "cost.nodePools",
                    [&](const Node& item) { cost.node_pools.push_back(read_pool(r, item)); });
       }},
      {"queueProxy",
       [&](const Node& v) {
         r.mapping(v, "cost.queueProxy",
                   {{"cpu",
                     [&](const Node& q) {
                       cost.queue_proxy_cpu = quantity(r, q, "cost.queueProxy.cpu");
                     }},
                    {"memory", [&](const Node& q) {
                       cost.queue_proxy_memory = quantity(r, q, "cost.queueProxy.memory");
                     }}});
       }},
      {"prices", prices},
      {"pricesUnit",
       [&](const Node& v) { cost.prices_unit = r.choice(v, "cost.pricesUnit", units); }}};
  fields.insert(fields.end(), more.begin(), more.end());
  r.mapping(node, "cost", fields);
}

}  // namespace sluice::config
