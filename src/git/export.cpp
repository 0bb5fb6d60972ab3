// SPDX-License-Identifier: Apache-2.0
// Writes a tree by hand. libgit2's checkout would apply the filters and the attributes of the
// repository, which is not trusted and whose bytes are wanted as they were committed.
#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "git/handle.hpp"
#include "git/repository.hpp"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sluice::git {

namespace {

/// Ten trees of ten entries each, nested ten deep, are a hundred objects and 10^10 files.
constexpr std::size_t most_entries = 1'000'000;
constexpr std::uint64_t most_bytes = std::uint64_t{8} << 30U;
constexpr std::uint64_t largest_file = std::uint64_t{1} << 30U;

Error system_error(const std::string& path) {
  return {Error::Kind::io, text::printable(path) + ": " + std::generic_category().message(errno)};
}

class Exporter {
 public:
  Exporter(git_repository* repository, std::string out)
      : repository_(repository), out_(std::move(out)) {}

  Status run(const git_oid& top) {
    git_odb* odb = nullptr;
    if (git_repository_odb(&odb, repository_) != 0) {
      return last_error(Error::Kind::io, "the object database");
    }
    odb_.reset(odb);
    folders_.push_back({"", top});
    while (!folders_.empty()) {
      const Folder folder = std::move(folders_.back());
      folders_.pop_back();
      SLUICE_TRY(write_folder(folder));
    }
    return ok;
  }

 private:
  struct Folder {
    std::string path;  ///< relative; made already
    git_oid tree;
  };

  Status write_folder(const Folder& folder) {
    git_tree* raw = nullptr;
    if (git_tree_lookup(&raw, repository_, &folder.tree) != 0) {
      return last_error(Error::Kind::io, "tree of \"" + text::printable(folder.path) + '"');
    }
    const TreeHandle tree(raw);
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      SLUICE_TRY(write_entry(folder, *git_tree_entry_byindex(tree.get(), i)));
    }
    return ok;
  }

  Status write_entry(const Folder& folder, const git_tree_entry& entry) {
    const std::string_view name = git_tree_entry_name(&entry);
    const std::string path = folder.path + (folder.path.empty() ? "" : "/") + std::string(name);
    const std::string shown = '"' + text::printable(path) + '"';
    if (!is_safe_path(name) || name.find('/') != std::string_view::npos) {
      return Error{Error::Kind::unsupported, shown + " is not a path that Git would write"};
    }
    if (++entries_ > most_entries) {
      return Error{Error::Kind::limit, "more than " + text::counted(most_entries, "file")};
    }
    switch (git_tree_entry_filemode(&entry)) {
      case GIT_FILEMODE_TREE:
        return make_folder(path, *git_tree_entry_id(&entry));
      case GIT_FILEMODE_COMMIT:
        return Error{Error::Kind::unsupported, shown + " is a submodule"};
      case GIT_FILEMODE_LINK:
      case GIT_FILEMODE_BLOB:
      case GIT_FILEMODE_BLOB_EXECUTABLE:
        return write_blob(path, entry);
      default:
        return Error{Error::Kind::unsupported, shown + " is neither a file nor a folder"};
    }
  }

  /// Everything is made anew and fails when it is there already. So a folder on the way to a file
  /// is always one that we made, never a link that the same tree has put in its place.
  Status make_folder(const std::string& path, const git_oid& tree) {
    if (::mkdir((out_ + '/' + path).c_str(), 0777) != 0) {
      return system_error(path);
    }
    folders_.push_back({path, tree});
    return ok;
  }

  Status write_blob(const std::string& path, const git_tree_entry& entry) {
    const git_oid* const id = git_tree_entry_id(&entry);
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, odb_.get(), id) != 0) {
      return last_error(Error::Kind::io, text::printable(path));
    }
    bytes_ += size;
    if (size > largest_file || bytes_ > most_bytes) {
      return Error{Error::Kind::limit, text::printable(path) + ": the tree is too large"};
    }
    git_blob* raw = nullptr;
    if (git_blob_lookup(&raw, repository_, id) != 0) {
      return last_error(Error::Kind::io, text::printable(path));
    }
    const BlobHandle blob(raw);
    const std::string_view content(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                                   static_cast<std::size_t>(git_blob_rawsize(blob.get())));
    const git_filemode_t mode = git_tree_entry_filemode(&entry);
    return mode == GIT_FILEMODE_LINK ? write_link(path, content) : write_file(path, content, mode);
  }

  Status write_link(const std::string& path, std::string_view target) const {
    const std::string words(target);
    if (target.empty() || target.find('\0') != std::string_view::npos ||
        ::symlink(words.c_str(), (out_ + '/' + path).c_str()) != 0) {
      return Error{Error::Kind::io, text::printable(path) + ": a link that cannot be made"};
    }
    return ok;
  }

  Status write_file(const std::string& path, std::string_view bytes, git_filemode_t mode) const {
    const mode_t permissions = mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0777 : 0666;
    Descriptor file(::open((out_ + '/' + path).c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions));
    if (!file) {
      return system_error(path);
    }
    while (!bytes.empty()) {
      const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) {
        return system_error(path);
      }
      bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    errno = file.close();
    return errno == 0 ? ok : Status(system_error(path));
  }

  git_repository* repository_;
  std::string out_;
  OdbHandle odb_;
  std::vector<Folder> folders_;
  std::size_t entries_ = 0;
  std::uint64_t bytes_ = 0;
};

Status make_empty_folder(const std::string& out) {
  std::error_code failure;
  std::filesystem::create_directories(out, failure);
  if (failure || !std::filesystem::is_empty(out, failure) || failure) {
    return Error{Error::Kind::io, text::printable(out) + ": " +
                                      (failure ? failure.message() : "the folder is not empty")};
  }
  return ok;
}

/// The tree of `commit`, or that of the folder `below` in it.
Result<git_oid> find_tree(const git_object* commit, const std::string& below) {
  git_tree* raw = nullptr;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how libgit2 casts its objects
  if (git_commit_tree(&raw, reinterpret_cast<const git_commit*>(commit)) != 0) {
    return last_error(Error::Kind::io, "the tree of the commit");
  }
  const TreeHandle tree(raw);
  if (below.empty()) {
    return *git_tree_id(tree.get());
  }
  git_tree_entry* raw_entry = nullptr;
  const int found = git_tree_entry_bypath(&raw_entry, tree.get(), below.c_str());
  const EntryHandle entry(raw_entry);
  if (found != 0 || git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) {
    return Error{Error::Kind::not_found,
                 "there is no folder \"" + text::printable(below) + "\" in that revision"};
  }
  return *git_tree_entry_id(entry.get());
}

}  // namespace

Status export_tree(const std::string& path, const std::string& revision, const std::string& out) {
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(path));
  ObjectHandle commit;
  SLUICE_TRY_ASSIGN(commit, find_commit(opened.repository.get(), revision));
  git_oid tree{};
  SLUICE_TRY_ASSIGN(tree, find_tree(commit.get(), opened.below));
  SLUICE_TRY(make_empty_folder(out));
  Status written = Exporter(opened.repository.get(), out).run(tree);
  return written ? ok
                 : Status(in_context("export of " + text::printable(revision),
                                     std::move(written.error())));
}

}  // namespace sluice::git
