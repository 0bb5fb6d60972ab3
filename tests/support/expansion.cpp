// SPDX-License-Identifier: Apache-2.0
#include "support/expansion.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

std::string at(const diag::Location& place) {
  return place.file + ":" + std::to_string(place.line);
}

void word(std::string& out, const std::string& name, const std::string& value) {
  if (!value.empty()) {
    out += " " + name + "=" + value;
  }
}

void flag(std::string& out, const std::string& name, bool set) {
  out += set ? " " + name : "";
}

void print(const delivery::HelmSource& helm, std::string& out) {
  out += "  helm " + helm.chart + " release=" + helm.release;
  word(out, "namespace", helm.name_space);
  flag(out, "skip-crds", helm.skip_crds);
  flag(out, "skip-tests", helm.skip_tests);
  flag(out, "skip-hooks", helm.skip_hooks);
  flag(out, "skip-schema", helm.skip_schema_validation);
  flag(out, "replaces-values", helm.replaces_values);
  out += '\n';
  for (const auto& file : helm.values_files) {
    out += "    values " + file.path + (file.optional ? " optional" : "") + " at " +
           at(file.named_at) + "\n";
  }
  if (!helm.values.empty()) {
    out += "    inline at " + at(helm.values_at) + " " + helm.values;
    out += out.ends_with('\n') ? "" : "\n";
  }
  for (const auto& parameter : helm.parameters) {
    constexpr const char* flags[] = {"set", "set-string", "set-file"};
    out += std::string("    ") + flags[static_cast<int>(parameter.as)] + " " + parameter.name +
           "=" + parameter.value + "\n";
  }
  for (const auto& renderer : helm.post_renderers) {
    out += "    post-render " + renderer + "\n";
  }
}

void print(const delivery::KustomizeSource& kustomize, std::string& out) {
  out += "  kustomize " + kustomize.path + (kustomize.generate_if_absent ? " generate" : "") + "\n";
  out += kustomize.edits.empty() ? "" : "    edits " + kustomize.edits + "\n";
}

void print(const delivery::DirectorySource& directory, std::string& out) {
  out += "  directory " + directory.path;
  flag(out, "recurse", directory.recurse);
  word(out, "include", directory.include);
  word(out, "exclude", directory.exclude);
  out += '\n';
}

void print(const delivery::Unit& unit, std::string& out) {
  out += "unit " + unit.name;
  word(out, "app", unit.app);
  word(out, "cluster", unit.destination);
  word(out, "namespace", unit.name_space);
  word(out, "env", unit.env);
  word(out, "path", unit.path);
  word(out, "kube", unit.kube_version);
  for (const auto& version : unit.api_versions) {
    word(out, "api", version);
  }
  flag(out, "server-side", unit.apply == delivery::Apply::server_side);
  out += " chain=" + unit.chain + " at " + at(unit.defined_at) + "\n";
  std::visit([&](const auto& source) { print(source, out); }, unit.source);
  if (unit.substitute) {
    out += "  substitute";
    for (const auto& [name, value] : unit.substitute->variables) {
      word(out, name, value.empty() ? "\"\"" : value);
    }
    out += " at " + at(unit.substitute->at) + "\n";
  }
}

}  // namespace

RepositoryOnDisk::RepositoryOnDisk(const std::map<std::string, std::string>& files)
    : folder_(std::move(*io::TemporaryDirectory::make("repository"))) {
  repository.root = folder_.path();
  repository.urls = {"https://git.example.com/acme/platform.git"};
  repository.urls_known = true;
  for (const auto& [path, bytes] : files) {
    EXPECT_TRUE(io::write_atomically(folder_.path() + "/" + path, bytes));
    repository.files.push_back(path);
  }
}

Objects::Objects(const std::string& manifest, const std::string& file) {
  auto parsed = yaml::parse(manifest, file);
  EXPECT_TRUE(parsed);
  stream = std::move(*parsed);
  for (const auto& finding : stream.findings) {
    ADD_FAILURE() << finding.message;
  }
  std::vector<diag::Finding> findings;
  resources = k8s::resources(stream, findings);
  EXPECT_TRUE(findings.empty()) << findings.front().message;
}

std::string to_text(const delivery::Expansion& expansion) {
  std::string out;
  for (const auto& unit : expansion.units) {
    print(unit, out);
  }
  for (const auto& skip : expansion.unrenderable) {
    out += (skip.reported ? "rejected " : "skip ") + skip.name;
    word(out, "env", skip.env);
    out += skip.reported ? "\n" : ": " + skip.reason + "\n";
  }
  for (const auto& finding : expansion.findings) {
    out += std::string(diag::name(finding.severity)) + " " + at(finding.location) + " " +
           finding.message + " [" + finding.code + "]\n";
    out += finding.hint.empty() ? "" : "  hint: " + finding.hint + "\n";
  }
  for (const auto& input : expansion.inputs) {
    out += "input " + input + "\n";
  }
  return out;
}

}  // namespace sluice::test
