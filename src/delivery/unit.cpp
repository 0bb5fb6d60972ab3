// SPDX-License-Identifier: Apache-2.0
#include "delivery/unit.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::delivery {

bool Repository::has_file(const std::string& path) const {
  return std::binary_search(files.begin(), files.end(), path);
}

bool Repository::has_folder(const std::string& path) const {
  if (path.empty() || path == ".") {
    return true;
  }
  const std::string prefix = path + "/";
  const auto first = std::lower_bound(files.begin(), files.end(), prefix);
  return first != files.end() && first->starts_with(prefix);
}

namespace {

struct Scheme {
  std::string_view name;
  std::string_view port;
};

constexpr Scheme schemes[] = {
    {"https", ":443"}, {"http", ":80"}, {"ssh", ":22"}, {"git+ssh", ":22"}, {"git", ":9418"}};

/// "git@host:team/repo" is ssh's short form: a colon before any slash that no port follows.
std::string without_short_form(std::string_view url) {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || url.substr(0, colon).find('/') != std::string_view::npos) {
    return std::string(url);
  }
  return std::string(url.substr(0, colon)) + "/" + std::string(url.substr(colon + 1));
}

}  // namespace

std::string normalise_url(std::string_view url) {
  url = text::trim(url);
  std::string_view port;
  bool with_scheme = false;
  if (const auto mark = url.find("://"); mark != std::string_view::npos) {
    const auto name = text::to_lower(url.substr(0, mark));
    for (const auto& scheme : schemes) {
      if (scheme.name == name) {
        port = scheme.port;
        with_scheme = true;
        url.remove_prefix(mark + 3);
        break;
      }
    }
  }
  auto authority = url.substr(0, url.find('/'));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.remove_prefix(at + 1);
  }
  std::string rest = with_scheme ? std::string(url) : without_short_form(url);
  const auto slash = std::min(rest.find('/'), rest.size());
  std::string host = text::to_lower(rest.substr(0, slash));
  if (!port.empty() && host.ends_with(port)) {
    host.resize(host.size() - port.size());
  }
  std::string path = rest.substr(slash);
  while (path.ends_with('/')) {
    path.pop_back();
  }
  if (path.ends_with(".git")) {
    path.resize(path.size() - 4);
  }
  return host + path;
}

Ours is_ours(const Repository& repository, std::string_view url, const std::string& path) {
  if (!repository.urls_known) {
    const bool here = repository.has_folder(path) || repository.has_file(path);
    return here ? Ours::assumed : Ours::no;
  }
  const auto wanted = normalise_url(url);
  const bool found = std::any_of(repository.urls.begin(), repository.urls.end(),
                                 [&](const auto& known) { return normalise_url(known) == wanted; });
  return found ? Ours::yes : Ours::no;
}

namespace {

void forget_places(Unit& unit) {
  unit.chain.clear();
  unit.defined_at = {};
  if (unit.substitute) {
    unit.substitute->at = {};
  }
  if (auto* helm = std::get_if<HelmSource>(&unit.source)) {
    helm->values_at = {};
    for (auto& file : helm->values_files) {
      file.named_at = {};
    }
  }
}

}  // namespace

bool same_definition(Unit a, Unit b) {
  forget_places(a);
  forget_places(b);
  return a == b;
}

}  // namespace sluice::delivery
