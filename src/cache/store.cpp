// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include "io/files.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

namespace sluice::cache {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t head_size = 64 + 1;  ///< the digest of what follows, and a line break
/// A use is noted once a day: writing a time for each read would cost more than the read.
constexpr std::chrono::hours stale{24};
/// No run writes one entry for so long.
constexpr std::chrono::hours abandoned{1};

std::optional<std::string> proven(std::string entry) {
  if (entry.size() < head_size ||
      hex(sha256(std::string_view(entry).substr(head_size))) + "\n" != entry.substr(0, head_size)) {
    return std::nullopt;
  }
  return entry.substr(head_size);
}

struct Kept {
  fs::file_time_type used;
  std::uint64_t bytes;
  fs::path path;
};

/// Every entry; what a killed run left is removed on the way. Another run may remove the same
/// files: whatever fails is passed over.
std::vector<Kept> entries_of(const std::string& folder, fs::file_time_type now) {
  std::vector<Kept> found;
  std::error_code failed;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failed)) {
    std::error_code gone;
    if (!entry.is_regular_file(gone) || gone) {
      continue;
    }
    Kept kept{entry.last_write_time(gone), entry.file_size(gone), entry.path()};
    if (entry.path().filename().string().starts_with('.')) {  // a temporary name
      if (!gone && now - kept.used > abandoned) {
        fs::remove(kept.path, gone);
      }
    } else if (!gone) {
      found.push_back(std::move(kept));
    }
  }
  return found;
}

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
std::string Store::path_of(const std::string& name) const {
  return folder_ + "/" + name.substr(0, 2) + "/" + name.substr(2);
}

std::optional<std::string> Store::get(const Digest& key) const {
  const auto name = hex(key);
  const auto path = path_of(name);
  if (auto entry = io::read_file(path)) {
    if (auto bytes = proven(std::move(*entry))) {
      std::error_code ignored;
      const auto now = fs::file_time_type::clock::now();
      if (now - fs::last_write_time(path, ignored) > stale && !ignored) {
        fs::last_write_time(path, now, ignored);
      }
      return bytes;
    }
  }
  auto entry = remote_ == nullptr ? std::nullopt : remote_->get(name);
  auto bytes = entry ? proven(*entry) : std::nullopt;
  if (bytes) {
    keep(name, *entry);
  }
  return bytes;
}

void Store::put(const Digest& key, std::string_view bytes) const {
  const auto name = hex(key);
  std::string entry = hex(sha256(bytes)) + "\n";
  entry += bytes;
  keep(name, entry);
  if (remote_ != nullptr) {
    remote_->put(name, entry);
  }
}

void Store::keep(const std::string& name, std::string_view entry) const {
  grown_ = true;
  if (const auto written = io::write_atomically(path_of(name), entry); !written) {
    const std::lock_guard lock(mutex_);
    trouble_ = trouble_.empty() ? written.error().message : trouble_;
  }
}

void Store::trim() const {
  if (!grown_) {
    return;
  }
  auto kept = entries_of(folder_, fs::file_time_type::clock::now());
  std::uint64_t total = 0;
  for (const auto& entry : kept) {
    total += entry.bytes;
  }
  if (total <= most_bytes_) {
    return;
  }
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.used < b.used; });
  // A tenth more than needed, so that not every run has to.
  const auto wanted = most_bytes_ - most_bytes_ / 10;
  for (const auto& entry : kept) {
    std::error_code ignored;
    if (total > wanted && fs::remove(entry.path, ignored)) {
      total -= entry.bytes;
    }
  }
}

std::string Store::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

}  // namespace sluice::cache
