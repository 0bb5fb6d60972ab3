// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include "io/files.hpp"

namespace sluice::cache {
namespace {

constexpr std::size_t head_size = 64 + 1;  ///< the digest of what follows, and a line break

}  // namespace

Key& Key::add(std::string_view part) {
  sum_.update(std::to_string(part.size()));
  sum_.update(":");
  sum_.update(part);
  return *this;
}

Key& Key::add_file(std::string_view path, const std::optional<Digest>& digest) {
  return add(path).add(digest ? hex(*digest) : "absent");
}

/// Two digits make the folder: a hundred thousand entries in one are slow on some file systems.
std::string Store::path_of(const Digest& key) const {
  const auto name = hex(key);
  return folder_ + "/" + name.substr(0, 2) + "/" + name.substr(2);
}

std::optional<std::string> Store::get(const Digest& key) const {
  auto entry = io::read_file(path_of(key));
  if (!entry || entry->size() < head_size) {
    return std::nullopt;
  }
  std::string bytes = entry->substr(head_size);
  if (hex(sha256(bytes)) + "\n" != entry->substr(0, head_size)) {
    return std::nullopt;
  }
  return bytes;
}

Status Store::put(const Digest& key, std::string_view bytes) const {
  std::string entry = hex(sha256(bytes)) + "\n";
  entry += bytes;
  return io::write_atomically(path_of(key), entry);
}

}  // namespace sluice::cache
