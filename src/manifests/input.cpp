// SPDX-License-Identifier: Apache-2.0
#include "manifests/input.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace sluice::manifests {
namespace {

bool is_manifest(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

/// "./a/" is called "a".
std::string plain_name(std::string path) {
  while (path.starts_with("./") && path.size() > 2) {
    path.erase(0, 2);
  }
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
  }
  return path;
}

}  // namespace

Result<std::vector<std::string>> files_of(const std::string& path) {
  const std::string name = plain_name(path);
  if (!io::exists(name)) {
    return Error{Error::Kind::not_found, text::printable(path) + " does not exist"};
  }
  if (io::kind_of(name) != io::EntryKind::directory) {
    return std::vector<std::string>{name};
  }
  std::vector<io::Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(name, [](std::string_view folder) {
                      return folder != ".git" && !folder.ends_with("/.git");
                    }));
  const std::string prefix = name == "." ? "" : name == "/" ? name : name + "/";
  std::vector<std::string> files;
  for (const io::Entry& entry : entries) {
    if (entry.kind == io::EntryKind::file && is_manifest(entry.path)) {
      files.push_back(prefix + entry.path);
    }
  }
  return files;
}

Input input_of(const std::string& word) {
  if (word == "-") {
    return {.path = "-", .label = "<stdin>"};
  }
  const std::string name = plain_name(word);
  return {.path = name, .label = name};
}

Result<std::vector<Input>> find_inputs(const std::vector<std::string>& words) {
  std::vector<Input> inputs;
  std::set<std::string> seen;
  for (const std::string& word : words) {
    std::vector<std::string> files = {word};
    if (word != "-") {
      SLUICE_TRY_ASSIGN(files, files_of(word));
    }
    for (const std::string& file : files) {
      if (seen.insert(file).second) {
        inputs.push_back(word == "-" ? input_of(file) : Input{.path = file, .label = file});
      }
    }
  }
  return inputs;
}

Result<std::string> read_bytes(const Input& input, std::uint64_t limit) {
  return input.path == "-" ? io::read_stdin(limit) : io::read_file(input.path, limit);
}

Result<yaml::Stream> read_stream(const Input& input, const yaml::Limits& limits, unsigned jobs) {
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, read_bytes(input, limits.stream_bytes));
  return yaml::parse(std::move(bytes), input.label, limits, jobs, yaml::LastLine::ended);
}

Result<Objects> read_objects(const std::vector<std::string>& words,
                             const yaml::Limits& limits,
                             unsigned jobs) {
  std::vector<Input> inputs;
  SLUICE_TRY_ASSIGN(inputs, find_inputs(words));
  Objects all;
  all.rendered = !inputs.empty();
  for (const Input& input : inputs) {
    yaml::Stream stream;
    SLUICE_TRY_ASSIGN(stream, read_stream(input, limits, jobs));
    all.rendered = all.rendered && stream.from_render;
    all.skipped += stream.skipped;
    all.unchanged += stream.unchanged;
    std::ranges::move(stream.findings, std::back_inserter(all.findings));
    stream.findings.clear();
    all.streams.push_back(std::make_shared<const yaml::Stream>(std::move(stream)));
  }
  for (const auto& stream : all.streams) {
    std::ranges::move(k8s::resources(*stream, all.findings), std::back_inserter(all.resources));
  }
  return all;
}

}  // namespace sluice::manifests
