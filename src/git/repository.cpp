// SPDX-License-Identifier: Apache-2.0
#include "git/repository.hpp"

#include "base/text.hpp"
#include "git/access.hpp"
#include "git/handle.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace sluice::git {

namespace {

namespace fs = std::filesystem;

/// A hint for a revision that is not there, or nothing.
std::string hint_for(git_repository* repository, const std::string& revision) {
  git_object* found = nullptr;
  if (git_revparse_single(&found, repository, ("origin/" + revision).c_str()) == 0) {
    git_object_free(found);
    return "; there is origin/" + text::printable(revision);
  }
  if (git_repository_is_shallow(repository) == 1) {
    return "; the clone is shallow: fetch more history (git fetch --unshallow; in GitHub Actions "
           "fetch-depth: 0, in GitLab GIT_DEPTH: 0)";
  }
  return {};
}

}  // namespace

// Started at the first use, so that nobody pays for it at start-up.
void use_library() {
  static const int once = [] {
    (void)git_libgit2_init();
    // Nothing but the repository's own configuration: neither the machine's nor the user's.
    for (const int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                            GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL}) {
      (void)git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    // CI containers often run as another user than the one that cloned. The check protects those
    // who run hooks, filters or programs named in the configuration; we only ever read objects,
    // the index and addresses.
    (void)git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    return 0;
  }();
  (void)once;
}

std::string to_hex(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 1> text{};
  (void)git_oid_tostr(text.data(), text.size(), &id);
  return text.data();
}

Result<git_oid> to_oid(std::string_view hex) {
  git_oid id{};
  if (hex.size() != GIT_OID_HEXSZ || git_oid_fromstrn(&id, hex.data(), hex.size()) != 0) {
    return Error{Error::Kind::usage, '"' + text::printable(hex) + "\" is not a full commit id"};
  }
  return id;
}

Result<CommitHandle> lookup_commit(git_repository* repository, const std::string& id) {
  git_oid oid{};
  SLUICE_TRY_ASSIGN(oid, to_oid(id));
  git_commit* raw = nullptr;
  const int code = git_commit_lookup(&raw, repository, &oid);
  if (code != 0) {
    return last_error(code == GIT_ENOTFOUND ? Error::Kind::not_found : Error::Kind::io,
                      "commit " + id);
  }
  return CommitHandle(raw);
}

Result<TreeHandle> tree_of(const git_commit* commit) {
  git_tree* raw = nullptr;
  if (git_commit_tree(&raw, commit) != 0) {
    return last_error(Error::Kind::io, "the tree of commit " + to_hex(*git_commit_id(commit)));
  }
  return TreeHandle(raw);
}

Error last_error(Error::Kind kind, const std::string& what) {
  const git_error* const error = git_error_last();
  return {kind, what + ": " + text::printable(error == nullptr ? "unknown error" : error->message)};
}

bool is_safe_path(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) {
    return false;
  }
  return std::ranges::none_of(text::split(path, '/'), [](std::string_view part) {
    return part.empty() || part == "." || part == ".." || text::to_lower(part) == ".git";
  });
}

Result<Opened> open(const std::string& path) {
  use_library();
  std::error_code failure;
  const std::string real = fs::canonical(path, failure).string();
  if (failure) {
    return Error{Error::Kind::not_found, text::printable(path) + ": " + failure.message()};
  }
  git_repository* repository = nullptr;
  if (git_repository_open_ext(&repository, real.c_str(), GIT_REPOSITORY_OPEN_CROSS_FS, nullptr) !=
      0) {
    return last_error(Error::Kind::not_found, text::printable(path));
  }
  Opened opened{RepositoryHandle(repository), {}};
  const char* const top = git_repository_workdir(repository);
  if (top == nullptr) {
    return opened;  // bare: all of it
  }
  const std::string prefix = (fs::canonical(top, failure) / "").string();
  if (failure || !(real + '/').starts_with(prefix)) {
    return Error{Error::Kind::not_found,
                 text::printable(path) + ": not in the work tree of its repository"};
  }
  opened.below = real.size() < prefix.size() ? "" : real.substr(prefix.size());
  return opened;
}

Result<ObjectHandle> find_commit(git_repository* repository, const std::string& revision) {
  const std::string shown = "revision \"" + text::printable(revision) + '"';
  git_object* found = nullptr;
  if (git_revparse_single(&found, repository, revision.c_str()) != 0) {
    Error error = last_error(Error::Kind::not_found, shown);
    error.message += hint_for(repository, revision);
    return error;
  }
  const ObjectHandle object(found);
  git_object* commit = nullptr;
  if (git_object_peel(&commit, object.get(), GIT_OBJECT_COMMIT) != 0) {
    return Error{Error::Kind::not_found, shown + " is not a commit"};
  }
  return ObjectHandle(commit);
}

Result<std::vector<std::string>> tracked_files(const std::string& path) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(path));
  git_index* raw = nullptr;
  if (git_repository_index(&raw, opened.repository.get()) != 0) {
    return last_error(Error::Kind::io, text::printable(path) + ": the index");
  }
  const IndexHandle index(raw);
  const std::string prefix = opened.below.empty() ? "" : opened.below + '/';
  std::vector<std::string> files;
  for (std::size_t i = 0; i < git_index_entrycount(index.get()); ++i) {
    const git_index_entry* const entry = git_index_get_byindex(index.get(), i);
    const std::string_view name = entry->path;
    if (!is_safe_path(name)) {
      return Error{Error::Kind::io, "the index holds \"" + text::printable(name) + '"'};
    }
    if (entry->mode != GIT_FILEMODE_COMMIT && name.starts_with(prefix)) {
      files.emplace_back(name.substr(prefix.size()));
    }
  }
  std::ranges::sort(files);
  const auto repeated = std::ranges::unique(files);  // the sides of a merge conflict
  files.erase(repeated.begin(), repeated.end());
  return files;
}

Result<std::vector<std::string>> origin_urls(const std::string& path) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(path));
  git_config* raw_config = nullptr;
  if (git_repository_config_snapshot(&raw_config, opened.repository.get()) != 0) {
    return last_error(Error::Kind::io, text::printable(path) + ": the configuration");
  }
  const ConfigHandle config(raw_config);
  std::vector<std::string> urls;
  for (const char* const key : {"remote.origin.url", "remote.origin.pushurl"}) {
    git_config_iterator* raw = nullptr;
    if (git_config_multivar_iterator_new(&raw, config.get(), key, nullptr) != 0) {
      continue;  // not set
    }
    const ConfigIterator iterator(raw);
    git_config_entry* entry = nullptr;
    while (git_config_next(&entry, iterator.get()) == 0) {
      urls.push_back(without_secret(entry->value));
    }
  }
  std::ranges::sort(urls);
  const auto repeated = std::ranges::unique(urls);
  urls.erase(repeated.begin(), repeated.end());
  return urls;
}

Result<std::string> resolve(const std::string& path, const std::string& revision) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(path));
  ObjectHandle commit;
  SLUICE_TRY_ASSIGN(commit, find_commit(opened.repository.get(), revision));
  return to_hex(*git_object_id(commit.get()));
}

}  // namespace sluice::git
