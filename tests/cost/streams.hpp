// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "cost/delta.hpp"
#include "cost/flags.hpp"
#include "cost/report.hpp"
#include "yaml/parse.hpp"

#include <gtest/gtest.h>

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
    for (const auto& workload : account.workloads) {
      if (workload.key.name == name) {
        return workload;
      }
    }
    throw std::runtime_error("no workload " + name);
  }
};

inline std::unique_ptr<Loaded> load(const std::string& text, const Options& options = {}) {
  auto loaded = std::make_unique<Loaded>();
  auto parsed = yaml::parse(text, "input.yaml");
  if (!parsed) {
    throw std::runtime_error(parsed.error().message);
  }
  loaded->stream = std::move(*parsed);
  loaded->resources = k8s::resources(loaded->stream, loaded->findings);
  loaded->context.add(loaded->resources);
  loaded->account = count(loaded->resources, loaded->context, options);
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
