// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/registry.hpp"
#include "validate/options.hpp"
#include "validate/pass.hpp"

#include <memory>
#include <string>
#include <vector>

/// Where the CustomResourceDefinitions come from that objects are checked with.
namespace sluice::validate {

/// Definitions of files, kept alive beside the registry that points into them.
struct Catalogue {
  std::vector<std::unique_ptr<const yaml::Stream>> streams;
  schema::Registry registry;
};

/// Those of --crds. What cannot be read there is a finding.
Status read_crds(const Options& options,
                 Catalogue& catalogue,
                 std::vector<diag::Finding>& findings);

/// Those of the input itself.
void add_stream_crds(const std::vector<File>& files,
                     schema::Registry& registry,
                     std::vector<diag::Finding>& findings);

/// Those in the files below `root`, for kinds that wait for one and have none yet. Nobody named
/// these files: what is no definition, or cannot be read, such as a template, is passed over.
Status read_repository(const std::string& root,
                       const Options& options,
                       const std::vector<File>& files,
                       Catalogue& catalogue,
                       std::vector<diag::Finding>& findings);

}  // namespace sluice::validate
