// SPDX-License-Identifier: Apache-2.0
#include "model-gate/digest.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

namespace sluice::model_gate {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20U;

Result<std::string> hex_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 digest;
  std::string buffer(piece, '\0');
  while (file) {
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    digest.update({buffer.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (!file.eof()) {
    return Error{Error::Kind::io, text::printable(path) + ": the model cannot be read"};
  }
  return hex(digest.finish());
}

}  // namespace

Result<std::string> digest_of(const std::string& path) {
  std::string digest;
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    SLUICE_TRY_ASSIGN(digest, hex_of_file(path));
    return "sha256:" + digest;
  }
  std::vector<io::Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(path));
  std::vector<std::string> lines;
  for (const io::Entry& entry : entries) {
    if (entry.kind == io::EntryKind::directory) {
      continue;
    }
    if (entry.kind != io::EntryKind::file) {
      return Error{Error::Kind::io, text::printable(path) + '/' + text::printable(entry.path) +
                                        " is a link or a device; a model is of plain files"};
    }
    SLUICE_TRY_ASSIGN(digest, hex_of_file(path + '/' + entry.path));
    lines.push_back(digest + "  " + entry.path + '\n');
  }
  if (lines.empty()) {
    return Error{Error::Kind::io, text::printable(path) + " holds no file"};
  }
  std::ranges::sort(lines);
  return "sha256:" + hex(sha256(text::join(lines, "")));
}

}  // namespace sluice::model_gate
