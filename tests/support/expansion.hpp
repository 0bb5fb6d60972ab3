// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "io/files.hpp"
#include "k8s/resource.hpp"

#include <map>
#include <string>
#include <vector>

/// For the tests of argo and flux: a repository in a temporary folder, and expansions as
/// text.
namespace sluice::test {

/// Files on disk with the Repository that describes them.
class RepositoryOnDisk {
 public:
  explicit RepositoryOnDisk(const std::map<std::string, std::string>& files);

  delivery::Repository repository;

 private:
  io::TemporaryDirectory folder_;
};

/// The objects of a manifest, which is named "apps.yaml".
struct Objects {
  explicit Objects(const std::string& manifest, const std::string& file = "apps.yaml");

  yaml::Stream stream;
  std::vector<k8s::Resource> resources;
};

/// Everything in an expansion, one line for each thing; what has its usual value is left out.
std::string to_text(const delivery::Expansion& expansion);

}  // namespace sluice::test
