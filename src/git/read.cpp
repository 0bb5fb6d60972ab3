// SPDX-License-Identifier: Apache-2.0
#include "git/read.hpp"

#include "base/text.hpp"
#include "git/handle.hpp"

#include <algorithm>

namespace sluice::git {

namespace {

constexpr std::size_t most_files = 1'000'000;
constexpr git_object_size_t largest_file = git_object_size_t{64} << 20U;

/// The folders that every match of a glob lies in, with a final '/': "envs/dev/" of
/// "envs/dev/**/*.yaml". Empty for the top.
std::string literal_folder(std::string_view glob) {
  const std::size_t wild = std::min(glob.find_first_of("*?[{\\"), glob.size());
  const std::size_t slash = glob.substr(0, wild).rfind('/');
  return slash == std::string_view::npos ? "" : std::string(glob.substr(0, slash + 1));
}

class Lister {
 public:
  Lister(git_repository* repository, std::span<const std::string> globs)
      : repository_(repository), globs_(globs) {
    for (const std::string& glob : globs) {
      folders_.push_back(literal_folder(glob));
    }
  }

  Result<std::vector<TreeFile>> run(const git_oid& top) {
    waiting_.push_back({"", top});
    while (!waiting_.empty()) {
      const Folder folder = std::move(waiting_.back());
      waiting_.pop_back();
      SLUICE_TRY(list(folder));
    }
    std::ranges::sort(files_, {}, &TreeFile::path);
    return std::move(files_);
  }

 private:
  struct Folder {
    std::string path;  ///< "" or with a final '/'
    git_oid tree;
  };

  Status list(const Folder& folder) {
    git_tree* raw = nullptr;
    if (git_tree_lookup(&raw, repository_, &folder.tree) != 0) {
      return last_error(Error::Kind::io, "folder \"" + text::printable(folder.path) + '"');
    }
    const TreeHandle tree(raw);
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      if (++seen_ > most_files) {
        return Error{Error::Kind::limit, "more than " + text::counted(most_files, "file")};
      }
      add(folder, *git_tree_entry_byindex(tree.get(), i));
    }
    return ok;
  }

  void add(const Folder& folder, const git_tree_entry& entry) {
    const std::string path = folder.path + git_tree_entry_name(&entry);
    switch (git_tree_entry_filemode(&entry)) {
      case GIT_FILEMODE_TREE:
        if (may_hold(path + '/')) {
          waiting_.push_back({path + '/', *git_tree_entry_id(&entry)});
        }
        break;
      case GIT_FILEMODE_BLOB:
      case GIT_FILEMODE_BLOB_EXECUTABLE:
      case GIT_FILEMODE_LINK:
        if (is_wanted(path)) {
          files_.push_back({path, mode_of(entry), to_hex(*git_tree_entry_id(&entry))});
        }
        break;
      default:
        break;
    }
  }

  static Mode mode_of(const git_tree_entry& entry) {
    switch (git_tree_entry_filemode(&entry)) {
      case GIT_FILEMODE_BLOB_EXECUTABLE:
        return Mode::executable;
      case GIT_FILEMODE_LINK:
        return Mode::link;
      default:
        return Mode::file;
    }
  }

  [[nodiscard]] bool may_hold(const std::string& folder) const {
    return globs_.empty() || std::ranges::any_of(folders_, [&](const std::string& literal) {
             return literal.starts_with(folder) || folder.starts_with(literal);
           });
  }

  [[nodiscard]] bool is_wanted(const std::string& path) const {
    return globs_.empty() || std::ranges::any_of(globs_, [&](const std::string& glob) {
             return text::glob_match(glob, path);
           });
  }

  git_repository* repository_;
  std::span<const std::string> globs_;
  std::vector<std::string> folders_;
  std::vector<Folder> waiting_;
  std::vector<TreeFile> files_;
  std::size_t seen_ = 0;
};

Result<EntryHandle> find_entry(const git_tree* tree, const std::string& path) {
  git_tree_entry* raw = nullptr;
  const int code = git_tree_entry_bypath(&raw, tree, path.c_str());
  if (code == GIT_ENOTFOUND) {
    return Error{Error::Kind::not_found, "there is no file \"" + text::printable(path) + '"'};
  }
  if (code != 0) {
    return last_error(Error::Kind::io, text::printable(path));
  }
  return EntryHandle(raw);
}

}  // namespace

Result<std::vector<TreeFile>> list_files(const std::string& repository,
                                         const std::string& commit,
                                         std::span<const std::string> globs) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(repository));
  CommitHandle found;
  SLUICE_TRY_ASSIGN(found, lookup_commit(opened.repository.get(), commit));
  return Lister(opened.repository.get(), globs).run(*git_commit_tree_id(found.get()));
}

Result<FileBytes> read_committed(const std::string& repository,
                                 const std::string& commit,
                                 const std::string& path) {
  if (!is_safe_path(path)) {
    return Error{Error::Kind::not_found, "there is no file \"" + text::printable(path) + '"'};
  }
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(repository));
  CommitHandle found;
  SLUICE_TRY_ASSIGN(found, lookup_commit(opened.repository.get(), commit));
  TreeHandle tree;
  SLUICE_TRY_ASSIGN(tree, tree_of(found.get()));
  EntryHandle entry;
  SLUICE_TRY_ASSIGN(entry, find_entry(tree.get(), path));
  if (git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) {
    return Error{Error::Kind::not_found, '"' + text::printable(path) + "\" is not a file"};
  }
  git_blob* raw = nullptr;
  if (git_blob_lookup(&raw, opened.repository.get(), git_tree_entry_id(entry.get())) != 0) {
    return last_error(Error::Kind::io, text::printable(path));
  }
  const BlobHandle blob(raw);
  if (git_blob_rawsize(blob.get()) > largest_file) {
    return Error{Error::Kind::limit, text::printable(path) + ": larger than 64 MiB"};
  }
  const git_filemode_t mode = git_tree_entry_filemode(entry.get());
  return FileBytes{mode == GIT_FILEMODE_LINK              ? Mode::link
                   : mode == GIT_FILEMODE_BLOB_EXECUTABLE ? Mode::executable
                                                          : Mode::file,
                   std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                               static_cast<std::size_t>(git_blob_rawsize(blob.get())))};
}

Result<bool> contains(const std::string& repository,
                      const std::string& commit,
                      const std::string& ancestor) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(repository));
  CommitHandle found;
  SLUICE_TRY_ASSIGN(found, lookup_commit(opened.repository.get(), commit));
  git_oid wanted{};
  SLUICE_TRY_ASSIGN(wanted, to_oid(ancestor));
  if (git_oid_equal(&wanted, git_commit_id(found.get())) != 0) {
    return true;
  }
  if (!lookup_commit(opened.repository.get(), ancestor)) {
    return false;
  }
  const int code =
      git_graph_descendant_of(opened.repository.get(), git_commit_id(found.get()), &wanted);
  if (code < 0) {
    return last_error(Error::Kind::io, "the history of " + commit);
  }
  return code == 1;
}

}  // namespace sluice::git
