// SPDX-License-Identifier: Apache-2.0
// libFuzzer over the whole check of one input: reading, objects, schemas, CustomResourceDefinitions
// of the stream, rules, references. The first byte chooses the Kubernetes version and how much is
// known of what objects refer to.
#include "validate/pass.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace sluice;

void check(std::string bytes, const validate::Pass& pass, schema::Registry& registry) {
  auto stream =
      yaml::parse(std::move(bytes), "in.yaml", pass.options.limits, 1, yaml::LastLine::ended);
  if (!stream) {
    return;
  }
  validate::File file;
  file.from_render = stream->from_render;
  file.stream = std::make_unique<const yaml::Stream>(std::move(*stream));
  file.resources = k8s::resources(*file.stream, file.findings);
  validate::Slice slice{.begin = 0, .end = file.resources.size()};
  pass.check_builtin(file, slice);
  for (const auto i : slice.crds) {
    const auto& crd = file.resources[i];
    registry.add(*crd.document, *crd.object, crd.env(), file.findings);
  }
  pass.check_waiting(file, slice);
  pass.check_references(file.resources, references::Knowledge::whole, file.findings);
  pass.check_references(file.resources, references::Knowledge::part, file.findings);
  for (const auto& finding : slice.findings) {
    if (finding.code.empty() || finding.message.empty()) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const auto known = schema::kube_versions();
  const validate::Options options{.versions = {known[data[0] % known.size()]},
                                  .limits = {.depth = 100}};
  const auto versions = validate::Versions::choose(options, {});
  if (!versions) {
    std::abort();
  }
  schema::Registry registry;
  const references::Externals externals;
  check(std::string(reinterpret_cast<const char*>(data) + 1, size - 1),
        {options, *versions, registry, externals}, registry);
  return 0;
}
