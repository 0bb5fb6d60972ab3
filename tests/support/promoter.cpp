// SPDX-License-Identifier: Apache-2.0
#include "support/promoter.hpp"

#include <cstdlib>

namespace sluice::test {

git::Access access_to(const GitServer& server, GitServer::Kind kind, const std::string& token) {
  git::Access access;
  access.token = git::Secret(token);
  if (kind == GitServer::Kind::https) {
    access.ca_file = server.ca_file();
  }
  if (kind == GitServer::Kind::ssh) {
    access.ssh_key = server.key();
    access.known_hosts = server.known_hosts();
  }
  return access;
}

git::Draft draft_of(const std::string& parent, const std::string& path, const std::string& bytes) {
  const git::Person person{"Robot", "robot@example.com"};
  return {.parent = parent,
          .files = {{path, bytes}},
          .author = person,
          .committer = person,
          .time = 1'700'000'100,
          .message = "Change " + path + "\n"};
}

git::Edit increment(git::Upstream& upstream, const std::string& path, const std::string& id) {
  return [&upstream, path, id](const std::string& tip) -> Result<std::optional<git::Draft>> {
    git::FileBytes file;
    SLUICE_TRY_ASSIGN(file, upstream.read(tip, path));
    if (file.bytes.find('\n' + id + '\n') != std::string::npos) {
      return std::optional<git::Draft>();
    }
    const std::string rest = file.bytes.substr(file.bytes.find('\n'));
    git::Draft draft =
        draft_of(tip, path, std::to_string(std::atoi(file.bytes.c_str()) + 1) + rest + id + '\n');
    draft.message = "Promote " + path + "\n\nPromotion-Id: " + id + '\n';
    return std::optional(std::move(draft));
  };
}

}  // namespace sluice::test
