// SPDX-License-Identifier: Apache-2.0
#include "git/wire.hpp"

#include <nlohmann/json.hpp>

namespace sluice::git {

namespace {

using nlohmann::json;

/// Both ends are the same version of Sluice; that is checked, because an old sluice-git may be
/// first on PATH.
constexpr int version = 1;

json parse(std::string_view text) {
  return json::parse(text);
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

Error not_understood(const json::exception& e) {
  return {Error::Kind::parse, std::string("transport: ") + e.what()};
}

}  // namespace

std::string to_json(const Request& request) {
  const Access& access = request.access;
  return dump({{"version", version},
               {"what", request.what},
               {"repository", request.repository},
               {"url", request.url},
               {"home", request.home},
               {"branch", request.push.branch},
               {"expected", request.push.expected},
               {"commit", request.push.commit},
               {"parent", request.parent},
               {"token", access.token.reveal()},
               {"tokenUser", access.token_user},
               {"sshKey", access.ssh_key},
               {"knownHosts", access.known_hosts},
               {"caFile", access.ca_file},
               {"proxy", access.proxy},
               {"silence", access.silence.count()}});
}

Result<Request> read_request(std::string_view text) try {
  const json value = parse(text);
  if (value.at("version") != version) {
    return Error{Error::Kind::unsupported,
                 "sluice-git is of another version: install all of Sluice"};
  }
  Request request;
  value.at("what").get_to(request.what);
  value.at("repository").get_to(request.repository);
  value.at("url").get_to(request.url);
  value.at("home").get_to(request.home);
  value.at("branch").get_to(request.push.branch);
  value.at("expected").get_to(request.push.expected);
  value.at("commit").get_to(request.push.commit);
  value.at("parent").get_to(request.parent);
  Access& access = request.access;
  access.token = Secret(value.at("token").get<std::string>());
  value.at("tokenUser").get_to(access.token_user);
  value.at("sshKey").get_to(access.ssh_key);
  value.at("knownHosts").get_to(access.known_hosts);
  value.at("caFile").get_to(access.ca_file);
  value.at("proxy").get_to(access.proxy);
  access.silence = std::chrono::milliseconds(value.at("silence").get<std::int64_t>());
  return request;
} catch (const json::exception& e) {
  return not_understood(e);
}

std::string to_json(const Reply& reply) {
  return dump({{"version", version},
               {"outcome", reply.outcome},
               {"tip", reply.tip},
               {"message", reply.message},
               {"sent", reply.sent},
               {"side", reply.side}}) +
         '\n';
}

Result<Reply> read_reply(std::string_view text) try {
  const json value = parse(text);
  if (value.at("version") != version) {
    return Error{Error::Kind::unsupported,
                 "sluice-git is of another version: install all of Sluice"};
  }
  Reply reply;
  value.at("outcome").get_to(reply.outcome);
  value.at("tip").get_to(reply.tip);
  value.at("message").get_to(reply.message);
  value.at("sent").get_to(reply.sent);
  value.at("side").get_to(reply.side);
  return reply;
} catch (const json::exception& e) {
  return not_understood(e);
}

}  // namespace sluice::git
