// SPDX-License-Identifier: Apache-2.0
#include "mutants/compare.hpp"

#include "validate/run.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace sluice::test {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

}  // namespace

std::vector<yaml::Value> seeds() {
  std::set<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/mutants/seeds")) {
    files.insert(entry.path());
  }
  std::vector<yaml::Value> out;
  for (const auto& file : files) {
    const auto stream = yaml::parse(bytes_of(file), file.filename().string());
    if (!stream || !stream->findings.empty()) {
      throw std::runtime_error("a seed is not readable: " + file.string());
    }
    for (const auto& document : stream->documents) {
      out.push_back(*yaml::to_value(document, document.root()));
    }
  }
  return out;
}

std::vector<Mutant> differences() {
  const auto stream =
      yaml::parse(bytes_of(SLUICE_SOURCE_DIR "/tests/mutants/differences.yaml"), "differences");
  if (!stream) {
    throw std::runtime_error(stream.error().message);
  }
  std::vector<Mutant> out;
  for (const auto& document : stream->documents) {
    out.push_back({.kind = std::string(document.text(document.root(), {"kind"})),
                   .what = "difference",
                   .bytes = std::string(document.bytes())});
  }
  return out;
}

std::vector<Mutant> mutants(std::size_t per_kind, std::uint32_t seed) {
  const auto all = seeds();
  Donors donors;
  std::map<std::string, std::vector<const yaml::Value*>> by_kind;
  for (const yaml::Value& manifest : all) {
    donors.collect(manifest);
    by_kind[std::string(manifest.text_at({"kind"}))].push_back(&manifest);
  }
  std::vector<Mutant> out;
  std::uint32_t number = 0;
  for (const auto& [kind, of_kind] : by_kind) {
    Random random(seed + 1000 * number++);  // kinds do not move each other's mutants
    for (std::size_t i = 0; i < per_kind; ++i) {
      out.push_back(mutate(*of_kind[random.below(of_kind.size())], donors, random));
    }
  }
  return out;
}

std::string stream_of(const std::vector<Mutant>& mutants, std::vector<std::uint32_t>& begins) {
  std::string out;
  std::uint32_t line = 1;
  for (const Mutant& mutant : mutants) {
    out += "---\n" + mutant.bytes;
    begins.push_back(line + 1);
    line +=
        1 + static_cast<std::uint32_t>(std::count(mutant.bytes.begin(), mutant.bytes.end(), '\n'));
  }
  return out;
}

std::vector<std::string> verdicts_of(const std::string& file,
                                     const std::vector<std::uint32_t>& begins) {
  validate::Options options;
  options.versions = {*schema::parse_kube_version("1.33")};
  cli::Common common;
  common.inputs = {file};
  common.jobs = 2;
  const auto report = validate::run(options, common);
  if (!report) {
    throw std::runtime_error(report.error().message);
  }
  std::vector<std::string> out(begins.size());
  for (const diag::Finding& finding : report->findings) {
    if (finding.severity != diag::Severity::error || finding.code == "meta/duplicate-object") {
      continue;
    }
    const auto after = std::upper_bound(begins.begin(), begins.end(), finding.location.line);
    const auto at = static_cast<std::size_t>(after - begins.begin());
    if (at != 0 && out[at - 1].empty()) {
      out[at - 1] = finding.message + " [" + finding.code + "]";
    }
  }
  return out;
}

}  // namespace sluice::test
