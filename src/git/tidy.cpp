// SPDX-License-Identifier: Apache-2.0
#include "git/tidy.hpp"

#include "git/handle.hpp"
#include "git/tip.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

namespace sluice::git {

namespace {

namespace fs = std::filesystem;

/// Each look-up asks one pack after the other.
constexpr std::size_t most_packs = 24;
constexpr std::uintmax_t small_pack = std::uintmax_t{8} << 20U;
/// As `git gc --auto` guesses: so many in one of the 256 folders.
constexpr std::size_t most_loose_in_one = 24;

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (fs::directory_iterator i(folder, failure), end; !failure && i != end; i.increment(failure)) {
    found.push_back(i->path());
  }
  return found;
}

void erase(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

/// Names that libgit2 (and we) give to files before they are renamed into place.
bool is_temporary(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.find("_git2_") != std::string::npos || name.ends_with(".lock") ||
         name.starts_with("incoming-") || name.find(".tmp-") != std::string::npos ||
         name.starts_with(push_prefix);
}

void remove_temporary(const fs::path& folder) {
  for (const fs::path& path : entries_of(folder)) {
    if (is_temporary(path)) {
      erase(path);
    }
  }
}

struct Gathered {
  std::vector<git_oid> objects;
  std::vector<fs::path> files;  ///< that hold them
};

int gather_one(const git_oid* id, void* payload) {
  static_cast<Gathered*>(payload)->objects.push_back(*id);
  return 0;
}

/// Adds what the backend holds, and takes the backend.
bool gather(git_odb_backend* backend, Gathered& into) {
  git_odb* raw = nullptr;
  if (git_odb_new(&raw) != 0) {
    return false;
  }
  const OdbHandle odb(raw);
  return git_odb_add_backend(odb.get(), backend, 1) == 0 &&
         git_odb_foreach(odb.get(), gather_one, &into) == 0;
}

bool gather_packs(const fs::path& objects, Gathered& into) {
  std::vector<fs::path> small;
  for (const fs::path& path : entries_of(objects / "pack")) {
    std::error_code failure;
    fs::path pack = path;
    if (path.extension() == ".idx" &&
        fs::file_size(pack.replace_extension(".pack"), failure) <= small_pack && !failure) {
      small.push_back(path);
    }
  }
  if (small.size() <= most_packs) {
    return true;
  }
  for (const fs::path& index : small) {
    git_odb_backend* backend = nullptr;
    if (git_odb_backend_one_pack(&backend, index.c_str()) != 0 || !gather(backend, into)) {
      return false;
    }
    into.files.push_back(index);  // without its index a pack is not there
    into.files.push_back(fs::path(index).replace_extension(".pack"));
  }
  return true;
}

bool gather_loose(const fs::path& objects, Gathered& into) {
  if (entries_of(objects / "17").size() <= most_loose_in_one) {
    return true;
  }
  git_odb_backend* backend = nullptr;
  const std::size_t before = into.objects.size();
  if (git_odb_backend_loose(&backend, objects.c_str(), -1, 0, 0, 0) != 0 ||
      !gather(backend, into)) {
    return false;
  }
  for (std::size_t i = before; i < into.objects.size(); ++i) {
    const std::string id = to_hex(into.objects[i]);
    into.files.push_back(objects / id.substr(0, 2) / id.substr(2));
  }
  return true;
}

/// Empty when it could not be written.
std::string write_pack(git_repository* repository, const std::vector<git_oid>& objects) {
  git_packbuilder* raw = nullptr;
  if (git_packbuilder_new(&raw, repository) != 0) {
    return {};
  }
  const PackHandle pack(raw);
  for (const git_oid& id : objects) {
    if (git_packbuilder_insert(pack.get(), &id, nullptr) != 0) {
      return {};
    }
  }
  return git_packbuilder_write(pack.get(), nullptr, 0444, nullptr, nullptr) == 0
             ? to_hex(*git_packbuilder_hash(pack.get()))
             : "";
}

void repack(const std::string& repository) {
  const fs::path objects = fs::path(repository) / "objects";
  Gathered gathered;
  if (!gather_packs(objects, gathered) || !gather_loose(objects, gathered) ||
      gathered.objects.empty()) {
    return;
  }
  git_repository* raw = nullptr;
  if (git_repository_open_bare(&raw, repository.c_str()) != 0) {
    return;
  }
  const RepositoryHandle opened(raw);
  const std::string name = write_pack(opened.get(), gathered.objects);
  for (const fs::path& file : gathered.files) {
    if (!name.empty() && file.filename().string().find(name) == std::string::npos) {
      erase(file);
    }
  }
}

}  // namespace

void tidy_folder(const std::string& folder) {
  for (const fs::path& path : entries_of(folder)) {
    const std::string name = path.filename().string();
    if (name.starts_with("repo.git.")) {
      erase(path);
    }
  }
}

void tidy_repository(const std::string& repository) {
  const fs::path objects = fs::path(repository) / "objects";
  remove_temporary(repository);
  remove_temporary(fs::path(repository) / "refs" / "sluice");
  remove_temporary(objects);
  remove_temporary(objects / "pack");
  for (const fs::path& path : entries_of(objects)) {
    if (path.filename().string().size() == 2) {
      remove_temporary(path);
    }
  }
  repack(repository);
}

}  // namespace sluice::git
