// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/exchange.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Inside of src/git only: what the transport's parent and child say to each other.
namespace sluice::git {

struct Request {
  enum class What : std::uint8_t { fetch, push };
  What what = What::fetch;
  std::string repository;
  std::string url;
  std::string home;  ///< folder that holds .ssh/known_hosts, and nothing else
  Push push;         ///< of a fetch only the branch
  int parent = 0;    ///< process without which there is nobody to answer
  Access access;
};

/// What happened, before the branch is read again.
struct Reply {
  Outcome outcome = Outcome::unreachable;
  std::string tip;  ///< fetch: the branch; push: not set
  std::string message;
  /// Whether the server may have the push: false only when nothing was sent.
  enum class Sent : std::uint8_t { no, perhaps };
  Sent sent = Sent::no;
  /// Whose trouble it is; `here` becomes an Error of kind io.
  enum class Side : std::uint8_t { there, here };
  Side side = Side::there;
};

std::string to_json(const Request& request);
Result<Request> read_request(std::string_view json);
std::string to_json(const Reply& reply);
Result<Reply> read_reply(std::string_view json);

}  // namespace sluice::git
