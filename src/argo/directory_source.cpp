// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/source.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace sluice::argo {
namespace {

/// Argo CD's globs know no path segments: a star is any run of bytes. With three stars it is that
/// for text::glob_match too, wherever it stands ("**/" there may be nothing at all).
std::string without_segments(std::string_view glob) {
  std::string out;
  for (const char c : glob) {
    if (c == '*') {
      out += out.ends_with("***") ? "" : "***";
    } else {
      out += c;
    }
  }
  return out;
}

bool wanted(const delivery::DirectorySource& directory, std::string_view below) {
  if (!directory.recurse && below.find('/') != std::string_view::npos) {
    return false;
  }
  if (!directory.exclude.empty() && text::glob_match(directory.exclude, below)) {
    return false;
  }
  return directory.include.empty() || text::glob_match(directory.include, below);
}

}  // namespace

std::optional<delivery::DirectorySource> directory_source(Context& context,
                                                          const Subject& subject,
                                                          Source& source) {
  delivery::DirectorySource out{.path = source.path};
  const auto* directory = source.find("directory");
  if (directory != nullptr) {
    if (!check_fields(context, subject, directory, directory_fields)) {
      return std::nullopt;
    }
    const auto* recurse = directory->find("recurse");
    out.recurse = recurse != nullptr && recurse->is_true();
    out.include = without_segments(directory->text_at({"include"}));
    out.exclude = without_segments(directory->text_at({"exclude"}));
  }
  const std::string prefix = source.path == "." ? "" : source.path + "/";
  const auto& files = context.repository.files;
  for (auto file = std::ranges::lower_bound(files, prefix);
       file != files.end() && file->starts_with(prefix); ++file) {
    if (file->ends_with(".jsonnet") && wanted(out, std::string_view(*file).substr(prefix.size()))) {
      context.unrenderable(subject, "jsonnet is not evaluated: " + text::printable(*file));
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace sluice::argo
