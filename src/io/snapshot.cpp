// SPDX-License-Identifier: Apache-2.0
#include "io/snapshot.hpp"

#include "base/text.hpp"

#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <unordered_map>

namespace sluice::io {
namespace {

constexpr std::size_t most_kept_of_one = std::size_t{1} << 20U;  ///< bytes
constexpr std::size_t most_kept = std::size_t{128} << 20U;
constexpr std::size_t longest_path = 4096;  ///< PATH_MAX: no look goes deeper

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

template <class T>
using ByPath = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

/// "a/b", as normalise_inside would give it back.
bool is_normal(std::string_view path) {
  if (path.size() >= longest_path || path.find('\0') != path.npos) {
    return false;
  }
  for (const auto part : text::split(path, '/')) {
    if (part.empty() || part == "." || part == "..") {
      return path == ".";
    }
  }
  return true;
}

/// Where a folder really lies; empty when it is not there.
std::string real_path(const std::string& folder) {
  char* const resolved = ::realpath(folder.c_str(), nullptr);
  std::string copy(resolved == nullptr ? "" : resolved);
  std::free(resolved);  // NOLINT(cppcoreguidelines-no-malloc): realpath allocates
  return copy;
}

}  // namespace

struct Snapshot::Seen {
  Result<std::string> real;
  EntryKind kind = EntryKind::other;
};

struct Snapshot::State {
  explicit State(std::string given) : root(std::move(given)), real_root(real_path(root)) {}

  const std::string root;
  const std::string real_root;
  std::mutex mutex;
  ByPath<Seen> seen;  // its elements stay where they are
  ByPath<Bytes> bytes;
  std::size_t kept = 0;
  ByPath<Digest> digests;
  ByPath<Entries> entries;
};

Snapshot::Snapshot(std::string root) : state_(std::make_unique<State>(std::move(root))) {}

Snapshot::~Snapshot() = default;

const std::string& Snapshot::root() const {
  return state_->root;
}

/// Links are rare: below a folder whose real path is known, one look at the last name is enough
/// unless that is a link. Everything else is for resolve_inside.
Snapshot::Seen Snapshot::look_anew(std::string_view path) const {
  const auto& real_root = state_->real_root;
  if (!real_root.empty() && is_normal(path)) {
    if (path == ".") {
      return {real_root, EntryKind::directory};
    }
    const auto slash = path.rfind('/');
    const auto& parent = look(slash == path.npos ? "." : path.substr(0, slash));
    if (parent.real && parent.kind == EntryKind::directory) {
      auto real = *parent.real + (parent.real->ends_with('/') ? "" : "/") +
                  std::string(slash == path.npos ? path : path.substr(slash + 1));
      const auto kind = kind_of(real);
      if (kind == EntryKind::file || kind == EntryKind::directory) {
        return {std::move(real), kind};
      }
    }
  }
  auto real = resolve_inside(state_->root, path);
  const auto kind = real ? kind_of(*real) : EntryKind::other;
  return {std::move(real), kind};
}

const Snapshot::Seen& Snapshot::look(std::string_view path) const {
  {
    const std::lock_guard lock(state_->mutex);
    if (const auto found = state_->seen.find(path); found != state_->seen.end()) {
      return found->second;
    }
  }
  auto seen = look_anew(path);
  const std::lock_guard lock(state_->mutex);
  return state_->seen.try_emplace(std::string(path), std::move(seen)).first->second;
}

Result<std::string> Snapshot::resolve(std::string_view path) const {
  return look(path).real;
}

EntryKind Snapshot::kind(std::string_view path) const {
  return look(path).kind;
}

Result<Snapshot::Bytes> Snapshot::read(std::string_view path, std::uint64_t limit) const {
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->bytes.find(path);
    if (found != state_->bytes.end() && found->second->size() <= limit) {
      return found->second;
    }
  }
  const auto& seen = look(path);
  if (!seen.real) {
    return seen.real.error();
  }
  auto read = read_file(*seen.real, limit);
  if (!read) {
    // Where the folder lies on this disk is nobody's business.
    return Error{read.error().kind,
                 text::replace_all(read.error().message, text::printable(*seen.real),
                                   text::printable(path))};
  }
  auto bytes = std::make_shared<const std::string>(std::move(*read));
  const std::lock_guard lock(state_->mutex);
  if (bytes->size() > most_kept_of_one || state_->kept + bytes->size() > most_kept) {
    return bytes;
  }
  const auto [place, added] = state_->bytes.try_emplace(std::string(path), bytes);
  state_->kept += added ? bytes->size() : 0;
  return place->second;  // of two threads that read at once, both have what the first one read
}

Result<Digest> Snapshot::digest(std::string_view path) const {
  {
    const std::lock_guard lock(state_->mutex);
    if (const auto found = state_->digests.find(path); found != state_->digests.end()) {
      return found->second;
    }
  }
  Bytes bytes;
  SLUICE_TRY_ASSIGN(bytes, read(path));
  const auto digest = sha256(*bytes);
  const std::lock_guard lock(state_->mutex);
  return state_->digests.try_emplace(std::string(path), digest).first->second;
}

Result<Snapshot::Entries> Snapshot::walk(const std::string& folder) const {
  {
    const std::lock_guard lock(state_->mutex);
    if (const auto found = state_->entries.find(folder); found != state_->entries.end()) {
      return found->second;
    }
  }
  std::vector<Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(state_->root + "/" + folder,
                                      [](std::string_view name) { return name != ".git"; }));
  auto shared = std::make_shared<const std::vector<Entry>>(std::move(entries));
  const std::lock_guard lock(state_->mutex);
  return state_->entries.try_emplace(folder, std::move(shared)).first->second;
}

}  // namespace sluice::io
