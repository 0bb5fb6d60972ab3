// SPDX-License-Identifier: Apache-2.0
#include "argo/fields.hpp"
#include "argo/generators.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace sluice::argo {
namespace {

using yaml::Kind;
using yaml::Value;

const Value* present(const Value& mapping, std::string_view key) {
  const auto* value = mapping.find(key);
  return value == nullptr || value->kind == Kind::null ? nullptr : value;
}

/// Go's path.Match in the words of text::glob_match: no braces, and no "**".
std::string from_path_match(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '{' || c == '}') {
      out += '\\';
    }
    if (c == '\\' && i + 1 < pattern.size()) {
      out += c;
      out += pattern[++i];
    } else if (c != '*' || !out.ends_with('*')) {
      out += c;
    }
  }
  return out;
}

/// A pathspec of `git ls-files`: a star crosses folders.
std::string from_pathspec(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c == '*') {
      out += out.ends_with("***") ? "" : "***";
      continue;
    }
    out += c == '{' || c == '}' ? "\\" : "";
    out += c;
  }
  return out;
}

std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

/// Folders that hold tracked files, without those whose name begins with a dot and all below.
std::set<std::string> folders(const delivery::Repository& repository) {
  std::set<std::string> found;
  for (const auto& file : repository.files) {
    for (auto slash = file.find('/'); slash != std::string::npos;
         slash = file.find('/', slash + 1)) {
      const auto folder = file.substr(0, slash);
      if (base_name(folder).starts_with('.')) {
        break;
      }
      found.insert(folder);
    }
  }
  return found;
}

struct Pattern {
  std::string glob;
  bool exclude = false;
  std::string begin, end;  ///< what every match begins and ends with: most files are told by these
};

Pattern pattern_of(std::string glob, bool exclude) {
  constexpr std::string_view special = "*?[]{}\\";
  const auto first = glob.find_first_of(special);
  const auto last = glob.find_last_of(special);
  Pattern pattern{std::move(glob), exclude, {}, {}};
  pattern.begin = pattern.glob.substr(0, first);
  pattern.end = last == std::string::npos ? pattern.glob : pattern.glob.substr(last + 1);
  if (pattern.glob.find("**") != std::string::npos) {  // "**/" and "/**" may be nothing at all
    if (pattern.begin.ends_with('/')) {
      pattern.begin.pop_back();
    }
    pattern.end.erase(0, pattern.end.starts_with('/') ? 1 : 0);
  }
  return pattern;
}

bool matches(const Pattern& pattern, const std::string& path) {
  return path.starts_with(pattern.begin) && path.ends_with(pattern.end) &&
         text::glob_match(pattern.glob, path);
}

std::vector<Pattern> patterns(const Value& entries,
                              const std::function<std::string(std::string_view)>& translate) {
  std::vector<Pattern> out;
  for (const auto& entry : entries.items) {
    const auto* exclude = entry.find("exclude");
    out.push_back(
        pattern_of(translate(entry.text_at({"path"})), exclude != nullptr && exclude->is_true()));
  }
  return out;
}

/// In when one pattern says so and none excludes it, whatever their order.
bool chosen(const std::vector<Pattern>& all, const std::string& path) {
  bool in = false;
  for (const auto& pattern : all) {
    const bool match = matches(pattern, path);
    if (match && pattern.exclude) {
      return false;
    }
    in = in || match;
  }
  return in;
}

void take_segments(std::string_view path, const std::string& name, Value& parameters) {
  const auto segments = text::split(path, '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    parameters.set(name + "[" + std::to_string(i) + "]", Value::string(std::string(segments[i])));
  }
}

/// path, path.basename, ... for `folder`, and the file's name when there is one.
void take_path(const Attempt& attempt,
               const Value& git,
               const std::string& folder,
               std::string_view file_name,
               Value& parameters) {
  const auto prefix = std::string(git.text_at({"pathParamPrefix"}));
  const auto base = std::string(base_name(folder));
  if (attempt.go()) {
    auto path = Value::mapping();
    path.set("path", Value::string(folder));
    path.set("basename", Value::string(base));
    path.set("basenameNormalized", Value::string(normalize_name(base)));
    auto& segments = path.set("segments", Value::sequence());
    for (const auto segment : text::split(folder, '/')) {
      segments.items.push_back(Value::string(std::string(segment)));
    }
    if (!file_name.empty()) {
      path.set("filename", Value::string(std::string(file_name)));
      path.set("filenameNormalized", Value::string(normalize_name(file_name)));
    }
    auto& holder = prefix.empty() ? parameters : parameters.set(prefix, Value::mapping());
    holder.set("path", std::move(path));
    return;
  }
  const std::string name = prefix.empty() ? "path" : prefix + ".path";
  parameters.set(name, Value::string(folder));
  parameters.set(name + ".basename", Value::string(base));
  parameters.set(name + ".basenameNormalized", Value::string(normalize_name(base)));
  if (!file_name.empty()) {
    parameters.set(name + ".filename", Value::string(std::string(file_name)));
    parameters.set(name + ".filenameNormalized", Value::string(normalize_name(file_name)));
  }
  take_segments(folder, name, parameters);
}

