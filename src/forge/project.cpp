// SPDX-License-Identifier: Apache-2.0
#include "forge/project.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::forge {

namespace {

struct Address {
  std::string scheme, host, path;  ///< the host with its port, the path without ".git" and slashes
};

std::string_view without_ends(std::string_view path) {
  while (path.starts_with('/')) {
    path.remove_prefix(1);
  }
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return path.ends_with(".git") ? path.substr(0, path.size() - 4) : path;
}

Address take_apart(std::string_view text) {
  Address address;
  const std::size_t scheme = text.find("://");
  std::string_view rest = text;
  char separator = '/';
  if (scheme != std::string_view::npos) {
    address.scheme = text.substr(0, scheme);
    rest = text.substr(scheme + 3);
  } else if (text.find(':') != std::string_view::npos && !text.starts_with('/')) {
    address.scheme = "ssh";
    separator = ':';
  } else {
    return address;
  }
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view authority = rest.substr(0, end);
  const std::size_t user = authority.rfind('@');
  address.host = authority.substr(user == std::string_view::npos ? 0 : user + 1);
  address.path = without_ends(rest.substr(std::min(end + 1, rest.size())));
  return address;
}

std::string_view without_port(std::string_view host) {
  return host.substr(0, host.find(':'));
}

std::string kind_of(const Address& address, const Hints& hints) {
  if (!hints.kind.empty()) {
    return hints.kind;
  }
  const std::string host = text::to_lower(without_port(address.host));
  return host.starts_with("github.") || host.find(".github.") != std::string::npos   ? "github"
         : host.starts_with("gitlab.") || host.find(".gitlab.") != std::string::npos ? "gitlab"
                                                                                     : "";
}

std::string default_api(Kind kind, const Address& address) {
  // An API is asked over https even where Git goes over SSH, whose port is another.
  const bool web = address.scheme == "https" || address.scheme == "http";
  const std::string base = web ? address.scheme + "://" + address.host
                               : "https://" + std::string(without_port(address.host));
  if (kind == Kind::gitlab) {
    return base + "/api/v4";
  }
  return without_port(address.host) == "github.com" ? "https://api.github.com" : base + "/api/v3";
}

}  // namespace

Result<Project> project_of(std::string_view repository, const Hints& hints) {
  const Address address = take_apart(repository);
  const std::string kind = kind_of(address, hints);
  if (kind != "github" && kind != "gitlab") {
    return Error{
        Error::Kind::usage,
        "it is not known which forge " +
            text::printable(address.host.empty() ? std::string(repository) : address.host) +
            " is: say --forge github or --forge gitlab"};
  }
  Project project{.kind = kind == "github" ? Kind::github : Kind::gitlab};
  project.api = hints.api.empty() ? std::string() : std::string(hints.api);
  while (project.api.ends_with('/')) {
    project.api.pop_back();
  }
  project.path = hints.project.empty() ? address.path : std::string(without_ends(hints.project));
  if (project.api.empty() && address.host.empty()) {
    return Error{Error::Kind::usage, "the repository's address names no host: say --forge-url URL"};
  }
  if (project.api.empty()) {
    project.api = default_api(project.kind, address);
  }
  const auto slashes = std::ranges::count(project.path, '/');
  if (slashes == 0 || (project.kind == Kind::github && slashes != 1) || project.path.empty()) {
    return Error{Error::Kind::usage, "\"" + text::printable(project.path) +
                                         "\" is no project such as owner/name: say --project"};
  }
  return project;
}

std::string graphql_of(const Project& project) {
  constexpr std::string_view rest = "/api/v3";
  return project.api.ends_with(rest)
             ? project.api.substr(0, project.api.size() - rest.size()) + "/api/graphql"
             : project.api + "/graphql";
}

}  // namespace sluice::forge
