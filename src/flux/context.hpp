// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "flux/expand.hpp"
#include "k8s/place.hpp"
#include "yaml/value.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

/// Internal to this folder.
namespace sluice::flux {

/// The object that is being expanded.
struct Subject {
  const k8s::Resource* resource = nullptr;
  std::string unit;     ///< name of its unit
  std::string cluster;  ///< empty when unknown
  std::string chain;    ///< up to and including it
};

class Context {
 public:
  Context(const delivery::Repository& the_repository,
          const Options& the_options,
          Catalogue& the_catalogue)
      : repository(the_repository), options(the_options), catalogue(the_catalogue) {}

  /// A finding, and nothing else.
  void report(const Subject& subject,
              const yaml::Value* node,
              diag::Severity severity,
              std::string code,
              std::string message,
              std::string hint = {});
  /// The object gives no unit, because it is wrong: render/flux-invalid, and an unrenderable.
  void invalid(const Subject& subject,
               const yaml::Value* node,
               std::string message,
               std::string hint = {});
  /// The same for what is named and not there: render/failed.
  void missing(const Subject& subject, const yaml::Value* node, std::string message);
  /// `reason` may quote untrusted text; it is made printable here.
  void unrenderable(const Subject& subject, const std::string& reason);

  [[nodiscard]] diag::Location place(const Subject& subject, const yaml::Value* node) const {
    return k8s::place_of(*subject.resource, node);
  }

  const delivery::Repository& repository;
  const Options& options;
  Catalogue& catalogue;
  delivery::Expansion out;
  std::set<std::string> assumed;  ///< sources and addresses that were reported already

 private:
  void reject(const Subject& subject,
              const yaml::Value* node,
              std::string code,
              std::string message,
              std::string hint);
};

/// `text` in quotes, made safe for a message.
std::string quoted(std::string_view text);

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
