// SPDX-License-Identifier: Apache-2.0
#include "gate/report.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::gate {
namespace {

constexpr std::array<std::string_view, 7> severities = {"none", "info",     "low",    "medium",
                                                        "high", "critical", "unknown"};
constexpr std::array<std::string_view, 6> classes = {
    "vulnerability", "misconfiguration", "secret", "license", "code", "test"};

constexpr std::array<std::pair<std::string_view, Severity>, 19> words = {{
    {"none", Severity::none},          {"info", Severity::info},
    {"informational", Severity::info}, {"note", Severity::info},
    {"negligible", Severity::info},    {"inventory", Severity::info},
    {"experiment", Severity::info},    {"low", Severity::low},
    {"minor", Severity::low},          {"medium", Severity::medium},
    {"moderate", Severity::medium},    {"warning", Severity::medium},
    {"high", Severity::high},          {"important", Severity::high},
    {"error", Severity::high},         {"critical", Severity::critical},
    {"unknown", Severity::unknown},    {"undefined", Severity::unknown},
    {"untriaged", Severity::unknown},
}};

/// "pkg:deb/debian/openssl@1.1?arch=x" without version and qualifiers.
std::string_view bare(std::string_view purl) {
  purl = purl.substr(0, purl.find_first_of("?#"));
  const std::size_t at = purl.rfind('@');
  return at != std::string_view::npos && purl.find('/', at) == std::string_view::npos
             ? purl.substr(0, at)
             : purl;
}

}  // namespace

std::string_view name(Severity severity) {
  return severities.at(static_cast<std::size_t>(severity));
}

std::string_view name(Class what) {
  return classes.at(static_cast<std::size_t>(what));
}

std::optional<Class> class_of(std::string_view word) {
  const auto found = std::ranges::find(classes, word);
  if (found == classes.end()) {
    return std::nullopt;
  }
  return static_cast<Class>(found - classes.begin());
}

std::optional<Severity> severity_of(std::string_view word) {
  if (word.size() > 20) {
    return std::nullopt;
  }
  const std::string lower = text::to_lower(word);
  const auto found =
      std::ranges::find(words, std::string_view(lower), &decltype(words)::value_type::first);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

Severity higher(Severity a, Severity b) {
  if (a == Severity::unknown || b == Severity::unknown) {
    return a == Severity::unknown ? b : a;
  }
  return std::max(a, b);
}

std::string Finding::key() const {
  const std::string_view thing = purl.empty() ? std::string_view(package) : bare(purl);
  std::string key(name(what));
  for (const std::string_view part :
       {std::string_view(id), thing, std::string_view(path), std::string_view(digest)}) {
    key += '|';
    key += text::replace_all(std::string(part), "|", "%7C");
  }
  return key;
}

void salt_digests(std::string_view salt, Report& report) {
  for (Finding& finding : report.findings) {
    if (!finding.digest.empty()) {
      finding.digest =
          salt.empty() ? "" : hex(sha256(std::string(salt) + '\n' + finding.digest)).substr(0, 32);
    }
  }
}

}  // namespace sluice::gate
