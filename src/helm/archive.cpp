// SPDX-License-Identifier: Apache-2.0
#include "helm/archive.hpp"

#include "base/text.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <memory>
#include <optional>

namespace sluice::helm {
namespace {

struct Close {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Close>;

Error failure(Error::Kind kind, const std::string& path, const std::string& what) {
  return {kind, text::printable(path) + ": " + what};
}

bool leaves(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos) {
    return true;
  }
  for (const auto part : text::split(name, '/')) {
    if (part == "..") {
      return true;
    }
  }
  return false;
}

/// What is wrong with a member's kind or name.
std::optional<std::string> unsafe(archive_entry* entry, std::string_view name) {
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr) {
    return "is a link";
  }
  const auto type = archive_entry_filetype(entry);
  if (type != AE_IFREG && type != AE_IFDIR) {
    return "is neither a file nor a folder";
  }
  if (leaves(name)) {
    return "leaves the chart";
  }
  return std::nullopt;
}

Status read_bytes(archive* reader, const std::string& path, std::uint64_t limit, std::string& out) {
  char buffer[65536];
  for (;;) {
    const auto got = archive_read_data(reader, buffer, sizeof buffer);
    if (got < 0) {
      return failure(Error::Kind::parse, path, "is damaged");
    }
    if (got == 0) {
      return ok;
    }
    out.append(buffer, static_cast<std::size_t>(got));
    if (out.size() > limit) {
      return failure(Error::Kind::limit, path,
                     "a file of the archive is larger than " + std::to_string(limit) + " bytes");
    }
  }
}

}  // namespace

Result<std::vector<ArchiveFile>> read_archive(const std::string& path,
                                              const ArchiveLimits& limits) {
  const Reader reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_filename(reader.get(), path.c_str(), 65536) != ARCHIVE_OK) {
    return failure(Error::Kind::parse, path, "is no gzip-compressed tar archive");
  }
  std::vector<ArchiveFile> files;
  std::string top;
  std::uint64_t total = 0;
  archive_entry* entry = nullptr;
  for (;;) {
    const int state = archive_read_next_header(reader.get(), &entry);
    if (state == ARCHIVE_EOF) {
      break;
    }
    if (state != ARCHIVE_OK && state != ARCHIVE_WARN) {
      return failure(Error::Kind::parse, path, "is no readable tar archive");
    }
    const char* raw = archive_entry_pathname(entry);
    const std::string name = raw == nullptr ? "" : raw;
    if (const auto problem = unsafe(entry, name)) {
      return failure(Error::Kind::unsupported, path,
                     "member " + text::printable(name) + " " + *problem);
    }
    if (archive_entry_filetype(entry) == AE_IFDIR) {
      continue;
    }
    const std::string_view relative =
        name.starts_with("./") ? std::string_view(name).substr(2) : std::string_view(name);
    const auto slash = relative.find('/');
    if (slash == std::string_view::npos || (!top.empty() && relative.substr(0, slash) != top)) {
      return failure(Error::Kind::parse, path,
                     "member " + text::printable(name) + " is not in the chart's one top folder");
    }
    top = relative.substr(0, slash);
    if (files.size() >= limits.files) {
      return failure(Error::Kind::limit, path,
                     "holds more than " + std::to_string(limits.files) + " files");
    }
    ArchiveFile file{.path = std::string(relative.substr(slash + 1))};
    SLUICE_TRY(read_bytes(reader.get(), path, limits.file_bytes, file.bytes));
    total += file.bytes.size();
    if (total > limits.total_bytes) {
      return failure(Error::Kind::limit, path,
                     "unpacks to more than " + std::to_string(limits.total_bytes) + " bytes");
    }
    files.push_back(std::move(file));
  }
  if (files.empty()) {
    return failure(Error::Kind::parse, path, "is empty");
  }
  return files;
}

}  // namespace sluice::helm
