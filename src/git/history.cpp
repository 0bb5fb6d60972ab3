// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "git/handle.hpp"
#include "git/read.hpp"

#include <cstring>
#include <optional>

namespace sluice::git {

namespace {

using ObjectBytes = Handle<git_odb_object, git_odb_object_free>;

constexpr std::size_t most_commits = 5'000'000;
constexpr std::size_t longest_message = 64 * 1024;

/// libgit2 computes the SHA-1 of each object that it reads, which is half of the time of a walk.
/// The checksums of zlib remain; and what is decided by a history is read with the hash afterwards.
class WithoutHashes {
 public:
  WithoutHashes() { (void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0); }
  ~WithoutHashes() { (void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1); }
  WithoutHashes(const WithoutHashes&) = delete;
  WithoutHashes& operator=(const WithoutHashes&) = delete;
};

/// The bytes of an object as Git stores it: parsing into libgit2's own trees and commits would cost
/// more than reading. Errors: io.
Result<ObjectBytes> read_object(git_odb* odb, const git_oid& id, git_object_t type) {
  git_odb_object* raw = nullptr;
  if (git_odb_read(&raw, odb, &id) != 0) {
    return last_error(Error::Kind::io, "object " + to_hex(id));
  }
  ObjectBytes object(raw);
  if (git_odb_object_type(raw) != type) {
    return Error{Error::Kind::io, "object " + to_hex(id) + " is of another type"};
  }
  return object;
}

std::string_view bytes_of(const ObjectBytes& object) {
  return {static_cast<const char*>(git_odb_object_data(object.get())),
          git_odb_object_size(object.get())};
}

struct TreeEntry {
  git_oid id;
  bool folder;
};

/// Entries are "<octal mode> <name>\0<20 bytes>", one after the other.
std::optional<TreeEntry> entry_of(std::string_view tree, std::string_view name) {
  while (!tree.empty()) {
    const std::size_t blank = tree.find(' ');
    const std::size_t end = blank == std::string_view::npos ? blank : tree.find('\0', blank);
    if (end == std::string_view::npos || tree.size() - end <= GIT_OID_RAWSZ) {
      break;
    }
    if (tree.substr(blank + 1, end - blank - 1) == name) {
      TreeEntry entry{{}, tree.substr(0, blank) == "40000"};
      std::memcpy(entry.id.id, tree.data() + end + 1, GIT_OID_RAWSZ);
      return entry;
    }
    tree.remove_prefix(end + 1 + GIT_OID_RAWSZ);
  }
  return std::nullopt;
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
      if (!entry || (!last && !entry->folder)) {
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

/// A commit, of which only the first lines are read: "tree <hex>", "parent <hex>".
struct Step {
  git_oid id{};
  git_oid tree{};
  std::optional<git_oid> parent;
};

Result<Step> read_step(git_odb* odb, const git_oid& id) {
  ObjectBytes object;
  SLUICE_TRY_ASSIGN(object, read_object(odb, id, GIT_OBJECT_COMMIT));
  const std::string_view bytes = bytes_of(object);
  constexpr std::string_view tree = "tree ";
  constexpr std::string_view parent = "\nparent ";
  constexpr std::size_t after = tree.size() + GIT_OID_HEXSZ;
  Step step;
  step.id = id;
  if (!bytes.starts_with(tree) || bytes.size() < after) {
    return Error{Error::Kind::io, "commit " + to_hex(id) + " is damaged"};
  }
  SLUICE_TRY_ASSIGN(step.tree, to_oid(bytes.substr(tree.size(), GIT_OID_HEXSZ)));
  if (bytes.substr(after).starts_with(parent)) {
    git_oid first{};
    SLUICE_TRY_ASSIGN(first, to_oid(bytes.substr(after + parent.size(), GIT_OID_HEXSZ)));
    step.parent = first;
  }
  return step;
}

bool is_same(const std::optional<git_oid>& a, const std::optional<git_oid>& b) {
  return a.has_value() == b.has_value() && (!a || git_oid_equal(&*a, &*b) != 0);
}

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
        trails_(paths.begin(), paths.end()) {}

  Status run(const git_oid& start) {
    const WithoutHashes fast;
    Step step;
    SLUICE_TRY_ASSIGN(step, read_step(odb_.get(), start));
    Found now;
    SLUICE_TRY_ASSIGN(now, look(step));
    for (std::size_t seen = 0; seen < most_commits; ++seen) {
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
