// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/text.hpp"
#include "delivery/recorder.hpp"
#include "flux/expand.hpp"
#include "yaml/value.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

/// Internal to this folder.
namespace sluice::flux {

using text::quoted;

struct Subject : delivery::Subject {
  std::string cluster;  ///< empty when unknown
};

class Context : public delivery::Recorder {
 public:
  Context(const delivery::Repository& the_repository,
          const Options& the_options,
          Catalogue& the_catalogue)
      : Recorder("Flux", "render/flux-invalid"),
        repository(the_repository),
        options(the_options),
        catalogue(the_catalogue) {}

  const delivery::Repository& repository;
  const Options& options;
  Catalogue& catalogue;
  std::set<std::string> assumed;  ///< sources and addresses that were reported already
};

/// The member, unless it is absent or null.
const yaml::Value* present(const yaml::Value* mapping, std::string_view key);
bool is_true(const yaml::Value* mapping, std::string_view key);

/// Where a path of a source lies in this repository; nothing after a report. `reference` is a
/// sourceRef: kind, name, namespace.
std::optional<std::string> resolve_source(Context& context,
                                          const Subject& subject,
                                          const yaml::Value* reference,
                                          const yaml::Value* path);

/// A JSON object of kustomization fields: patches (also the deprecated kinds) and images of `spec`.
void take_patches(const yaml::Value& spec, yaml::Value& fields);

/// commonMetadata as inline transformers of a kustomization: on metadata alone, not on templates.
void take_common_metadata(const yaml::Value* metadata, yaml::Value& fields);

void expand_kustomization(Context& context, const Subject& subject, const yaml::Value& object);
void expand_release(Context& context, const Subject& subject, const yaml::Value& object);

}  // namespace sluice::flux
