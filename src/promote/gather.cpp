// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "promote/evaluate.hpp"

#include <algorithm>
#include <set>

namespace sluice::promote {

namespace {

/// A file without this word cannot hold the thing: most files are not parsed at all.
std::string needle_of(const Ask& ask) {
  const std::string_view name = ask.name;
  return std::string(
      name.substr(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1));
}

bool may_concern(std::string_view bytes, std::span<const std::string> needles) {
  return std::ranges::any_of(needles, [&](const std::string& needle) {
    return bytes.find(needle) != std::string_view::npos;
  });
}

}  // namespace

Result<Survey> survey_environment(Tree& tree,
                                  const Environments& environments,
                                  std::string_view environment,
                                  std::span<const Ask> asks) {
  std::vector<std::string> needles;
  std::vector<std::string> names;
  std::set<std::string> files_named;
  for (const Ask& ask : asks) {
    if (ask.kind == ItemKind::value) {
      files_named.insert(ask.file);
      continue;
    }
    needles.push_back(needle_of(ask));
    names.push_back(ask.name);
  }
  std::vector<File> files;
  SLUICE_TRY(tree.scan(
      environments.globs(environment),
      [&](const std::string& path) {
        return (files_named.contains(path) || (may_hold_values(path) && !needles.empty())) &&
               environments.owns(environment, path);
      },
      [&](const std::string& path, std::string_view bytes) {
        if (files_named.contains(path) || may_concern(bytes, needles)) {
          files.push_back({.path = path, .bytes = std::string(bytes)});
        }
      }));
  for (const std::string& named : files_named) {
    if (std::ranges::find(files, named, &File::path) == files.end()) {
      return Error{Error::Kind::not_found,
                   text::printable(named) + " is no file of " + std::string(environment)};
    }
  }
  return survey(std::move(files), names);
}

Result<std::vector<std::size_t>> places_of(Survey& survey, const Ask& ask, const Request& request) {
  Selector selector{.subject = ask.kind == ItemKind::model ? Subject::model : Subject::image,
                    .name = ask.name,
                    .file = ask.file,
                    .path = ask.path,
                    .object = request.object,
                    .container = request.container,
                    .several = request.several};
  selector.by = ask.kind == ItemKind::value ? Selector::By::path : Selector::By::name;
  return select(survey, selector);
}

}  // namespace sluice::promote
