// SPDX-License-Identifier: Apache-2.0
#include "render/output.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "k8s/resource.hpp"
#include "render/stream.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

/// A file name for an environment whose name may come from a folder of the repository; "all.yaml"
/// is taken.
std::string stream_file(const std::string& env) {
  auto name = text::replace_all(text::percent_encode(env), "/", "%2F");
  if (name == "all" || name.starts_with('.')) {
    name.insert(0, "env-");
  }
  return name + ".yaml";
}

}  // namespace

Status write_streams(const std::string& folder,
                     const Chosen& chosen,
                     const std::string& all,
                     const std::string& index) {
  SLUICE_TRY(io::write_atomically(folder + "/all.yaml", all));
  SLUICE_TRY(io::write_atomically(folder + "/index.json", index));
  for (const auto& env : environments(chosen)) {
    std::vector<const Delivery*> own;
    std::copy_if(chosen.deliveries.begin(), chosen.deliveries.end(), std::back_inserter(own),
                 [&](const auto* delivery) { return delivery->unit.env == env; });
    SLUICE_TRY(io::write_atomically(folder + "/" + stream_file(env),
                                    stream_of(own, {.skipped = count_skipped(chosen, env),
                                                    .unchanged = count_unchanged(chosen, env)})));
  }
  return ok;
}

Status fill_ledger(const std::string& all,
                   const Chosen& chosen,
                   const yaml::Limits& limits,
                   unsigned jobs,
                   diag::Report& report) {
  yaml::Stream stream;
  SLUICE_TRY_ASSIGN(stream, yaml::parse(all, "stream", limits, jobs));
  std::vector<diag::Finding> ignored;
  for (const auto& resource : k8s::resources(stream, ignored)) {
    report.ledger.push_back(k8s::ledger_row(resource, "checked"));
  }
  for (const auto* delivery : chosen.deliveries) {
    if (!delivery->failure.empty()) {
      report.ledger.push_back({.env = delivery->unit.env,
                               .unit = delivery->unit.name,
                               .object = "-",
                               .digest = "",
                               .status = "skipped: " + delivery->failure});
    }
  }
  if (const auto unchanged = count_unchanged(chosen, {}); unchanged != 0) {
    // Of no unit and no environment: sluice-report knows a part by this row.
    report.ledger.push_back(
        {.object = "-",
         .digest = "",
         .status = "skipped: " + text::counted(unchanged, "unit") + " that did not change"});
  }
  for (const auto* skip : chosen.skips) {
    report.ledger.push_back({.env = skip->env,
                             .unit = skip->name,
                             .object = "-",
                             .digest = "",
                             .status = "skipped: " + skip->reason});
  }
  return ok;
}

}  // namespace sluice::render
