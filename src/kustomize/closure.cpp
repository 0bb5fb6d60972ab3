// SPDX-License-Identifier: Apache-2.0
#include "kustomize/closure.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "kustomize/spelling.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sluice::kustomize {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

constexpr std::uint64_t file_limit = 16U << 20U;
constexpr std::size_t most_folders = 2'000;

std::string join(const std::string& folder, std::string_view rest) {
  return folder + "/" + std::string(rest);
}

/// What kustomize hands to git or HTTP when there is no such file.
bool looks_remote(std::string_view reference) {
  constexpr std::string_view marks[] = {"://", "git@", "?ref=", "?version=", ".git//", "git::"};
  constexpr std::string_view hosts[] = {"github.com/", "gitlab.com/", "bitbucket.org/", "gh:"};
  return std::any_of(std::begin(marks), std::end(marks),
                     [&](auto m) { return reference.find(m) != std::string_view::npos; }) ||
         std::any_of(std::begin(hosts), std::end(hosts),
                     [&](auto h) { return reference.starts_with(h); });
}

/// Fields whose entries name files or folders, and what they are.
enum class Entry : std::uint8_t { resource, folder_or_file, file, file_or_inline, plugin };

struct Field {
  std::string_view name;
  Entry entry;
};

constexpr Field path_fields[] = {{"resources", Entry::resource},
                                 {"bases", Entry::resource},
                                 {"components", Entry::resource},
                                 {"crds", Entry::file},
                                 {"configurations", Entry::folder_or_file},
                                 {"generators", Entry::plugin},
                                 {"transformers", Entry::plugin},
                                 {"validators", Entry::plugin},
                                 {"patchesStrategicMerge", Entry::file_or_inline}};

constexpr std::string_view fields_with_path[] = {"patches", "patchesJson6902", "replacements"};
constexpr std::string_view generator_fields[] = {"configMapGenerator", "secretGenerator"};

class Scan {
 public:
  explicit Scan(const std::string& root) : root_(root) {}

  Status enter(const std::string& folder, const diag::Location& named_at) {
    if (on_path_.contains(folder)) {
      problem(Problem::Kind::cycle,
              "the kustomization " + text::printable(folder) + " refers to itself", named_at);
      return ok;
    }
    if (!done_.insert(folder).second) {
      return ok;
    }
    if (done_.size() > most_folders) {
      return Error{Error::Kind::limit, "the kustomization refers to more than " +
                                           std::to_string(most_folders) + " folders"};
    }
    const auto file = kustomization_file(root_, folder);
    if (file.empty()) {
      problem(Problem::Kind::missing, "no kustomization in " + text::printable(folder), named_at);
      return ok;
    }
    result_.folders.push_back(folder);
    result_.kustomizations.push_back(file);
    on_path_.insert(folder);
    const auto status = read(folder, file);
    on_path_.erase(folder);
    return status;
  }

