// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/expand.hpp"
#include "argo/memory.hpp"
#include "base/text.hpp"
#include "delivery/recorder.hpp"
#include "yaml/value.hpp"

#include <set>
#include <string>
#include <string_view>

namespace sluice::argo {

using delivery::Subject;
using text::quoted;

/// What every step of an expansion sees, and where it puts what it found.
class Context : public delivery::Recorder {
 public:
  Context(const delivery::Repository& the_repository,
          const Options& the_options,
          ParameterFiles& the_files)
      : Recorder("Argo CD", "render/argo-invalid"),
        repository(the_repository),
        options(the_options),
        files(the_files) {}

  const delivery::Repository& repository;
  const Options& options;
  ParameterFiles& files;
  std::set<std::string> assumed_urls;  ///< each is reported once
};

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
