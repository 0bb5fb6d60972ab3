// SPDX-License-Identifier: Apache-2.0
#include "git/blobs.hpp"

#include "base/text.hpp"
#include "git/handle.hpp"

#include <algorithm>
#include <optional>

namespace sluice::git {

namespace {

constexpr git_object_size_t largest_file = git_object_size_t{64} << 20U;
constexpr std::size_t most_entries = 1'000'000;

/// Compares two trees, folder by folder.
class Comparer {
 public:
  explicit Comparer(git_repository* repository) : repository_(repository) {}

  Result<std::vector<std::string>> run(const std::optional<git_oid>& from,
                                       const std::optional<git_oid>& to) {
    waiting_.push_back({"", from, to});
    while (!waiting_.empty()) {
      const Pair pair = std::move(waiting_.back());
      waiting_.pop_back();
      SLUICE_TRY(compare(pair));
    }
    std::ranges::sort(changed_);
    return std::move(changed_);
  }

 private:
  struct Pair {
    std::string path;
    std::optional<git_oid> from, to;
  };

  Result<TreeHandle> tree(const std::optional<git_oid>& id, const std::string& path) {
    git_tree* raw = nullptr;
    if (id && git_tree_lookup(&raw, repository_, &*id) != 0) {
      return last_error(Error::Kind::io, "folder \"" + text::printable(path) + '"');
    }
    return TreeHandle(raw);
  }

  Status compare(const Pair& pair) {
    TreeHandle from;
    SLUICE_TRY_ASSIGN(from, tree(pair.from, pair.path));
    TreeHandle to;
    SLUICE_TRY_ASSIGN(to, tree(pair.to, pair.path));
    SLUICE_TRY(look(from.get(), to.get(), pair.path, Side::from));
    return look(to.get(), from.get(), pair.path, Side::to);
  }

  enum class Side : std::uint8_t { from, to };

  /// Entries of `one`; those of both are looked at from the one side only.
  Status look(const git_tree* one, const git_tree* other, const std::string& path, Side side) {
    for (std::size_t i = 0; one != nullptr && i < git_tree_entrycount(one); ++i) {
      if (++seen_ > most_entries) {
        return Error{Error::Kind::limit, "more than " + text::counted(most_entries, "file")};
      }
      const git_tree_entry* const mine = git_tree_entry_byindex(one, i);
      const git_tree_entry* const theirs =
          other == nullptr ? nullptr : git_tree_entry_byname(other, git_tree_entry_name(mine));
      if (theirs != nullptr && (side == Side::to || is_same(mine, theirs))) {
        continue;
      }
      note(path + git_tree_entry_name(mine), side == Side::from ? mine : theirs,
           side == Side::from ? theirs : mine);
    }
    return ok;
  }

  static bool is_same(const git_tree_entry* a, const git_tree_entry* b) {
    return git_oid_equal(git_tree_entry_id(a), git_tree_entry_id(b)) != 0 &&
           git_tree_entry_filemode(a) == git_tree_entry_filemode(b);
  }

  static bool is_folder(const git_tree_entry* entry) {
    return entry != nullptr && git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE;
  }

  void note(const std::string& path, const git_tree_entry* from, const git_tree_entry* to) {
    if (is_folder(from) || is_folder(to)) {
      const auto id = [](const git_tree_entry* entry) {
        return is_folder(entry) ? std::optional(*git_tree_entry_id(entry)) : std::nullopt;
      };
      waiting_.push_back({path + '/', id(from), id(to)});
    }
    if ((from != nullptr && !is_folder(from)) || (to != nullptr && !is_folder(to))) {
      changed_.push_back(path);
    }
  }

  git_repository* repository_;
  std::vector<Pair> waiting_;
  std::vector<std::string> changed_;
  std::size_t seen_ = 0;
};

Result<std::optional<git_oid>> top_of(git_repository* repository, const std::string& commit) {
  if (commit.empty()) {
    return std::optional<git_oid>();
  }
  CommitHandle found;
  SLUICE_TRY_ASSIGN(found, lookup_commit(repository, commit));
  return std::optional(*git_commit_tree_id(found.get()));
}

}  // namespace

Status read_blobs(const std::string& repository,
                  std::span<const TreeFile> files,
                  const std::function<void(const TreeFile&, std::string_view)>& visit) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(repository));
  for (const TreeFile& file : files) {
    git_oid id{};
    SLUICE_TRY_ASSIGN(id, to_oid(file.blob));
    git_blob* raw = nullptr;
    if (git_blob_lookup(&raw, opened.repository.get(), &id) != 0) {
      return last_error(Error::Kind::io, text::printable(file.path));
    }
    const BlobHandle blob(raw);
    const git_object_size_t size = git_blob_rawsize(blob.get());
    visit(file, size > largest_file
                    ? std::string_view()
                    : std::string_view(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                                       static_cast<std::size_t>(size)));
  }
  return ok;
}

Result<std::vector<std::string>> changed_files(const std::string& repository,
                                               const std::string& from,
                                               const std::string& to) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(repository));
  std::optional<git_oid> before;
  SLUICE_TRY_ASSIGN(before, top_of(opened.repository.get(), from));
  std::optional<git_oid> after;
  SLUICE_TRY_ASSIGN(after, top_of(opened.repository.get(), to));
  return Comparer(opened.repository.get()).run(before, after);
}

}  // namespace sluice::git
