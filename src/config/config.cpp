// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include "base/text.hpp"
#include "config/schema.hpp"
#include "config/sections.hpp"
#include "config/strict.hpp"
#include "io/files.hpp"
#include "yaml/parse.hpp"

#include <algorithm>

namespace sluice::config {

namespace {

constexpr std::uint64_t most_bytes = 1U << 20U;
constexpr const char* default_name = "sluice.yaml";

/// What the strict reader of manifests has against the text: syntax, duplicate keys, depth, aliases
/// without end. yaml-cpp takes all of these, and recurses.
std::vector<std::string> gate(const std::string& text, const std::string& file) {
  const auto stream = yaml::parse(text, file, {.depth = 64, .document_bytes = most_bytes});
  if (!stream) {
    return {text::printable(stream.error().message)};
  }
  std::vector<std::string> problems;
  for (const diag::Finding& finding : stream->findings) {
    problems.push_back(
        text::printable(finding.location.file) + ':' + std::to_string(finding.location.line) + ':' +
        std::to_string(finding.location.column) + ": " + text::printable(finding.message));
  }
  if (stream->documents.size() > 1) {
    problems.push_back(text::printable(file) + ": there must be one document, and there are " +
                       std::to_string(stream->documents.size()));
  }
  return problems;
}

Error all_of(const std::vector<std::string>& problems) {
  return {Error::Kind::parse, text::join(problems, "\n")};
}

/// What findings call the file. The usual one goes by its name in the repository, wherever that was
/// checked out: the same input gives the same bytes.
std::string shown(const std::string& path) {
  const std::string name =
      path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  return path.empty() || name == default_name ? default_name : path;
}

}  // namespace

/// What yaml-cpp throws ends here.
Status read_strictly(const std::string& text,
                     const std::string& file,
                     const std::function<void(Reader& reader, const YAML::Node& root)>& read) try {
  if (const std::vector<std::string> problems = gate(text, file); !problems.empty()) {
    return all_of(problems);
  }
  const YAML::Node root = YAML::Load(text);
  if (!root.IsDefined() || root.IsNull()) {
    return ok;
  }
  Reader reader(file);
  read(reader, root);
  return reader.problems().empty() ? ok : Status(all_of(reader.problems()));
} catch (const YAML::Exception& e) {
  return Error{Error::Kind::parse, text::printable(file) + ':' + std::to_string(e.mark.line + 1) +
                                       ':' + std::to_string(e.mark.column + 1) + ": " +
                                       text::printable(e.msg)};
}

Result<Config> parse(std::string text, const std::string& file) {
  Config config{.file = file};
  SLUICE_TRY(read_strictly(text, file, [&config](Reader& reader, const YAML::Node& root) {
    read_root(reader, root, config);
  }));
  return config;
}

std::string schema() {
  Config config;
  return schema_of("sluice.yaml", [&config](Reader& reader, const YAML::Node& root) {
    read_root(reader, root, config);
  });
}

Result<Config> load(const std::string& path, const std::string& root) {
  const std::string in_root = root.empty() ? default_name : root + '/' + default_name;
  if (path.empty() && !io::exists(in_root)) {
    return Config{};
  }
  std::string text;
  SLUICE_TRY_ASSIGN(text, io::read_file(path.empty() ? in_root : path, most_bytes));
  return parse(std::move(text), shown(path));
}

}  // namespace sluice::config
