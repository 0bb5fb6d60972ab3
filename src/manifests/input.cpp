// SPDX-License-Identifier: Apache-2.0
#include "manifests/input.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "yaml/shared.hpp"

#include <algorithm>
#include <future>
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

using Streams = std::vector<std::shared_ptr<const yaml::Stream>>;

/// Objects, while their documents are still being gathered.
struct Reading {
  Objects objects;
  std::vector<std::vector<const yaml::Document*>> documents;  ///< of each stream
};

/// Parses one input but for what `others` hold.
Status read_one(const Streams& others, yaml::Opened opened, unsigned jobs, Reading& out) {
  yaml::SharedStream shared;
  SLUICE_TRY_ASSIGN(shared, yaml::parse_beside(others, std::move(opened), jobs));
  auto& stream = shared.stream;
  auto& all = out.objects;
  all.rendered = all.rendered && stream.from_render;
  all.skipped += stream.skipped;
  all.unchanged += stream.unchanged;
  std::ranges::move(stream.findings, std::back_inserter(all.findings));
  stream.findings.clear();
  out.documents.push_back(std::move(shared.documents));
  all.streams.push_back(std::make_shared<const yaml::Stream>(std::move(stream)));
  return ok;
}

Result<yaml::Opened> open_one(const Input& input, const yaml::Limits& limits) {
  std::string bytes;
  SLUICE_TRY_ASSIGN(bytes, read_bytes(input, limits.stream_bytes));
  return yaml::open(std::move(bytes), input.label, limits, yaml::LastLine::ended);
}

Result<std::vector<yaml::Opened>> open_all(const std::vector<std::string>& words,
                                           const yaml::Limits& limits) {
  std::vector<Input> inputs;
  SLUICE_TRY_ASSIGN(inputs, find_inputs(words));
  std::vector<yaml::Opened> all;
  for (const Input& input : inputs) {
    yaml::Opened opened;
    SLUICE_TRY_ASSIGN(opened, open_one(input, limits));
    all.push_back(std::move(opened));
  }
  return all;
}

/// Parses all but what `others` hold, and keeps those with it.
Result<Reading> parse_all(std::vector<yaml::Opened> opened, const Streams& others, unsigned jobs) {
  Reading reading;
  reading.objects.rendered = !opened.empty();
  for (auto& input : opened) {
    SLUICE_TRY(read_one(others, std::move(input), jobs, reading));
  }
  auto& streams = reading.objects.streams;
  streams.insert(streams.end(), others.begin(), others.end());
  return reading;
}

Objects objects_of(Reading reading, unsigned jobs) {
  auto& all = reading.objects;
  for (const auto& documents : reading.documents) {
    auto resources = k8s::resources(documents, all.findings, jobs);
    if (all.resources.empty()) {
      all.resources = std::move(resources);
    } else {
      std::ranges::move(resources, std::back_inserter(all.resources));
    }
  }
  return std::move(all);
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
  std::vector<yaml::Opened> opened;
  SLUICE_TRY_ASSIGN(opened, open_all(words, limits));
  Reading reading;
  SLUICE_TRY_ASSIGN(reading, parse_all(std::move(opened), {}, jobs));
  return objects_of(std::move(reading), jobs);
}

Result<Sides> read_sides(const std::vector<std::string>& base,
                         const std::vector<std::string>& head,
                         const yaml::Limits& limits,
                         unsigned jobs) {
  const auto policy = jobs > 1 ? std::launch::async : std::launch::deferred;
  auto base_opened = std::async(policy, [&] { return open_all(base, limits); });
  std::vector<yaml::Opened> opened;
  SLUICE_TRY_ASSIGN(opened, open_all(head, limits));
  Reading reading;
  SLUICE_TRY_ASSIGN(reading, parse_all(std::move(opened), {}, jobs));
  const auto head_streams = reading.objects.streams;
  auto head_objects = std::async(policy, objects_of, std::move(reading), 1);
  SLUICE_TRY_ASSIGN(opened, base_opened.get());
  SLUICE_TRY_ASSIGN(reading, parse_all(std::move(opened), head_streams, jobs));
  Sides sides{.base = objects_of(std::move(reading), jobs), .head = {}};
  sides.head = head_objects.get();
  return sides;
}

}  // namespace sluice::manifests
