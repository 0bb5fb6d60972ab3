// SPDX-License-Identifier: Apache-2.0
#include "git/work_tree.hpp"

#include "base/text.hpp"
#include "git/handle.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <tuple>

namespace sluice::git {
namespace {

bool is_file(const git_diff_file& file) {
  return file.mode == GIT_FILEMODE_BLOB || file.mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

bool is_submodule(const git_diff_delta& delta) {
  return delta.old_file.mode == GIT_FILEMODE_COMMIT || delta.new_file.mode == GIT_FILEMODE_COMMIT;
}

Change::Kind kind_of(const git_diff_delta& delta) {
  switch (delta.status) {
    case GIT_DELTA_UNTRACKED:
    case GIT_DELTA_IGNORED:
      return Change::Kind::untracked;
    case GIT_DELTA_ADDED:
      return Change::Kind::added;
    case GIT_DELTA_DELETED:
      return Change::Kind::deleted;
    default:
      return is_file(delta.old_file) && is_file(delta.new_file) ? Change::Kind::modified
                                                                : Change::Kind::replaced;
  }
}

class Reader {
 public:
  Reader(Opened opened, std::string out)
      : opened_(std::move(opened)),
        prefix_(opened_.below.empty() ? "" : opened_.below + '/'),
        out_(std::move(out)) {}

  Result<std::vector<Change>> read(const std::string& revision) {
    DiffHandle diff;
    SLUICE_TRY_ASSIGN(diff, compare(revision));
    for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
      SLUICE_TRY(take(*git_diff_get_delta(diff.get(), i)));
    }
    SLUICE_TRY(take_submodules());
    std::ranges::sort(changes_, {},
                      [](const Change& change) { return std::tie(change.path, change.kind); });
    const auto repeated = std::ranges::unique(changes_);
    changes_.erase(repeated.begin(), repeated.end());
    return std::move(changes_);
  }

 private:
  /// Folders that hold nothing but untracked or ignored files are not entered: node_modules is one
  /// entry.
  Result<DiffHandle> compare(const std::string& revision) {
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_INCLUDE_IGNORED |
                    GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_DISABLE_PATHSPEC_MATCH |
                    GIT_DIFF_SKIP_BINARY_CHECK;
    std::string below = opened_.below;
    char* paths[] = {below.data()};
    if (!below.empty()) {
      options.pathspec = {paths, 1};
    }
    auto* repository = opened_.repository.get();
    git_diff* raw = nullptr;
    int code = 0;
    if (revision.empty()) {
      code = git_diff_index_to_workdir(&raw, repository, nullptr, &options);
    } else {
      Result<ObjectHandle> commit = find_commit(repository, revision);
      if (!commit) {
        return std::move(commit.error());
      }
      TreeHandle tree;
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how libgit2 casts its objects
      SLUICE_TRY_ASSIGN(tree, tree_of(reinterpret_cast<const git_commit*>(commit->get())));
      code = git_diff_tree_to_workdir_with_index(&raw, repository, tree.get(), &options);
    }
    if (code != 0) {
      return last_error(Error::Kind::io, "the difference to the work tree");
    }
    return DiffHandle(raw);
  }

  Status take(const git_diff_delta& delta) {
    const std::string_view path =
        delta.status == GIT_DELTA_DELETED ? delta.old_file.path : delta.new_file.path;
    if (delta.status == GIT_DELTA_UNMODIFIED || is_submodule(delta) || !path.starts_with(prefix_)) {
      return ok;
    }
    const auto words = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
    if (!is_safe_path(words)) {
      return Error{Error::Kind::io, "the work tree holds \"" + text::printable(path) + '"'};
    }
    changes_.push_back({kind_of(delta), std::string(path.substr(prefix_.size()))});
    const auto& change = changes_.back();
    return change.kind == Change::Kind::modified && !out_.empty()
               ? write(delta.old_file.id, change.path)
               : ok;
  }

  Status write(const git_oid& id, const std::string& path) const {
    git_blob* raw = nullptr;
    if (git_blob_lookup(&raw, opened_.repository.get(), &id) != 0) {
      return last_error(Error::Kind::io, text::printable(path));
    }
    const BlobHandle blob(raw);
    const std::string_view bytes(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                                 static_cast<std::size_t>(git_blob_rawsize(blob.get())));
    return io::write_atomically(out_ + '/' + path, bytes);
  }

  Status take_submodules() {
    git_index* raw = nullptr;
    if (git_repository_index(&raw, opened_.repository.get()) != 0) {
      return last_error(Error::Kind::io, "the index");
    }
    const IndexHandle index(raw);
    for (std::size_t i = 0; i < git_index_entrycount(index.get()); ++i) {
      const git_index_entry* const entry = git_index_get_byindex(index.get(), i);
      const std::string_view path = entry->path;
      if (entry->mode == GIT_FILEMODE_COMMIT && path.starts_with(prefix_) && is_safe_path(path)) {
        changes_.push_back(
            {Change::Kind::untracked, std::string(path.substr(prefix_.size())) + '/'});
      }
    }
    return ok;
  }

  Opened opened_;
  std::string prefix_;
  std::string out_;
  std::vector<Change> changes_;
};

}  // namespace

char letter(Change::Kind kind) {
  return "ADMRU"[static_cast<std::size_t>(kind)];
}

Result<std::vector<Change>> changes(const std::string& path,
                                    const std::string& revision,
                                    const std::string& out) {
  Result<Opened> opened = open(path);
  if (!opened) {
    return std::move(opened.error());
  }
  return Reader(std::move(*opened), out).read(revision);
}

}  // namespace sluice::git
