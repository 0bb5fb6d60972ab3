// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "git/changes.hpp"
#include "git/raw.hpp"
#include "git/read.hpp"

#include <optional>

namespace sluice::git {

namespace {

constexpr std::size_t most_commits = 5'000'000;
constexpr std::size_t longest_message = 64 * 1024;
/// A walk that goes further is worth reading what is known of the history.
constexpr std::size_t short_walk = 30;
/// And this far from it, of adding to it.
constexpr std::size_t long_walk = 500;

std::optional<TreeEntry> entry_of(std::string_view tree, std::string_view name) {
  std::optional<TreeEntry> entry = next_entry(tree);
  while (entry && entry->name != name) {
    entry = next_entry(tree);
  }
  return entry;
}

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
  Result<std::optional<git_oid>> find(git_odb* odb, const git_oid& top) {
    git_oid folder = top;
    for (std::size_t depth = 0; depth < names_.size(); ++depth) {
      if (depth < folders_.size() && git_oid_equal(&folders_[depth], &folder) != 0) {
        return found_;
      }
      folders_.resize(depth);
      folders_.push_back(folder);
      ObjectBytes tree;
      SLUICE_TRY_ASSIGN(tree, read_object(odb, folder, GIT_OBJECT_TREE));
      const std::optional<TreeEntry> entry = entry_of(bytes_of(tree), names_[depth]);
      const bool last = depth + 1 == names_.size();
      if (!entry || (!last && !entry->is_folder())) {
        found_ = std::nullopt;
        return found_;
      }
      folder = entry->id;
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

std::string hex_or_nothing(const std::optional<git_oid>& id) {
  return id ? to_hex(*id) : std::string();
}

using Found = std::vector<std::optional<git_oid>>;

class Walker {
 public:
  Walker(git_repository* repository,
         OdbHandle odb,
         std::span<const std::string> paths,
         const std::function<Walk(const Revision&)>& visit)
      : repository_(repository),
        odb_(std::move(odb)),
        visit_(visit),
        trails_(paths.begin(), paths.end()) {
    for (const std::string& path : paths) {
      hashes_.push_back(Changes::hash(path));
    }
  }

  Status run(const git_oid& start) {
    const WithoutHashes fast;
    Step step;
    SLUICE_TRY_ASSIGN(step, read_step(odb_.get(), start));
    start_ = start;
    Found now;
    SLUICE_TRY_ASSIGN(now, look(step));
    for (std::size_t seen = 0; seen < most_commits; ++seen) {
      const std::optional<git_oid> next = skip(step, seen);
      if (!next) {
        return ok;
      }
      if (git_oid_equal(&*next, &step.id) == 0) {
        SLUICE_TRY_ASSIGN(step, read_step(odb_.get(), *next));
        SLUICE_TRY_ASSIGN(now, look(step));
      }
      Step parent;
      Found before(trails_.size());
      if (step.parent) {
        SLUICE_TRY_ASSIGN(parent, parent_of(step));
        SLUICE_TRY_ASSIGN(before, look(parent));
      }
      Walk walk{};
      SLUICE_TRY_ASSIGN(walk, report(step, now, before));
      if (walk == Walk::stop || !step.parent) {
        return ok;
      }
      step = parent;
      now = std::move(before);
    }
    return Error{Error::Kind::limit, "the history has more than five million commits"};
  }

 private:
  /// The next commit to look at: this one, or a later one that may have changed a path. Nothing
  /// when none has. What is known of the history is loaded once, and extended when this walk leads
  /// too far from it; without it, each commit is looked at.
  std::optional<git_oid> skip(const Step& step, std::size_t seen) {
    if (seen == short_walk) {
      changes_ = Changes::load(git_repository_path(repository_));
    }
    if (!at_) {
      at_ = changes_.find(step.id);
    }
    if (!at_ && seen == long_walk) {
      if (Result<Changes> all = Changes::extend(changes_, odb_.get(), start_)) {
        changes_ = std::move(*all);
        changes_.save(git_repository_path(repository_));
        at_ = changes_.find(step.id);
      }
    }
    if (!at_) {
      return step.id;
    }
    at_ = changes_.last_before(*at_, hashes_);
    if (!at_) {
      return std::nullopt;
    }
    const git_oid next = changes_.commit(*at_);
    at_ = *at_ == 0 ? std::nullopt : std::optional(*at_ - 1);  // the parent
    return next;
  }

  Result<Step> parent_of(const Step& step) {
    Result<Step> parent = read_step(odb_.get(), *step.parent);
    if (!parent && git_repository_is_shallow(repository_) == 1) {
      parent.error().message += "; the clone is shallow: fetch more history";
    }
    return parent;
  }

  Result<Found> look(const Step& step) {
    Found found(trails_.size());
    for (std::size_t i = 0; i < trails_.size(); ++i) {
      SLUICE_TRY_ASSIGN(found[i], trails_[i].find(odb_.get(), step.tree));
    }
    return found;
  }

  Result<Walk> report(const Step& step, const Found& now, const Found& before) {
    for (std::size_t i = 0; i < trails_.size(); ++i) {
      if (is_same(now[i], before[i])) {
        continue;
      }
      Revision revision;
      SLUICE_TRY_ASSIGN(revision, describe(step));
      revision.path = trails_[i].path();
      revision.blob = hex_or_nothing(now[i]);
      revision.previous = hex_or_nothing(before[i]);
      if (visit_(revision) == Walk::stop) {
        return Walk::stop;
      }
    }
    return Walk::on;
  }

  Result<Revision> describe(const Step& step) {
    CommitHandle commit;
    SLUICE_TRY_ASSIGN(commit, lookup_commit(repository_, to_hex(step.id)));
    Revision revision;
    revision.commit = to_hex(step.id);
    revision.parent = hex_or_nothing(step.parent);
    revision.time = git_commit_time(commit.get());
    const git_signature* const author = git_commit_author(commit.get());
    revision.author = text::printable(std::string(author->name) + " <" + author->email + '>');
    const char* const message = git_commit_message_raw(commit.get());
    revision.message = std::string(message == nullptr ? "" : message).substr(0, longest_message);
    return revision;
  }

  git_repository* repository_;
  OdbHandle odb_;
  const std::function<Walk(const Revision&)>& visit_;
  std::vector<Trail> trails_;
  std::vector<std::uint32_t> hashes_;  ///< of their paths
  Changes changes_;
  git_oid start_{};
  std::optional<std::size_t> at_;  ///< where the next commit stands in it
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
  git_odb* raw = nullptr;
  if (git_repository_odb(&raw, opened.repository.get()) != 0) {
    return last_error(Error::Kind::io, "the object database");
  }
  return Walker(opened.repository.get(), OdbHandle(raw), paths, visit)
      .run(*git_commit_id(start.get()));
}

}  // namespace sluice::git
