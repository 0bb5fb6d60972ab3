// SPDX-License-Identifier: Apache-2.0
#include "support/packed_chart.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace sluice::support {
namespace {

struct Close {
  void operator()(archive* writer) const { archive_write_free(writer); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

unsigned type_of(Member::Is is) {
  switch (is) {
    case Member::Is::symbolic_link:
      return AE_IFLNK;
    case Member::Is::device:
      return AE_IFCHR;
    case Member::Is::file:
    case Member::Is::hard_link:
      break;
  }
  return AE_IFREG;
}

}  // namespace

void write_archive(const std::string& path, const std::vector<Member>& members) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  const std::unique_ptr<archive, Close> writer(archive_write_new());
  archive_write_add_filter_gzip(writer.get());
  archive_write_set_filter_option(writer.get(), "gzip", "timestamp", nullptr);
  archive_write_set_format_pax_restricted(writer.get());
  bool good = archive_write_open_filename(writer.get(), path.c_str()) == ARCHIVE_OK;
  for (const auto& member : members) {
    const bool is_file = member.is == Member::Is::file;
    const std::unique_ptr<archive_entry, Close> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), member.name.c_str());
    archive_entry_set_filetype(entry.get(), type_of(member.is));
    archive_entry_set_perm(entry.get(), 0644);
    if (member.is == Member::Is::symbolic_link) {
      archive_entry_set_symlink(entry.get(), member.bytes.c_str());
    } else if (member.is == Member::Is::hard_link) {
      archive_entry_set_hardlink(entry.get(), member.bytes.c_str());
    }
    const auto size = is_file ? member.bytes.size() : 0;
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    good = good && archive_write_header(writer.get(), entry.get()) >= ARCHIVE_WARN;
    good = good && (size == 0 || archive_write_data(writer.get(), member.bytes.data(), size) >= 0);
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK || !good) {
    throw std::runtime_error("cannot write " + path);
  }
}

}  // namespace sluice::support
