// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/expand.hpp"
#include "k8s/place.hpp"
#include "yaml/value.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sluice::argo {

/// The object that is being expanded, for pointing at it.
struct Subject {
  const k8s::Resource* resource = nullptr;  ///< as it stands in the repository
  std::string name;   ///< of the Application: generated ones differ from resource's
  std::string chain;  ///< up to and including `name`
};

/// Files of parameters, read and parsed once: ApplicationSets often share them.
class ParameterFiles {
 public:
  /// Errors: not_found, io, limit (16 MiB), parse, usage (a link out of the repository).
  Result<yaml::Value> read(const std::string& root, const std::string& path);

 private:
  std::map<std::string, Result<yaml::Value>> read_;
};

/// What every step of an expansion sees, and where it puts what it found.
class Context {
 public:
  Context(const delivery::Repository& the_repository,
          const Options& the_options,
          ParameterFiles& the_files)
      : repository(the_repository), options(the_options), files(the_files) {}

  /// The object (or one of its sources) gives nothing because it is wrong: a render/argo-invalid at
  /// `node`, or at the object when `node` has no place, and an unrenderable.
  void invalid(const Subject& subject,
               const yaml::Value* node,
               std::string message,
               std::string hint = {});
  /// The same for what is named and not there: a render/failed.
  void missing(const Subject& subject, const yaml::Value* node, std::string message);
  /// A finding, and nothing else.
  void report(const Subject& subject,
              const yaml::Value* node,
              diag::Severity severity,
              std::string code,
              std::string message,
              std::string hint = {});
  /// `reason` may quote untrusted text; it is made printable here.
  void unrenderable(const Subject& subject, std::string name, const std::string& reason);
  void reject(const Subject& subject,
              const yaml::Value* node,
              std::string code,
              std::string message,
              std::string hint);
  void input(const std::string& path) { out.inputs.push_back(path); }

  [[nodiscard]] diag::Location place(const Subject& subject, const yaml::Value* node) const {
    return k8s::place_of(*subject.resource, node);
  }

  const delivery::Repository& repository;
  const Options& options;
  ParameterFiles& files;
  delivery::Expansion out;
  std::set<std::string> assumed_urls;  ///< each is reported once
};

/// `text` in quotes, made safe for a message.
std::string quoted(std::string_view text);

/// Whether `url` is this repository; an assumed one is reported once. An unrenderable is added when
/// it is not.
bool follow_repository(Context& context,
                       const Subject& subject,
                       const yaml::Value* at,
                       std::string_view url,
                       const std::string& path);

/// A note when `revision` is not what is checked out.
void note_revision(Context& context,
                   const Subject& subject,
                   const yaml::Value* at,
                   std::string_view revision);

/// The units of one Application. `application` has metadata and spec.
void expand_application(Context& context, const Subject& subject, const yaml::Value& application);

}  // namespace sluice::argo
