// SPDX-License-Identifier: Apache-2.0
#include "validate/definitions.hpp"

#include "manifests/input.hpp"

#include <set>
#include <utility>

namespace sluice::validate {
namespace {

using Kind = std::pair<std::string, std::string>;  ///< group and kind

bool is_definition(const k8s::Resource& resource) {
  return resource.ref.kind == "CustomResourceDefinition";
}

/// The bytes of a file, or nothing when no definition can be in it: a folder may hold much else.
Result<std::string> read_candidate(const manifests::Input& input, const Options& options) {
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, manifests::read_bytes(input, options.limits.stream_bytes));
  return bytes.find("CustomResourceDefinition") == std::string::npos ? std::string{} : bytes;
}

/// The objects of a stream that the catalogue keeps from now on.
std::vector<k8s::Resource> keep(yaml::Stream stream, Catalogue& catalogue) {
  catalogue.streams.push_back(std::make_unique<const yaml::Stream>(std::move(stream)));
  std::vector<diag::Finding> ignored;  // files beside the definitions are not what was asked about
  return k8s::resources(*catalogue.streams.back(), ignored);
}

Kind defined_by(const k8s::Resource& crd) {
  return {std::string(crd.document->text(*crd.object, {"spec", "group"})),
          std::string(crd.document->text(*crd.object, {"spec", "names", "kind"}))};
}

std::set<Kind> kinds_without_definition(const std::vector<File>& files,
                                        const schema::Registry& registry) {
  std::set<Kind> out;
  for (const File& file : files) {
    for (const Slice& slice : file.slices) {
      for (const std::size_t i : slice.waiting) {
        const k8s::Resource& resource = file.resources[i];
        if (!registry.defines({resource.group(), resource.version(), resource.ref.kind})) {
          out.emplace(resource.group(), resource.ref.kind);
        }
      }
    }
  }
  return out;
}

}  // namespace

Status read_crds(const Options& options,
                 Catalogue& catalogue,
                 std::vector<diag::Finding>& findings) {
  std::vector<manifests::Input> inputs;
  SLUICE_TRY_ASSIGN(inputs, manifests::find_inputs(options.crds));
  for (const manifests::Input& input : inputs) {
    std::string bytes;
    SLUICE_TRY_ASSIGN(bytes, read_candidate(input, options));
    yaml::Stream stream;
    SLUICE_TRY_ASSIGN(stream, yaml::parse(std::move(bytes), input.label, options.limits));
    findings.insert(findings.end(), stream.findings.begin(), stream.findings.end());
    for (const k8s::Resource& resource : keep(std::move(stream), catalogue)) {
      if (is_definition(resource)) {
        catalogue.registry.add(*resource.document, *resource.object, {}, findings);
      }
    }
  }
  return ok;
}

void add_stream_crds(const std::vector<File>& files,
                     schema::Registry& registry,
                     std::vector<diag::Finding>& findings) {
  for (const File& file : files) {
    for (const Slice& slice : file.slices) {
      for (const std::size_t i : slice.crds) {
        const k8s::Resource& crd = file.resources[i];
        registry.add(*crd.document, *crd.object, crd.env(), findings);
      }
    }
  }
}

Status read_repository(const std::string& root,
                       const Options& options,
                       const std::vector<File>& files,
                       Catalogue& catalogue,
                       std::vector<diag::Finding>& findings) {
  const auto wanted = kinds_without_definition(files, catalogue.registry);
  if (root.empty() || wanted.empty()) {
    return ok;
  }
  std::vector<manifests::Input> inputs;
  SLUICE_TRY_ASSIGN(inputs, manifests::find_inputs({root}));
  for (const manifests::Input& input : inputs) {
    auto bytes = read_candidate(input, options);
    auto stream = yaml::parse(bytes ? std::move(*bytes) : "", input.label, options.limits);
    if (!stream || stream->documents.empty() || !stream->findings.empty()) {
      continue;
    }
    for (const k8s::Resource& resource : keep(std::move(*stream), catalogue)) {
      if (is_definition(resource) && wanted.contains(defined_by(resource))) {
        catalogue.registry.add(*resource.document, *resource.object, {}, findings);
      }
    }
  }
  return ok;
}

}  // namespace sluice::validate
