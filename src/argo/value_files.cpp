// SPDX-License-Identifier: Apache-2.0
#include "argo/source.hpp"
#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <set>

namespace sluice::argo {
namespace {

using yaml::Value;

/// "secrets", "https": what stands before "://".
std::string_view scheme_of(std::string_view path) {
  const auto mark = path.find("://");
  if (mark == std::string_view::npos || mark == 0) {
    return {};
  }
  const auto scheme = path.substr(0, mark);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  };
  return std::ranges::all_of(scheme, fits) ? scheme : std::string_view{};
}

bool is_glob(std::string_view path) {
  return path.find_first_of("*?[") != std::string_view::npos;
}

struct Located {
  std::string path;
  bool glob = false;
};

/// "$values/envs/prod.yaml": the reference, or nullptr when the entry is no such thing.
const Reference* referenced(const Source& source, std::string_view entry) {
  if (!entry.starts_with('$')) {
    return nullptr;
  }
  const auto found = source.references.find(std::string(entry.substr(0, entry.find('/'))));
  return found == source.references.end() ? nullptr : &found->second;
}

std::optional<Located> locate(Context& context,
                              const Subject& subject,
                              Source& source,
                              const Value& entry) {
  if (!entry.is_string() || entry.text.empty()) {
    context.invalid(subject, &entry, "a file name is missing");
    return std::nullopt;
  }
  std::string path;
  if (const auto* other = referenced(source, entry.text); other != nullptr) {
    if (!other->ours) {
      context.unrenderable(subject, "values file " + entry.text + " is in repository " +
                                        other->url + ", which is not this one");
      return std::nullopt;
    }
    const auto slash = entry.text.find('/');
    path = slash == std::string::npos ? "" : entry.text.substr(slash);
    path = "/" + substitute(source.environment, path);
  } else {
    path = substitute(source.environment, entry.text);
    if (const auto scheme = scheme_of(path); !scheme.empty()) {
      context.unrenderable(subject, "file " + path + " is read through " + std::string(scheme) +
                                        "://, which needs a plugin or the network");
      return std::nullopt;
    }
  }
  const bool from_root = path.starts_with('/');
  while (path.starts_with('/')) {
    path.erase(0, 1);
  }
  const bool in_root_folder = from_root || source.path == ".";
  const auto normal = io::normalise_inside(in_root_folder ? path : source.path + "/" + path);
  if (!normal || normal->empty()) {
    context.invalid(subject, &entry, "file " + quoted(entry.text) + " leaves the repository");
    return std::nullopt;
  }
  return Located{*normal, is_glob(*normal)};
}

/// Files below the repository that a glob names, in lexical order.
std::vector<std::string> matches(const delivery::Repository& repository, const std::string& glob) {
  std::vector<std::string> found;
  const auto fixed = glob.substr(0, glob.find_first_of("*?[{\\"));
  for (auto file = std::ranges::lower_bound(repository.files, fixed);
       file != repository.files.end() && file->starts_with(fixed); ++file) {
    if (text::glob_match(glob, *file)) {
      found.push_back(*file);
    }
  }
  return found;
}

}  // namespace

std::optional<std::string> locate_file(Context& context,
                                       const Subject& subject,
                                       Source& source,
                                       const Value& entry) {
  const auto located = locate(context, subject, source, entry);
  if (!located) {
    return std::nullopt;
  }
  if (!context.repository.has_file(located->path)) {
    context.missing(subject, &entry,
                    "file " + quoted(located->path) + " is not in this repository");
    return std::nullopt;
  }
  return located->path;
}

std::optional<std::vector<delivery::ValuesFile>> value_files(Context& context,
                                                             const Subject& subject,
                                                             Source& source) {
  const auto* helm = source.find("helm");
  const auto* entries = helm == nullptr ? nullptr : helm->find("valueFiles");
  std::vector<delivery::ValuesFile> files;
  if (entries == nullptr) {
    return files;
  }
  const auto* ignore = helm->find("ignoreMissingValueFiles");
  const bool optional = ignore != nullptr && ignore->is_true();
  std::vector<Located> located;
  std::set<std::string> named;  // an explicit entry keeps its own place among a glob's matches
  for (const auto& entry : entries->items) {
    auto one = locate(context, subject, source, entry);
    if (!one) {
      return std::nullopt;
    }
    if (!one->glob) {
      named.insert(one->path);
    }
    located.push_back(std::move(*one));
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < located.size(); ++i) {
    const auto& [path, glob] = located[i];
    const auto& entry = entries->items[i];
    const auto at = context.place(subject, &entry);
    if (!glob) {
      if (!optional && !context.repository.has_file(path)) {
        context.missing(subject, &entry,
                        "values file " + quoted(path) + " is not in this repository");
        return std::nullopt;
      }
      if (seen.insert(path).second) {
        files.push_back({.path = path, .optional = optional, .named_at = at});
      }
      continue;
    }
    const auto found = matches(context.repository, path);
    if (found.empty() && !optional) {
      context.missing(subject, &entry, "no values file matches " + quoted(path));
      return std::nullopt;
    }
    for (const auto& match : found) {
      if (!named.contains(match) && seen.insert(match).second) {
        files.push_back({.path = match, .optional = optional, .named_at = at});
      }
    }
  }
  return files;
}

}  // namespace sluice::argo
