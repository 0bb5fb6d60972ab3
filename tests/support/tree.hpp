// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/files.hpp"

#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace sluice::support {

/// A folder of files for one test, gone at its end.
class Tree {
 public:
  using Files = std::vector<std::pair<std::string, std::string>>;

  Tree() : Tree(Files{}) {}
  Tree(std::initializer_list<Files::value_type> files) : Tree(Files(files)) {}
  explicit Tree(const Files& files) : folder_(std::move(*io::TemporaryDirectory::make("test"))) {
    for (const auto& [path, text] : files) {
      (void)io::write_atomically(folder_.path() + "/" + path, text);
    }
  }

  void link(const std::string& path, const std::string& target) const {
    const std::filesystem::path place = folder_.path() + "/" + path;
    std::filesystem::create_directories(place.parent_path());
    std::filesystem::create_symlink(target, place);
  }

  [[nodiscard]] const std::string& root() const { return folder_.path(); }

 private:
  io::TemporaryDirectory folder_;
};

}  // namespace sluice::support
