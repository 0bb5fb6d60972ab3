// SPDX-License-Identifier: Apache-2.0
#include "validate/input.hpp"

#include "base/text.hpp"
#include "io/files.hpp"

#include <array>
#include <set>
#include <string_view>

namespace sluice::validate {
namespace {

bool is_manifest(std::string_view path) {
  constexpr std::array<std::string_view, 3> endings{".yaml", ".yml", ".json"};
  for (const std::string_view ending : endings) {
    if (path.ends_with(ending)) {
      return true;
    }
  }
  return false;
}

/// "./a/" is called "a".
std::string label_of(std::string path) {
  while (path.starts_with("./") && path.size() > 2) {
    path.erase(0, 2);
  }
  while (path.size() > 1 && path.ends_with('/')) {
    path.pop_back();
  }
  return path;
}

Status add_folder(const std::string& folder, std::vector<Input>& out) {
  std::vector<io::Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(folder, [](std::string_view directory) {
                      return directory != ".git" && !directory.ends_with("/.git");
                    }));
  const std::string prefix = folder == "." ? "" : folder + (folder.ends_with('/') ? "" : "/");
  for (const io::Entry& entry : entries) {
    if (entry.kind == io::EntryKind::file && is_manifest(entry.path)) {
      out.push_back({prefix + entry.path, prefix + entry.path});
    }
  }
  return ok;
}

}  // namespace

Result<std::vector<Input>> find_inputs(const std::vector<std::string>& words) {
  std::vector<Input> out;
  for (const std::string& word : words) {
    if (word == "-") {
      out.push_back({"-", "<stdin>"});
    } else if (const std::string path = label_of(word);
               io::kind_of(path) == io::EntryKind::directory) {
      SLUICE_TRY(add_folder(path, out));
    } else if (io::exists(path)) {
      out.push_back({path, path});
    } else {
      return Error{Error::Kind::not_found, text::printable(word) + " is not there"};
    }
  }
  std::set<std::string> seen;
  std::erase_if(out, [&](const Input& input) { return !seen.insert(input.path).second; });
  return out;
}

Result<std::string> read_input(const Input& input, std::uint64_t limit) {
  return input.path == "-" ? io::read_stdin(limit) : io::read_file(input.path, limit);
}

}  // namespace sluice::validate