Generated from_directories(Attempt& attempt, const Value& git, const Value& directories) {
  const auto wanted = patterns(directories, from_path_match);
  Parameters out;
  for (const auto& folder : folders(attempt.context.repository)) {
    if (!chosen(wanted, folder)) {
      continue;
    }
    auto parameters = Value::mapping();
    take_path(attempt, git, folder, {}, parameters);
    if (!append_values(attempt, present(git, "values"), parameters) ||
        !attempt.within_limit(out.size() + 1, git)) {
      return std::nullopt;
    }
    out.push_back(std::move(parameters));
  }
  return out;
}

/// What one file holds: an object, or a list of them. An empty file is an empty object.
std::optional<Parameters> objects_in(Attempt& attempt, const Value& git, const std::string& file) {
  attempt.context.input(file);
  const auto& value = attempt.context.files.read(attempt.context.repository, file);
  if (!value) {
    attempt.context.invalid(
        attempt.subject, &git,
        "parameter file " + quoted(file) + ": " + text::printable(value.error().message, 300));
    return std::nullopt;
  }
  if (value->kind == Kind::null) {
    return Parameters{Value::mapping()};
  }
  Parameters objects = value->kind == Kind::sequence ? value->items : Parameters{*value};
  for (auto& object : objects) {
    if (!object.is_mapping()) {
      attempt.context.invalid(
          attempt.subject, &git,
          "parameter file " + quoted(file) + " holds neither a mapping nor a list of mappings");
      return std::nullopt;
    }
    // Their places are in another file than the ApplicationSet.
    object = attempt.go() ? std::move(object) : flatten(object);
  }
  return objects;
}

/// Argo CD lists files with `git ls-files PATTERN`, unless its new globbing is switched on: then a
/// star stays within a folder. Where the two differ nobody can tell from here which one is meant.
std::vector<std::string> files_of(Attempt& attempt, const Value& entries) {
  const auto classic = patterns(entries, from_pathspec);
  const auto modern = patterns(entries, [](std::string_view p) { return std::string(p); });
  std::vector<std::string> out;
  std::string differs;
  for (const auto& file : attempt.context.repository.files) {
    const bool in = chosen(classic, file);
    if (in) {
      out.push_back(file);
    }
    if (differs.empty() && in != chosen(modern, file)) {
      differs = file;
    }
  }
  if (!differs.empty()) {
    attempt.context.report(
        attempt.subject, &entries, diag::Severity::warning, "render/argo-ambiguous",
        "whether " + quoted(differs) +
            " is a parameter file depends on Argo CD's setting for git file globbing",
        "by default a '*' crosses folders there; name the files so that both readings agree");
  }
  return out;
}

Generated from_files(Attempt& attempt, const Value& git, const Value& entries) {
  Parameters out;
  for (const auto& file : files_of(attempt, entries)) {
    auto objects = objects_in(attempt, git, file);
    if (!objects) {
      return std::nullopt;
    }
    for (auto& parameters : *objects) {
      take_path(attempt, git, folder_of(file), base_name(file), parameters);
      if (!append_values(attempt, present(git, "values"), parameters) ||
          !attempt.within_limit(out.size() + 1, git)) {
        return std::nullopt;
      }
      out.push_back(std::move(parameters));
    }
  }
  return out;
}

}  // namespace

Generated generate_git(Attempt& attempt, const Value& git) {
  check_fields(attempt.context, attempt.subject, &git, git_generator_fields);
  // No path to look for: with unknown addresses any repository is taken to be this one.
  if (!follow_repository(attempt.context, attempt.subject, &git, git.text_at({"repoURL"}), ".")) {
    return std::nullopt;
  }
  note_revision(attempt.context, attempt.subject, present(git, "revision"),
                git.text_at({"revision"}));
  const auto* directories = present(git, "directories");
  if (directories != nullptr && !directories->items.empty()) {
    return from_directories(attempt, git, *directories);
  }
  const auto* files = present(git, "files");
  if (files != nullptr && !files->items.empty()) {
    return from_files(attempt, git, *files);
  }
  attempt.context.invalid(attempt.subject, &git, "a git generator needs directories or files");
  return std::nullopt;
}

}  // namespace sluice::argo
