// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace sluice::test {

/// A small GitOps repository of every kind of unit, and random edits of it: what a person may do to
/// one, mistakes included. The same seed gives the same files everywhere.
class RandomRepository {
 public:
  /// Writes the first state into `root`, which is made.
  RandomRepository(std::filesystem::path root, unsigned seed);

  /// One edit; says what it did.
  std::string edit();

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  void write(const std::string& path, const std::string& text) const;
  void write_charts() const;
  void write_apps() const;
  void write_argo() const;
  void write_flux() const;
  [[nodiscard]] std::vector<std::string> files() const;
  unsigned below(unsigned limit);
  std::string any_file();
  std::string any_of(const std::vector<std::string>& words);

  std::string change_number();
  std::string add_comment();
  std::string remove_file();
  std::string add_file();
  std::string rename_file();
  std::string edit_kustomization();
  std::string edit_application();
  std::string add_app();
  std::string change_kind();
  std::string change_shared();

  std::filesystem::path root_;
  std::mt19937 random_;
  unsigned serial_ = 0;
};

}  // namespace sluice::test
