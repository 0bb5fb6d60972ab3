// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
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

/// A store behind the folder, which several machines share. Safe from several threads.
class Remote {
 public:
  virtual ~Remote() = default;
  /// Nothing when it has none, or cannot be asked. `name`: 64 hexadecimal digits.
  [[nodiscard]] virtual std::optional<std::string> get(const std::string& name) const = 0;
  virtual void put(const std::string& name, std::string_view entry) const = 0;
};

class Store {
 public:
  static constexpr std::uint64_t default_size = std::uint64_t{2} << 30U;  ///< bytes

  /// `remote` outlives the store.
  explicit Store(std::string folder,
                 std::uint64_t most_bytes = default_size,
                 const Remote* remote = nullptr)
      : folder_(std::move(folder)), most_bytes_(most_bytes), remote_(remote) {}

  /// Nothing when there is no entry, or one that is damaged.
  [[nodiscard]] std::optional<std::string> get(const Digest& key) const;

  /// Safe from several threads and processes at once. What cannot be kept is not: trouble() says
  /// why.
  void put(const Digest& key, std::string_view bytes) const;

  /// When this run kept anything: removes entries that were not used for longest until the folder
  /// is below its size, and what killed runs left behind.
  void trim() const;

  /// The first thing that could not be kept, printable; empty when there is none.
  [[nodiscard]] std::string trouble() const;

 private:
  [[nodiscard]] std::string path_of(const std::string& name) const;
  void keep(const std::string& name, std::string_view entry) const;

  std::string folder_;
  std::uint64_t most_bytes_;
  const Remote* remote_;
  mutable std::atomic<bool> grown_ = false;
  mutable std::mutex mutex_;
  mutable std::string trouble_;
};

}  // namespace sluice::cache
