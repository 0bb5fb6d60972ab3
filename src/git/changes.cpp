// SPDX-License-Identifier: Apache-2.0
#include "git/changes.hpp"

#include "base/sha256.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::git {

namespace {

constexpr std::string_view magic = "sluice changes 1\n";
constexpr std::uint32_t anything = 0;  ///< instead of more hashes than are kept of one commit
constexpr std::size_t most_of_one = 256;
constexpr std::size_t most_commits = 2'000'000;
constexpr std::size_t most_hashes = 50'000'000;
constexpr std::uint64_t longest_file = std::uint64_t{512} << 20U;

constexpr std::uint32_t fnv_basis = 2'166'136'261;

std::uint32_t fnv(std::uint32_t state, std::string_view bytes) {
  for (const char c : bytes) {
    state = (state ^ static_cast<unsigned char>(c)) * 16'777'619;
  }
  return state;
}

std::uint32_t as_kept(std::uint32_t state) {
  return state == anything ? 1 : state;
}

/// Git's order of names, in which a folder ends in '/'.
int order(const TreeEntry& a, const TreeEntry& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  if (const int first = std::memcmp(a.name.data(), b.name.data(), common); first != 0) {
    return first;
  }
  const auto next = [common](const TreeEntry& entry) {
    return entry.name.size() > common ? static_cast<unsigned char>(entry.name[common])
           : entry.is_folder()        ? static_cast<unsigned char>('/')
                                      : 0;
  };
  return next(a) - next(b);
}

/// The paths in which two trees differ, folders too.
class Difference {
 public:
  explicit Difference(git_odb* odb) : odb_(odb) {}

  Result<std::vector<std::uint32_t>> of(const std::optional<git_oid>& before,
                                        const git_oid& after) {
    hashes_.clear();
    SLUICE_TRY(folder(before, after, fnv_basis));
    if (hashes_.size() > most_of_one) {
      hashes_ = {anything};
    }
    return std::move(hashes_);
  }

 private:
  using Side = std::optional<git_oid>;

  Status folder(const Side& before, const Side& after, std::uint32_t prefix) {
    ObjectBytes left_object;
    ObjectBytes right_object;
    std::string_view left_bytes;
    std::string_view right_bytes;
    if (before) {
      SLUICE_TRY_ASSIGN(left_object, read_object(odb_, *before, GIT_OBJECT_TREE));
      left_bytes = bytes_of(left_object);
    }
    if (after) {
      SLUICE_TRY_ASSIGN(right_object, read_object(odb_, *after, GIT_OBJECT_TREE));
      right_bytes = bytes_of(right_object);
    }
    std::optional<TreeEntry> left = next_entry(left_bytes);
    std::optional<TreeEntry> right = next_entry(right_bytes);
    while ((left || right) && hashes_.size() <= most_of_one) {
      const int which = !right ? -1 : !left ? 1 : order(*left, *right);
      if (which != 0 || git_oid_equal(&left->id, &right->id) == 0) {
        SLUICE_TRY(entry(which <= 0 ? &*left : nullptr, which >= 0 ? &*right : nullptr, prefix));
      }
      left = which <= 0 ? next_entry(left_bytes) : left;
      right = which >= 0 ? next_entry(right_bytes) : right;
    }
    return ok;
  }

  /// One name, on one side or on both. Deeper than most_of_one it never gets: each level is a path.
  Status entry(const TreeEntry* left, const TreeEntry* right, std::uint32_t prefix) {
    const std::uint32_t path = fnv(prefix, (left == nullptr ? right : left)->name);
    hashes_.push_back(as_kept(path));
    const auto side = [](const TreeEntry* each) {
      return each != nullptr && each->is_folder() ? Side(each->id) : Side();
    };
    return side(left) || side(right) ? folder(side(left), side(right), fnv(path, "/")) : ok;
  }

