// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "git/handle.hpp"
#include "git/read.hpp"

#include <optional>

namespace sluice::git {

namespace {

constexpr std::size_t most_commits = 5'000'000;
constexpr std::size_t longest_message = 64 * 1024;

/// One path, followed from commit to commit. Most commits leave most folders alone: where a folder
/// is the one seen last, everything below it is too, and nothing is read.
class Trail {
 public:
  explicit Trail(const std::string& path) : path_(path) {
    for (const std::string_view name : text::split(path_, '/')) {
      names_.emplace_back(name);
    }
  }

  [[nodiscard]] const std::string& path() const { return path_; }

  /// What the path is in the tree `top`: nothing, a file or a folder.
  Result<std::optional<git_oid>> find(git_repository* repository, const git_oid& top) {
    git_oid folder = top;
    for (std::size_t depth = 0; depth < names_.size(); ++depth) {
      if (depth < folders_.size() && git_oid_equal(&folders_[depth], &folder) != 0) {
        return found_;
      }
      folders_.resize(depth);
      folders_.push_back(folder);
      git_tree* raw = nullptr;
      if (git_tree_lookup(&raw, repository, &folder) != 0) {
        return last_error(Error::Kind::io, "a folder of \"" + text::printable(path_) + '"');
      }
      const TreeHandle tree(raw);
      const git_tree_entry* const entry = git_tree_entry_byname(tree.get(), names_[depth].c_str());
      const bool last = depth + 1 == names_.size();
      if (entry == nullptr || (!last && git_tree_entry_type(entry) != GIT_OBJECT_TREE)) {
        found_ = std::nullopt;
        return found_;
      }
      folder = *git_tree_entry_id(entry);
    }
    found_ = folder;
    return found_;
  }

 private:
  std::string path_;
  std::vector<std::string> names_;
  std::vector<git_oid> folders_;  ///< the folders gone through last, the top first
  std::optional<git_oid> found_;
};

bool is_same(const std::optional<git_oid>& a, const std::optional<git_oid>& b) {
  return a.has_value() == b.has_value() && (!a || git_oid_equal(&*a, &*b) != 0);
}

std::string hex_or_nothing(const std::optional<git_oid>& id) {
  return id ? to_hex(*id) : std::string();
}

Revision describe(const git_commit* commit, const git_commit* parent) {
  Revision revision;
  revision.commit = to_hex(*git_commit_id(commit));
  revision.parent = parent == nullptr ? "" : to_hex(*git_commit_id(parent));
  revision.time = git_commit_time(commit);
  const git_signature* const author = git_commit_author(commit);
  revision.author = text::printable(std::string(author->name) + " <" + author->email + '>');
  const char* const message = git_commit_message_raw(commit);
  revision.message = std::string(message == nullptr ? "" : message).substr(0, longest_message);
  return revision;
}

class Walker {
 public:
  Walker(git_repository* repository,
         std::span<const std::string> paths,
         const std::function<Walk(const Revision&)>& visit)
      : repository_(repository), visit_(visit), trails_(paths.begin(), paths.end()) {}

  Status run(CommitHandle commit) {
    std::vector<std::optional<git_oid>> now;
    SLUICE_TRY_ASSIGN(now, look(commit.get()));
    for (std::size_t seen = 0; seen < most_commits; ++seen) {
      CommitHandle parent;
      SLUICE_TRY_ASSIGN(parent, parent_of(commit.get()));
      std::vector<std::optional<git_oid>> before(trails_.size());
      if (parent) {
        SLUICE_TRY_ASSIGN(before, look(parent.get()));
      }
      if (report(commit.get(), parent.get(), now, before) == Walk::stop || !parent) {
        return ok;
      }
      commit = std::move(parent);
      now = std::move(before);
    }
    return Error{Error::Kind::limit, "the history has more than five million commits"};
  }

 private:
  Result<CommitHandle> parent_of(const git_commit* commit) {
    if (git_commit_parentcount(commit) == 0) {
      return CommitHandle();
    }
    git_commit* raw = nullptr;
    if (git_commit_parent(&raw, commit, 0) != 0) {
      Error error = last_error(Error::Kind::io, "history before " + to_hex(*git_commit_id(commit)));
      if (git_repository_is_shallow(repository_) == 1) {
        error.message += "; the clone is shallow: fetch more history";
      }
      return error;
    }
    return CommitHandle(raw);
  }

  Result<std::vector<std::optional<git_oid>>> look(const git_commit* commit) {
    std::vector<std::optional<git_oid>> found(trails_.size());
    for (std::size_t i = 0; i < trails_.size(); ++i) {
      SLUICE_TRY_ASSIGN(found[i], trails_[i].find(repository_, *git_commit_tree_id(commit)));
    }
    return found;
  }

  Walk report(const git_commit* commit,
              const git_commit* parent,
              const std::vector<std::optional<git_oid>>& now,
              const std::vector<std::optional<git_oid>>& before) {
    for (std::size_t i = 0; i < trails_.size(); ++i) {
      if (is_same(now[i], before[i])) {
        continue;
      }
      Revision revision = describe(commit, parent);
      revision.path = trails_[i].path();
      revision.blob = hex_or_nothing(now[i]);
      revision.previous = hex_or_nothing(before[i]);
      if (visit_(revision) == Walk::stop) {
        return Walk::stop;
      }
    }
    return Walk::on;
  }

  git_repository* repository_;
  const std::function<Walk(const Revision&)>& visit_;
  std::vector<Trail> trails_;
};

}  // namespace

Status walk_history(const std::string& repository,
                    const std::string& commit,
                    std::span<const std::string> paths,
                    const std::function<Walk(const Revision&)>& visit) {
  for (const std::string& path : paths) {
    if (!is_safe_path(path)) {
      return Error{Error::Kind::not_found, '"' + text::printable(path) + "\" is not a path"};
    }
  }
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(repository));
  CommitHandle start;
  SLUICE_TRY_ASSIGN(start, lookup_commit(opened.repository.get(), commit));
  return Walker(opened.repository.get(), paths, visit).run(std::move(start));
}

}  // namespace sluice::git
