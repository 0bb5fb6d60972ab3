// SPDX-License-Identifier: Apache-2.0
#include "git/commit.hpp"

#include "base/text.hpp"
#include "git/handle.hpp"

#include <algorithm>

namespace sluice::git {

namespace {

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

/// The mode that the path keeps, or an ordinary file's.
Result<git_filemode_t> mode_of(const git_tree* tree, const std::string& path) {
  git_tree_entry* raw = nullptr;
  const int code = git_tree_entry_bypath(&raw, tree, path.c_str());
  const EntryHandle entry(raw);
  if (code == GIT_ENOTFOUND) {
    return GIT_FILEMODE_BLOB;
  }
  if (code != 0) {
    return last_error(Error::Kind::io, text::printable(path));
  }
  const git_filemode_t mode = git_tree_entry_filemode(entry.get());
  if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE) {
    return usage('"' + text::printable(path) +
                 "\" is a folder, a link or a submodule, not a file that could be changed");
  }
  return mode;
}

Status check_paths(const Draft& draft) {
  if (draft.files.empty()) {
    return usage("a commit without files");
  }
  for (auto file = draft.files.begin(); file != draft.files.end(); ++file) {
    const std::string shown = '"' + text::printable(file->path) + '"';
    if (!is_safe_path(file->path)) {
      return usage(shown + " is not a path that Git would write");
    }
    if (std::any_of(draft.files.begin(), file,
                    [&](const FileChange& other) { return other.path == file->path; })) {
      return usage(shown + " is changed twice in one commit");
    }
  }
  return ok;
}

Result<git_oid> write_tree(git_repository* repository, const git_tree* base, const Draft& draft) {
  std::vector<git_tree_update> updates;
  for (const FileChange& file : draft.files) {
    git_tree_update update{};
    update.action = GIT_TREE_UPDATE_UPSERT;
    update.path = file.path.c_str();
    SLUICE_TRY_ASSIGN(update.filemode, mode_of(base, file.path));
    if (git_blob_create_from_buffer(&update.id, repository, file.bytes.data(), file.bytes.size()) !=
        0) {
      return last_error(Error::Kind::io, text::printable(file.path));
    }
    updates.push_back(update);
  }
  git_oid tree{};
  if (git_tree_create_updated(&tree, repository, const_cast<git_tree*>(base), updates.size(),
                              updates.data()) != 0) {
    return last_error(Error::Kind::io, "the tree of the commit");
  }
  return tree;
}

Result<SignatureHandle> signature_of(const Person& person, std::int64_t time) {
  for (const std::string& part : {person.name, person.email}) {
    const bool bad = text::trim(part).empty() ||
                     part.find_first_of("<>\n\r") != std::string::npos ||
                     part.find('\0') != std::string::npos;
    if (bad) {
      return usage(
          "author and committer need a name and an address without \"<\", \">\" and line "
          "breaks, not \"" +
          text::printable(part) + '"');
    }
  }
  git_signature* raw = nullptr;
  if (git_signature_new(&raw, person.name.c_str(), person.email.c_str(), time, 0) != 0) {
    return last_error(Error::Kind::usage, text::printable(person.name));
  }
  return SignatureHandle(raw);
}

/// The bytes that are signed: libgit2 ends the message as it is, Git with a line break.
std::string message_of(const Draft& draft) {
  return draft.message.ends_with('\n') ? draft.message : draft.message + '\n';
}

Result<std::string> commit_bytes(git_repository* repository,
                                 const Draft& draft,
                                 const git_commit* parent,
                                 const git_tree* tree) {
  SignatureHandle author;
  SLUICE_TRY_ASSIGN(author, signature_of(draft.author, draft.time));
  SignatureHandle committer;
  SLUICE_TRY_ASSIGN(committer, signature_of(draft.committer, draft.time));
  if (draft.message.find('\0') != std::string::npos || text::trim(draft.message).empty()) {
    return usage("a commit needs a message, without NUL bytes");
  }
  git_buf buffer{};
  const git_commit* parents[] = {parent};
  if (git_commit_create_buffer(&buffer, repository, author.get(), committer.get(), nullptr,
                               message_of(draft).c_str(), tree, 1, parents) != 0) {
    return last_error(Error::Kind::io, "the commit");
  }
  std::string bytes(buffer.ptr, buffer.size);
  git_buf_dispose(&buffer);
  return bytes;
}

Result<git_oid> store(git_repository* repository,
                      const std::string& bytes,
                      const std::string& signature) {
  git_oid id{};
  if (!signature.empty()) {
    if (git_commit_create_with_signature(&id, repository, bytes.c_str(), signature.c_str(),
                                         nullptr) != 0) {
      return last_error(Error::Kind::io, "the signed commit");
    }
    return id;
  }
  git_odb* raw = nullptr;
  if (git_repository_odb(&raw, repository) != 0) {
    return last_error(Error::Kind::io, "the object database");
  }
  const OdbHandle odb(raw);
  if (git_odb_write(&id, odb.get(), bytes.data(), bytes.size(), GIT_OBJECT_COMMIT) != 0) {
    return last_error(Error::Kind::io, "the commit");
  }
  return id;
}

}  // namespace

Result<std::string> write_commit(const std::string& repository,
                                 const Draft& draft,
                                 const Signing& signing,
                                 const proc::Runner& runner) {
  SLUICE_TRY(check_paths(draft));
  Opened opened;
  SLUICE_TRY_ASSIGN(opened, open(repository));
  CommitHandle parent;
  SLUICE_TRY_ASSIGN(parent, lookup_commit(opened.repository.get(), draft.parent));
  TreeHandle base;
  SLUICE_TRY_ASSIGN(base, tree_of(parent.get()));
  git_oid tree_id{};
  SLUICE_TRY_ASSIGN(tree_id, write_tree(opened.repository.get(), base.get(), draft));
  if (git_oid_equal(&tree_id, git_tree_id(base.get())) != 0) {
    return usage("the commit would change nothing");
  }
  git_tree* raw = nullptr;
  if (git_tree_lookup(&raw, opened.repository.get(), &tree_id) != 0) {
    return last_error(Error::Kind::io, "the tree of the commit");
  }
  const TreeHandle tree(raw);
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, commit_bytes(opened.repository.get(), draft, parent.get(), tree.get()));
  std::string signature;
  if (signing.format != SignatureFormat::none) {
    SLUICE_TRY_ASSIGN(signature, sign(bytes, signing, runner));
  }
  git_oid id{};
  SLUICE_TRY_ASSIGN(id, store(opened.repository.get(), bytes, signature));
  return to_hex(id);
}

}  // namespace sluice::git
