// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "k8s/place.hpp"
#include "yaml/value.hpp"

#include <string>
#include <string_view>

namespace sluice::delivery {

/// The object that is being expanded, for pointing at it.
struct Subject {
  const k8s::Resource* resource = nullptr;  ///< as it stands in the repository
  std::string name;  ///< of its unit; an Application that a set generates has another than resource
  std::string chain;  ///< up to and including `name`
};

/// Where an expander puts what it found.
class Recorder {
 public:
  /// `system`: "Argo CD" or "Flux"; `invalid_code`: of findings about objects that it would refuse.
  Recorder(std::string_view system, std::string_view invalid_code)
      : system_(system), invalid_code_(invalid_code) {}

  [[nodiscard]] std::string_view system() const { return system_; }

  /// A finding at `node`, or at the object when `node` has no place.
  void report(const Subject& subject,
              const yaml::Value* node,
              diag::Severity severity,
              std::string code,
              std::string message,
              std::string hint = {});
  /// An error of the invalid code, and nothing else: what is right of the object is still rendered.
  void wrong(const Subject& subject,
             const yaml::Value* node,
             std::string message,
             std::string hint = {});
  /// The object (or one of its sources) gives nothing because it is wrong: the same error, and an
  /// unrenderable.
  void invalid(const Subject& subject,
               const yaml::Value* node,
               std::string message,
               std::string hint = {});
  /// The same for what is named and not there: a render/failed.
  void missing(const Subject& subject, const yaml::Value* node, std::string message);
  /// The same with a code of its own.
  void reject(const Subject& subject,
              const yaml::Value* node,
              std::string code,
              std::string message,
              std::string hint);
  /// An unrenderable without a finding. `reason` may quote untrusted text; it is made printable
  /// here.
  void unrenderable(const Subject& subject, const std::string& reason);
  void unrenderable(const Subject& subject, std::string name, const std::string& reason);
  void input(const std::string& path) { out.inputs.push_back(path); }

  [[nodiscard]] static diag::Location place(const Subject& subject, const yaml::Value* node) {
    return k8s::place_of(*subject.resource, node);
  }

  Expansion out;

 private:
  std::string_view system_;
  std::string_view invalid_code_;
};

}  // namespace sluice::delivery
