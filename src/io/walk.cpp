// SPDX-License-Identifier: Apache-2.0
#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>

namespace sluice::io {

namespace {

Error folder_error(const std::string& path, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR;
  return {missing ? Error::Kind::not_found : Error::Kind::io,
          text::printable(path) + ": " + std::generic_category().message(number)};
}

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

/// Some file systems do not say in the listing what an entry is.
EntryKind kind_of_entry(DIR* directory, const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG:
      return EntryKind::file;
    case DT_DIR:
      return EntryKind::directory;
    case DT_LNK:
      return EntryKind::symlink;
    case DT_UNKNOWN:
      break;
    default:
      return EntryKind::other;
  }
  struct stat status {};
  if (::fstatat(::dirfd(directory), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return EntryKind::other;
  }
  return S_ISREG(status.st_mode)   ? EntryKind::file
         : S_ISDIR(status.st_mode) ? EntryKind::directory
         : S_ISLNK(status.st_mode) ? EntryKind::symlink
                                   : EntryKind::other;
}

/// O_NOFOLLOW below the root: a folder that turns into a link between two looks is not followed.
Result<Directory> open_directory(const std::string& path, int extra_flags) {
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | extra_flags));
  if (!descriptor) {
    return folder_error(path, errno);
  }
  DIR* const directory = ::fdopendir(descriptor.get());
  if (directory == nullptr) {
    return folder_error(path, errno);
  }
  (void)descriptor.release();
  return Directory(directory);
}

Status list(const std::string& root, const std::string& below, std::vector<Entry>& entries) {
  const std::string path = below.empty() ? root : root + '/' + below;
  Directory directory;
  SLUICE_TRY_ASSIGN(directory, open_directory(path, below.empty() ? 0 : O_NOFOLLOW));
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(directory.get());
    if (entry == nullptr) {
      return errno == 0 ? ok : Status(folder_error(path, errno));
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({below.empty() ? std::string(name) : below + '/' + std::string(name),
                         kind_of_entry(directory.get(), *entry)});
    }
  }
}

}  // namespace

Result<std::vector<Entry>> walk(const std::string& root,
                                const std::function<bool(std::string_view directory)>& enter) {
  std::vector<Entry> entries;
  SLUICE_TRY(list(root, "", entries));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string directory = entries[i].path;  // a copy: the vector grows below
    if (entries[i].kind == EntryKind::directory && (!enter || enter(directory))) {
      SLUICE_TRY(list(root, directory, entries));
    }
  }
  std::ranges::sort(entries, {}, &Entry::path);
  return entries;
}

}  // namespace sluice::io