  Closure take() {
    for (auto* list :
         {&result_.folders, &result_.kustomizations, &result_.manifests, &result_.others}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    return std::move(result_);
  }

 private:
  void problem(Problem::Kind kind, std::string message, diag::Location at) {
    result_.problems.push_back({kind, std::move(message), std::move(at)});
  }

  Status read(const std::string& folder, const std::string& file) {
    auto bytes = io::read_file(root_ + "/" + file, file_limit);
    if (!bytes) {
      problem(Problem::Kind::invalid, text::printable(file) + " cannot be read", {.file = file});
      return ok;
    }
    if (has_merge_key(*bytes)) {
      problem(
          Problem::Kind::invalid,
          "has a merge key (<<), which readers of YAML take in different ways; write the fields "
          "out",
          {.file = file});
    }
    auto stream = yaml::parse(std::move(*bytes), file);
    if (!stream) {
      return stream.error();
    }
    for (const auto& finding : stream->findings) {
      if (finding.severity == diag::Severity::error) {
        problem(Problem::Kind::invalid, finding.message, finding.location);
      }
    }
    if (stream->documents.size() != 1 || stream->documents.front().root().kind != Kind::mapping) {
      problem(Problem::Kind::invalid, text::printable(file) + " is not one mapping",
              {.file = file});
      return ok;
    }
    return read_fields(folder, stream->documents.front());
  }

  Status read_fields(const std::string& folder, const Document& document) {
    const auto& root = document.root();
    check_spelling(document, root);
    for (const auto& field : path_fields) {
      for (const auto& node : items(document, field.name)) {
        if (node.kind == Kind::string) {
          SLUICE_TRY(follow(folder, document, node, field.entry));
        }
      }
    }
    for (const auto field : fields_with_path) {
      for (const auto& node : items(document, field)) {
        check_spelling(document, node);
        file_member(folder, document, node, "path");
      }
    }
    for (const auto field : generator_fields) {
      for (const auto& node : items(document, field)) {
        read_generator(folder, document, node);
      }
    }
    if (const Node* openapi = document.find(root, "openapi"); openapi != nullptr) {
      check_spelling(document, *openapi);
      file_member(folder, document, *openapi, "path");
    }
    for (const auto* const field : {"helmCharts", "helmChartInflationGenerator"}) {
      for (const auto& node : items(document, field)) {
        problem(Problem::Kind::unsupported,
                "inflates the chart " + text::printable(document.text(node, {"name"})) + " with " +
                    field + ", which kustomize does only with --enable-helm",
                document.where(node));
      }
    }
    return ok;
  }

  void check_spelling(const Document& document, const Node& mapping) {
    if (const auto at = misspelt_field(document, mapping)) {
      problem(Problem::Kind::invalid,
              "has a field that is spelt otherwise than kustomize documents it", *at);
    }
  }

  /// A generator, transformer or validator of kustomize's own reads files and addresses, too.
  void check_plugin(std::string bytes, const std::string& file, const diag::Location& named_at) {
    const auto stream = yaml::parse(std::move(bytes), file);
    if (!stream || !stream->findings.empty()) {
      problem(Problem::Kind::invalid, "has a generator or transformer that cannot be read",
              named_at);
      return;
    }
    for (const auto& document : stream->documents) {
      for (const auto& [address, at] : addresses(document)) {
        problem(Problem::Kind::remote,
                "has a generator or transformer that reads " + text::printable(address) +
                    ", which is not in this repository",
                named_at);
      }
    }
  }

  static std::span<const Node> items(const Document& document, std::string_view field) {
    const Node* list = document.find(document.root(), field);
    return list != nullptr && list->kind == Kind::sequence ? document.children(*list)
                                                           : std::span<const Node>{};
  }

  void file_member(const std::string& folder,
                   const Document& document,
                   const Node& node,
                   std::string_view member) {
    const Node* path = node.kind == Kind::mapping ? document.find(node, member) : nullptr;
    if (path != nullptr && path->kind == Kind::string && !path->text.empty()) {
      take_file(folder, path->text, document.where(*path), result_.others);
    }
  }

  /// files: ["key=path"], envs: [path], env: path.
  void read_generator(const std::string& folder, const Document& document, const Node& node) {
    if (node.kind != Kind::mapping) {
      return;
    }
    check_spelling(document, node);
    file_member(folder, document, node, "env");
    for (const auto* const member : {"files", "envs"}) {
      const Node* list = document.find(node, member);
      if (list == nullptr || list->kind != Kind::sequence) {
        continue;
      }
      for (const auto& item : document.children(*list)) {
        const auto equals = item.text.find('=');
        const auto path =
            equals == std::string_view::npos ? item.text : item.text.substr(equals + 1);
        take_file(folder, path, document.where(item), result_.others);
      }
    }
  }

  Status follow(const std::string& folder,
                const Document& document,
                const Node& node,
                Entry entry) {
    const auto at = document.where(node);
    const bool may_be_inline = entry == Entry::file_or_inline || entry == Entry::plugin;
    if (may_be_inline && node.text.find('\n') != std::string_view::npos) {
      if (entry == Entry::plugin) {
        check_plugin(std::string(node.text), at.file, at);
      }
      return ok;
    }
    const bool manifest = entry == Entry::resource;
    const auto path = place(folder, node.text, at);
    if (path.empty()) {
      return ok;
    }
    if (io::kind_of(root_ + "/" + path) == io::EntryKind::directory || is_linked_folder(path)) {
      return entry == Entry::file ? ok : enter(path, at);
    }
    if (entry == Entry::plugin) {
      auto bytes = io::read_file(root_ + "/" + path, file_limit);
      check_plugin(bytes ? std::move(*bytes) : std::string("["), path, at);
    }
    (manifest ? result_.manifests : result_.others).push_back(path);
    return ok;
  }

  void take_file(const std::string& folder,
                 std::string_view reference,
                 const diag::Location& at,
                 std::vector<std::string>& list) {
    if (const auto path = place(folder, reference, at); !path.empty()) {
      list.push_back(path);
    }
  }

  bool is_linked_folder(const std::string& path) const {
    const auto real = io::resolve_inside(root_, path);
    return real && io::kind_of(*real) == io::EntryKind::directory;
  }

  /// Where a reference leads, relative to the root; empty after a problem.
  std::string place(const std::string& folder,
                    std::string_view reference,
                    const diag::Location& at) {
    const std::string shown = text::printable(reference);
    if (reference.find("://") != std::string_view::npos) {
      problem(Problem::Kind::remote, "refers to " + shown + ", which is not in this repository",
              at);
      return {};
    }
    const auto path = reference.starts_with('/') ? Result<std::string>(Error{})
                                                 : io::normalise_inside(join(folder, reference));
    const auto real = path ? io::resolve_inside(root_, *path)
                           : Result<std::string>(Error{.kind = Error::Kind::usage});
    if (real) {
      return *path;
    }
    if (looks_remote(reference)) {
      problem(Problem::Kind::remote, "refers to " + shown + ", which is not in this repository",
              at);
    } else if (real.error().kind == Error::Kind::usage) {
      problem(Problem::Kind::outside, "refers to " + shown + ", which lies outside the repository",
              at);
    } else {
      problem(Problem::Kind::missing, "refers to " + shown + ", which does not exist", at);
    }
    return {};
  }

  const std::string& root_;
  Closure result_;
  std::set<std::string> done_, on_path_;
};

}  // namespace

std::string kustomization_file(const std::string& root, const std::string& folder) {
  for (const auto* const name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    const std::string path = folder == "." ? std::string(name) : folder + "/" + name;
    const auto real = io::resolve_inside(root, path);
    if (real && io::kind_of(*real) == io::EntryKind::file) {
      return path;
    }
  }
  return {};
}

Result<Closure> closure(const std::string& root, const std::string& folder) {
  Scan scan(root);
  SLUICE_TRY(scan.enter(folder, {}));
  return scan.take();
}

}  // namespace sluice::kustomize
