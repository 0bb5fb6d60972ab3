// SPDX-License-Identifier: Apache-2.0
#include "git/raw.hpp"

#include <cstring>

namespace sluice::git {

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

/// Entries are "<octal mode> <name>\0<20 bytes>", one after the other.
std::optional<TreeEntry> next_entry(std::string_view& tree) {
  const std::size_t blank = tree.find(' ');
  const std::size_t end = blank == std::string_view::npos ? blank : tree.find('\0', blank);
  if (end == std::string_view::npos || tree.size() - end <= GIT_OID_RAWSZ) {
    return std::nullopt;
  }
  TreeEntry entry{.name = tree.substr(blank + 1, end - blank - 1), .mode = tree.substr(0, blank)};
  std::memcpy(entry.id.id, tree.data() + end + 1, GIT_OID_RAWSZ);
  tree.remove_prefix(end + 1 + GIT_OID_RAWSZ);
  return entry;
}

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

}  // namespace sluice::git