  git_odb* odb_;
  std::vector<std::uint32_t> hashes_;
};

template <class T>
void write_vector(std::string& out, const std::vector<T>& values) {
  if (!values.empty()) {
    out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
}

/// False when there are fewer bytes.
template <class T>
bool read_vector(std::string_view& bytes, std::uint64_t count, std::vector<T>& values) {
  if (count > bytes.size() / sizeof(T)) {
    return false;
  }
  values.resize(count);
  if (count != 0) {
    std::memcpy(values.data(), bytes.data(), count * sizeof(T));
  }
  bytes.remove_prefix(count * sizeof(T));
  return true;
}

std::string_view as_view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string path_of_file(const std::string& repository) {
  return repository + "/changes";
}

}  // namespace

std::uint32_t Changes::hash(std::string_view path) {
  return as_kept(fnv(fnv_basis, path));
}

Changes Changes::load(const std::string& repository) {
  const Result<std::string> file = io::read_file(path_of_file(repository), longest_file);
  std::string_view bytes = file ? std::string_view(*file) : std::string_view();
  constexpr std::size_t around = magic.size() + std::tuple_size_v<Digest>;
  if (bytes.size() < around || !bytes.starts_with(magic) ||
      !bytes.ends_with(as_view(sha256(bytes.substr(0, bytes.size() - around + magic.size()))))) {
    return {};
  }
  bytes.remove_prefix(magic.size());
  bytes.remove_suffix(std::tuple_size_v<Digest>);
  Changes changes;
  std::vector<std::uint64_t> counts;
  const bool whole = read_vector(bytes, 2, counts) &&
                     read_vector(bytes, counts[0], changes.commits_) &&
                     read_vector(bytes, counts[0], changes.ends_) &&
                     read_vector(bytes, counts[1], changes.hashes_) && bytes.empty();
  return whole ? std::move(changes) : Changes();
}

void Changes::save(const std::string& repository) const {
  std::string bytes(magic);
  write_vector(bytes, std::vector<std::uint64_t>{commits_.size(), hashes_.size()});
  write_vector(bytes, commits_);
  write_vector(bytes, ends_);
  write_vector(bytes, hashes_);
  bytes += as_view(sha256(bytes));
  (void)io::write_atomically(path_of_file(repository), bytes);
}

Result<Changes> Changes::extend(const Changes& known, git_odb* odb, const git_oid& tip) {
  std::vector<Step> fresh;  // the newest first
  std::optional<std::size_t> joint;
  for (std::optional<git_oid> at = tip; at && !(joint = known.find(*at));) {
    if (fresh.size() == most_commits) {
      return Error{Error::Kind::limit, "the history is too long"};
    }
    SLUICE_TRY_ASSIGN(fresh.emplace_back(), read_step(odb, *at));
    at = fresh.back().parent;
  }
  Changes changes;
  std::optional<git_oid> before;
  if (joint) {
    changes = known;
    changes.commits_.resize(*joint + 1);
    changes.ends_.resize(*joint + 1);
    changes.hashes_.resize(changes.ends_.back());
    Step last;
    SLUICE_TRY_ASSIGN(last, read_step(odb, known.commit(*joint)));
    before = last.tree;
  }
  Difference difference(odb);
  for (auto step = fresh.rbegin(); step != fresh.rend(); ++step) {
    std::vector<std::uint32_t> hashes;
    SLUICE_TRY_ASSIGN(hashes, difference.of(before, step->tree));
    changes.append(step->id, hashes);
    before = step->tree;
    if (changes.hashes_.size() > most_hashes) {
      return Error{Error::Kind::limit, "the history changes too much"};
    }
  }
  return changes;
}

void Changes::append(const git_oid& id, std::span<const std::uint32_t> hashes) {
  commits_.push_back(id);
  hashes_.insert(hashes_.end(), hashes.begin(), hashes.end());
  ends_.push_back(static_cast<std::uint32_t>(hashes_.size()));
}

std::optional<std::size_t> Changes::find(const git_oid& commit) const {
  // From the end: what is asked for is mostly new.
  const auto found = std::find_if(commits_.rbegin(), commits_.rend(), [&](const git_oid& each) {
    return git_oid_equal(&each, &commit) != 0;
  });
  return found == commits_.rend()
             ? std::nullopt
             : std::optional(static_cast<std::size_t>(commits_.rend() - found) - 1);
}

std::span<const std::uint32_t> Changes::hashes_of(std::size_t position) const {
  const std::size_t begin = position == 0 ? 0 : ends_[position - 1];
  return std::span(hashes_).subspan(begin, ends_[position] - begin);
}

std::optional<std::size_t> Changes::last_before(std::size_t from,
                                                std::span<const std::uint32_t> paths) const {
  for (std::size_t end = from + 1; end > 0; --end) {
    for (const std::uint32_t each : hashes_of(end - 1)) {
      if (each == anything || std::ranges::find(paths, each) != paths.end()) {
        return end - 1;
      }
    }
  }
  return std::nullopt;
}

}  // namespace sluice::git
