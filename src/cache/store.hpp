// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Bytes under the digest of everything that they were made from, in a folder that several runs may
/// share. An entry is written whole or not at all and proves itself when it is read, so that a run
/// that was killed, a full disk or a foreign hand cost a render and never a wrong one.
namespace sluice::cache {

/// Makes a key out of named parts. Each part is preceded by its length: ("ab", "c") and ("a", "bc")
/// are two keys.
class Key {
 public:
  explicit Key(std::string_view format) { add(format); }
  Key& add(std::string_view part);
  /// A file by its path and digest; nothing for one that was looked for and is not there.
  Key& add_file(std::string_view path, const std::optional<Digest>& digest);
  Digest finish() { return sum_.finish(); }

 private:
  Sha256 sum_;
};

class Store {
 public:
  explicit Store(std::string folder) : folder_(std::move(folder)) {}

  /// Nothing when there is no entry, or one that is damaged.
  [[nodiscard]] std::optional<std::string> get(const Digest& key) const;

  /// Safe from several threads and processes at once. Errors: io.
  [[nodiscard]] Status put(const Digest& key, std::string_view bytes) const;

 private:
  [[nodiscard]] std::string path_of(const Digest& key) const;

  std::string folder_;
};

}  // namespace sluice::cache
