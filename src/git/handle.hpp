// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <git2.h>

#include <memory>
#include <string>

/// Inside of src/git only.
namespace sluice::git {

template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const { release(object); }
};

template <class T, void (*release)(T*)>
using Handle = std::unique_ptr<T, Release<T, release>>;

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using TreeHandle = Handle<git_tree, git_tree_free>;
using EntryHandle = Handle<git_tree_entry, git_tree_entry_free>;
using BlobHandle = Handle<git_blob, git_blob_free>;
using OdbHandle = Handle<git_odb, git_odb_free>;
using DiffHandle = Handle<git_diff, git_diff_free>;
using IndexHandle = Handle<git_index, git_index_free>;
using ConfigHandle = Handle<git_config, git_config_free>;
using ConfigIterator = Handle<git_config_iterator, git_config_iterator_free>;
using CommitHandle = Handle<git_commit, git_commit_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using RemoteHandle = Handle<git_remote, git_remote_free>;
using PackHandle = Handle<git_packbuilder, git_packbuilder_free>;
using SignatureHandle = Handle<git_signature, git_signature_free>;

/// Before any call of libgit2; cheap after the first time.
void use_library();

/// A repository, and which part of it is meant.
struct Opened {
  RepositoryHandle repository;
  std::string below;  ///< The asked folder relative to the top of the work tree; "" for the top.
};

/// Opens the repository that holds `path`, looking upwards. Errors: not_found.
Result<Opened> open(const std::string& path);

/// The commit that `revision` names. Errors: not_found.
Result<ObjectHandle> find_commit(git_repository* repository, const std::string& revision);

/// 40 hexadecimal digits.
std::string to_hex(const git_oid& id);
/// Errors: usage (not 40 hexadecimal digits).
Result<git_oid> to_oid(std::string_view hex);

/// A commit by its full id. Errors: not_found; io (damaged, or not a commit).
Result<CommitHandle> lookup_commit(git_repository* repository, const std::string& id);
/// Its top folder. Errors: io.
Result<TreeHandle> tree_of(const git_commit* commit);

/// What libgit2 has last said on this thread, after "<what>: ".
Error last_error(Error::Kind kind, const std::string& what);

/// Whether Git itself would write such a path: relative, without "..", "." or ".git" in any case.
bool is_safe_path(std::string_view path);

}  // namespace sluice::git
