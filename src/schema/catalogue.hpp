// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/compile.hpp"
#include "schema/location.hpp"
#include "yaml/parse.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::schema {

/// The bytes at an address; nothing when the server has no such file, or nobody may ask it.
using Fetch = std::function<Result<std::optional<std::string>>(const std::string& url)>;

/// The files of --schema-location: each is read once, when it is first asked for. Safe from several
/// threads.
class Catalogue {
 public:
  void add(Location location) { locations_.push_back(std::move(location)); }
  /// Who reads http and https; without it such locations hold nothing.
  void set_fetch(Fetch fetch) { fetch_ = std::move(fetch); }
  [[nodiscard]] bool empty() const { return locations_.empty(); }

  /// The first location's file for the kind; nullptr when none has one.
  [[nodiscard]] const yaml::Document* find(const GroupVersionKind& name, KubeVersion version) const;

  /// What a `$ref` of one of the files names: a file of the same location, relative to the one
  /// that names it. Nothing outside the folder (or the host) of the location is read.
  [[nodiscard]] LoadedFile load(std::string_view reference, const yaml::Document& from) const;

  /// Files that are there and cannot be used, sorted: there is no verdict without them.
  [[nodiscard]] std::vector<std::string> problems() const;

 private:
  struct File {
    std::string root;  ///< of its location: "schemas/", "https://example.com/"
    std::optional<yaml::Stream> stream;
  };
  const yaml::Document* read(const std::string& path, const std::string& root) const;

  std::vector<Location> locations_;
  Fetch fetch_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, File> files_;  ///< by path or address
  mutable std::set<std::string> problems_;
};

}  // namespace sluice::schema
