// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "cost/delta.hpp"
#include "cost/flags.hpp"
#include "cost/report.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sluice::cost {

/// A stream with its objects, context and account; stays where it is, because all point into it.
struct Loaded {
  yaml::Stream stream;
  std::vector<diag::Finding> findings;
  std::vector<k8s::Resource> resources;
  Context context;
  Account account;

  const Workload& workload(const std::string& name) const {
    for (const auto* workload : account.workloads) {
      if (workload->key.name == name) {
        return *workload;
      }
    }
    throw std::runtime_error("no workload " + name);
  }
};

inline std::unique_ptr<Loaded> load(const std::string& text,
                                    const Options& options = {},
                                    const Prices* prices = nullptr) {
  auto loaded = std::make_unique<Loaded>();
  auto parsed = yaml::parse(text, "input.yaml");
  if (!parsed) {
    throw std::runtime_error(parsed.error().message);
  }
  loaded->stream = std::move(*parsed);
  loaded->resources = k8s::resources(loaded->stream, loaded->findings);
  loaded->context.add(loaded->resources);
  loaded->account = count(loaded->resources, {loaded->context, options, prices});
  return loaded;
}

/// The stream as sluice-render would write it, so that its provenance comments are believed.
inline std::string rendered(const std::string& documents, int objects) {
  return "# sluice: stream v1\n" + documents + "# sluice: end objects=" + std::to_string(objects) +
         " skipped=0 sha256=" + hex(sha256(documents)) + "\n";
}

/// "cpu=250m memory=1Gi": what a table says in one string.
inline std::string text_of(const Amounts& amounts) {
  std::string out;
  for (const auto& [name, quantity] : amounts) {
    out += (out.empty() ? "" : " ") + name + "=" + quantity.text();
  }
  return out;
}

/// What one pod of the first part asks for: "cpu=250m memory=1Gi".
inline std::string pod_text(const Workload& workload) {
  return text_of(workload.parts.at(0).per_pod.amounts);
}

inline std::string most_text(const Workload& workload) {
  return text_of(totals_of(workload).steady_max);
}

/// Where the amount of one resource of the first part comes from: "LimitRange defaults, limit".
inline std::string sources(const Workload& workload, std::string_view resource) {
  const auto& per_pod = workload.parts.at(0).per_pod;
  std::vector<std::string> out;
  std::uint32_t place = 0;
  for (const auto& [name, quantity] : per_pod.amounts) {
    for (const auto& [index, origin] : per_pod.origins) {
      if (name == resource && index == place) {
        out.push_back(describe(origin).what);
      }
    }
    ++place;
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return text::join(out, ", ");
}

/// The finished report of two accounts; without a base when it is nullptr.
inline Report report_of(const Loaded* base, const Loaded& head) {
  return finish(compare(base == nullptr ? nullptr : &base->account, head.account), nullptr);
}

inline std::vector<diag::Finding> flags_of(const Loaded* base,
                                           const Loaded& head,
                                           const Rules& rules = {}) {
  const auto delta = compare(base == nullptr ? nullptr : &base->account, head.account);
  return flags(delta, finish(delta, nullptr), rules);
}

/// A workload of one container without a namespace: "Deployment", "web".
inline std::string deployment(const std::string& name,
                              const std::string& cpu,
                              const std::string& spec = "") {
  return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name + "}\nspec:\n" +
         spec +
         "  template: {spec: {containers: [{name: app, image: a:1, resources: {requests: {cpu: " +
         cpu + ", memory: 1Gi}}}]}}\n";
}

}  // namespace sluice::cost
